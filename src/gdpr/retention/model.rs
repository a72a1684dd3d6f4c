//! Rules as rows, in their order: of those that fit a customer the first counts.

use crate::customers::model::{CustomerState, CustomerType};
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::schema::{labels, retention_rules as rules};
use crate::users::model::UserId;
use crate::{ids, pg_enum};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

ids! {
    /// How long some customers are kept.
    RuleId,
}

pg_enum! {
    Action over RetentionAction { Archive = "archive", Delete = "delete", Erase = "erase" }
}

/// Rules that a tenant may have.
pub const MOST: i64 = 100;
/// The kind of the event that says that rules changed.
pub const RULES_CHANGED: &str = "retention_changed";

#[auto_type]
fn of(tenant: TenantId) -> _ {
    rules::table.filter(rules::tenant_id.eq(tenant)).filter(rules::deleted_at.is_null())
}

#[auto_type]
fn labels_of(tenant: TenantId) -> _ {
    labels::table.filter(labels::tenant_id.eq(tenant)).filter(labels::deleted_at.is_null())
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = rules)]
pub struct Rule {
    pub id: RuleId,
    pub name: String,
    pub action: Action,
    pub customer_type: Option<CustomerType>,
    pub state: Option<CustomerState>,
    pub label_id: Option<Uuid>,
    pub idle_days: i32,
    pub is_active: bool,
    pub edited_by: UserId,
    pub last_run_at: Option<DateTime<Utc>>,
    /// Customers whom it met then.
    pub last_count: i32,
}

/// What can be chosen of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, AsChangeset, Insertable)]
#[diesel(table_name = rules, treat_none_as_null = true)]
pub struct RuleData {
    pub name: String,
    pub action: Action,
    pub customer_type: Option<CustomerType>,
    pub state: Option<CustomerState>,
    pub label_id: Option<Uuid>,
    pub idle_days: i32,
}

impl RuleData {
    pub fn of(rule: &Rule) -> Self {
        Self {
            name: rule.name.clone(),
            action: rule.action,
            customer_type: rule.customer_type,
            state: rule.state,
            label_id: rule.label_id,
            idle_days: rule.idle_days,
        }
    }
}

