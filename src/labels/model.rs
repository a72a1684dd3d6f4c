//! Labels as rows.

use crate::ids;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::schema::labels;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde::Serialize;

ids! {
    /// A label of the tenant's.
    LabelId,
}

/// Labels that a tenant may have.
pub const MOST: i64 = 500;

/// The palette, as `labels.colour` names it.
pub const COLOURS: &[&str] = &["grey", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"];

#[auto_type]
fn of(tenant: TenantId) -> _ {
    labels::table.filter(labels::tenant_id.eq(tenant))
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = labels)]
pub struct Label {
    pub id: LabelId,
    pub name: String,
    /// One of [`COLOURS`].
    pub colour: String,
    pub description: Option<String>,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a form says about one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, AsChangeset, Insertable)]
#[diesel(table_name = labels, treat_none_as_null = true)]
pub struct LabelData {
    pub name: String,
    pub colour: String,
    pub description: Option<String>,
}

impl LabelData {
    fn of(label: Label) -> Self {
        Self { name: label.name, colour: label.colour, description: label.description }
    }
}

/// By name; the deleted ones, or the others.
pub fn list(conn: &mut PgConnection, tenant: TenantId, is_deleted: bool) -> Result<Vec<Label>> {
    let rows = of(tenant)
        .filter(labels::deleted_at.is_not_null().eq(is_deleted))
        .order((labels::name, labels::id))
        .limit(MOST)
        .select(Label::as_select())
        .load(conn)?;
    Ok(rows)
}

/// Those asked for, also deleted ones.
pub fn some(conn: &mut PgConnection, tenant: TenantId, ids: &[LabelId]) -> Result<Vec<Label>> {
    Ok(of(tenant).filter(labels::id.eq_any(ids)).select(Label::as_select()).load(conn)?)
}

/// Also a deleted one.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: LabelId) -> Result<Label> {
    Ok(of(tenant).filter(labels::id.eq(id)).select(Label::as_select()).first(conn)?)
}

/// # Errors
/// `Taken("labels_name_taken")`; `Refused` when there are [`MOST`].
pub fn create(conn: &mut PgConnection, tenant: TenantId, data: &LabelData) -> Result<LabelId> {
    let count: i64 = of(tenant).filter(labels::deleted_at.is_null()).count().get_result(conn)?;
    if count >= MOST {
        return Err(Error::Refused(format!("There are {MOST} labels already. Delete one that nobody uses.")));
    }
    let id = LabelId::new();
    diesel::insert_into(labels::table).values((labels::tenant_id.eq(tenant), labels::id.eq(id), data)).execute(conn)?;
    audit::record(conn, tenant, &Entry::new("created", "labels", id.get()).after(data))?;
    Ok(id)
}

/// # Errors
/// `NotFound`; `Taken("labels_name_taken")`.
pub fn edit(conn: &mut PgConnection, tenant: TenantId, id: LabelId, data: &LabelData) -> Result<()> {
    let before = LabelData::of(find(conn, tenant, id)?);
    if before == *data {
        return Ok(());
    }
    let this = of(tenant).filter(labels::id.eq(id));
    diesel::update(this).set((data, labels::updated_at.eq(Utc::now()))).execute(conn)?;
    audit::record(conn, tenant, &Entry::new("changed", "labels", id.get()).changed(&before, data))
}

/// Takes it out of sight everywhere; restored, it sticks where it stuck.
///
/// # Errors
/// `NotFound`.
pub fn delete(conn: &mut PgConnection, tenant: TenantId, id: LabelId) -> Result<()> {
    let label = find(conn, tenant, id)?;
    if label.deleted_at.is_some() {
        return Ok(());
    }
    let this = of(tenant).filter(labels::id.eq(id));
    diesel::update(this).set(labels::deleted_at.eq(Utc::now())).execute(conn)?;
    audit::record(conn, tenant, &Entry::new("deleted", "labels", id.get()).before(LabelData::of(label)))
}

/// # Errors
/// `NotFound`; `Taken("labels_name_taken")` when another has its name by now.
pub fn restore(conn: &mut PgConnection, tenant: TenantId, id: LabelId) -> Result<()> {
    let label = find(conn, tenant, id)?;
    if label.deleted_at.is_none() {
        return Ok(());
    }
    let this = of(tenant).filter(labels::id.eq(id));
    diesel::update(this).set(labels::deleted_at.eq(None::<DateTime<Utc>>)).execute(conn)?;
    audit::record(conn, tenant, &Entry::new("restored", "labels", id.get()).after(LabelData::of(label)))
}