/// In their order.
pub fn list(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<Rule>> {
    Ok(of(tenant).order((rules::position, rules::id)).limit(MOST).select(Rule::as_select()).load(conn)?)
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: RuleId) -> Result<Rule> {
    Ok(of(tenant).filter(rules::id.eq(id)).select(Rule::as_select()).first(conn)?)
}

/// Labels that a rule can be about, by name.
pub fn labels(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<(Uuid, String)>> {
    let rows = labels_of(tenant).order((labels::name, labels::id)).limit(1000).select((labels::id, labels::name));
    Ok(rows.load(conn)?)
}

/// Makes a rule, the last in order and at rest: whoever makes it looks first whom it would meet.
///
/// # Errors
/// `Taken("retention_rules_name_taken")`; `Refused` beyond [`MOST`].
pub fn create(conn: &mut PgConnection, tenant: TenantId, data: &RuleData, by: UserId) -> Result<RuleId> {
    let count: i64 = of(tenant).count().get_result(conn)?;
    if count >= MOST {
        return Err(Error::Refused(format!("There are {MOST} rules already, which is as many as there may be.")));
    }
    let id = RuleId::new();
    let last: Option<i32> = of(tenant).select(diesel::dsl::max(rules::position)).first(conn)?;
    diesel::insert_into(rules::table)
        .values((
            rules::tenant_id.eq(tenant),
            rules::id.eq(id),
            rules::position.eq(last.unwrap_or(0) + 1),
            rules::edited_by.eq(by),
            data,
        ))
        .execute(conn)?;
    audit::record(conn, tenant, &Entry::new("created", "retention_rules", id.get()).after(data))?;
    live::announce(conn, tenant, RULES_CHANGED, id.get())?;
    Ok(id)
}

/// Changes a rule, which rests from then on, so that nobody is met unseen.
///
/// # Errors
/// `NotFound`; `Taken` as for [`create`].
pub fn edit(conn: &mut PgConnection, tenant: TenantId, id: RuleId, data: &RuleData, by: UserId) -> Result<()> {
    let this = || of(tenant).filter(rules::id.eq(id));
    let old: Rule = this().select(Rule::as_select()).for_no_key_update().first(conn)?;
    let before = RuleData::of(&old);
    if before == *data {
        return Ok(());
    }
    let is_renamed_only = RuleData { name: data.name.clone(), ..before.clone() } == *data;
    let stays = old.is_active && is_renamed_only;
    let set = (data, rules::is_active.eq(stays), rules::edited_by.eq(by), rules::updated_at.eq(Utc::now()));
    diesel::update(this()).set(set).execute(conn)?;
    audit::record(conn, tenant, &Entry::new("changed", "retention_rules", id.get()).changed(&before, data))?;
    live::announce(conn, tenant, RULES_CHANGED, id.get())
}

/// Turns a rule on or off.
pub fn set_active(conn: &mut PgConnection, tenant: TenantId, id: RuleId, is_active: bool, by: UserId) -> Result<()> {
    find(conn, tenant, id)?;
    let set = (rules::is_active.eq(is_active), rules::edited_by.eq(by), rules::updated_at.eq(Utc::now()));
    let this = of(tenant).filter(rules::id.eq(id)).filter(rules::is_active.ne(is_active));
    if diesel::update(this).set(set).execute(conn)? == 0 {
        return Ok(());
    }
    let entry = Entry::new("changed", "retention_rules", id.get());
    audit::record(
        conn,
        tenant,
        &entry.changed(&json!({ "is_active": !is_active }), &json!({ "is_active": is_active })),
    )?;
    live::announce(conn, tenant, RULES_CHANGED, id.get())
}

/// Before the rule that stood before it; the first stays where it is.
pub fn promote(conn: &mut PgConnection, tenant: TenantId, id: RuleId) -> Result<()> {
    find(conn, tenant, id)?;
    let all: Vec<(RuleId, i32)> = of(tenant)
        .order((rules::position, rules::id))
        .limit(MOST)
        .select((rules::id, rules::position))
        .for_update()
        .load(conn)?;
    let Some(at) = all.iter().position(|(other, _)| *other == id).filter(|at| *at > 0) else { return Ok(()) };
    let mut order: Vec<RuleId> = all.iter().map(|(id, _)| *id).collect();
    order.swap(at, at - 1);
    for (place, rule) in (1..).zip(order) {
        diesel::update(of(tenant).filter(rules::id.eq(rule))).set(rules::position.eq(place)).execute(conn)?;
    }
    let entry = Entry::new("changed", "retention_rules", id.get());
    audit::record(conn, tenant, &entry.changed(&json!({ "place": at + 1 }), &json!({ "place": at })))?;
    live::announce(conn, tenant, RULES_CHANGED, id.get())
}

/// Takes a rule away.
pub fn delete(conn: &mut PgConnection, tenant: TenantId, id: RuleId) -> Result<()> {
    let rule = find(conn, tenant, id)?;
    let now = Utc::now();
    let set = (rules::deleted_at.eq(now), rules::is_active.eq(false), rules::updated_at.eq(now));
    diesel::update(of(tenant).filter(rules::id.eq(id))).set(set).execute(conn)?;
    audit::record(conn, tenant, &Entry::new("deleted", "retention_rules", id.get()).before(RuleData::of(&rule)))?;
    live::announce(conn, tenant, RULES_CHANGED, id.get())
}

/// Notes how many customers a rule has met in a run.
pub(super) fn met(conn: &mut PgConnection, tenant: TenantId, id: RuleId, count: i32, is_new_run: bool) -> Result<()> {
    let before = if is_new_run { 0 } else { find(conn, tenant, id).map_or(0, |rule| rule.last_count) };
    let set = (rules::last_run_at.eq(Utc::now()), rules::last_count.eq(before + count));
    diesel::update(of(tenant).filter(rules::id.eq(id))).set(set).execute(conn)?;
    Ok(())
}
