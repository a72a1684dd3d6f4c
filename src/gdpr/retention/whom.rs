//! Whom a rule meets.

use super::model::{Action, Rule, RuleData};
use crate::customers::model::{CustomerId, CustomerState};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::{conversations, customer_labels, customers, erasures, legal_holds};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::{auto_type, exists, not};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Timestamptz};

/// A count goes no further.
pub const COUNTED: usize = 10_000;
/// Customers shown as a sample.
pub const SAMPLE: usize = 10;

#[diesel::declare_sql_function]
extern "SQL" {
    #[sql_name = "coalesce"]
    fn at_or(at: Nullable<Timestamptz>, otherwise: Timestamptz) -> Timestamptz;
}

#[auto_type]
fn of(tenant: TenantId) -> _ {
    customers::table.filter(customers::tenant_id.eq(tenant)).filter(customers::merged_into_id.is_null())
}

/// A rule's own terms, whether it is stored or only typed.
pub fn terms(rule: &Rule) -> RuleData {
    RuleData::of(rule)
}

/// The states from which a step leads on, for those that a rule does not choose itself.
fn states(terms: &RuleData) -> Vec<CustomerState> {
    let possible: &[CustomerState] = match terms.action {
        Action::Archive => &[CustomerState::Active, CustomerState::Suspended],
        Action::Delete => &[CustomerState::Active, CustomerState::Suspended, CustomerState::Archived],
        Action::Erase => {
            &[CustomerState::Active, CustomerState::Suspended, CustomerState::Archived, CustomerState::Deleted]
        }
    };
    possible.iter().copied().filter(|state| terms.state.is_none_or(|wanted| wanted == *state)).collect()
}

/// Whether the action leads anywhere from the state that the rule names.
pub fn is_possible(terms: &RuleData) -> bool {
    !states(terms).is_empty()
}

fn fitting(tenant: TenantId, terms: &RuleData, now: DateTime<Utc>) -> customers::BoxedQuery<'static, Pg> {
    let until = now - TimeDelta::days(terms.idle_days.into());
    let talk = conversations::table
        .filter(conversations::tenant_id.eq(customers::tenant_id))
        .filter(conversations::customer_id.eq(customers::id.nullable()))
        .filter(conversations::last_message_at.ge(until));
    let today = now.date_naive();
    let hold = legal_holds::table
        .filter(legal_holds::tenant_id.eq(customers::tenant_id))
        .filter(legal_holds::customer_id.eq(customers::id))
        .filter(legal_holds::ended_at.is_null())
        .filter(legal_holds::until.is_null().or(legal_holds::until.ge(today).assume_not_null()));
    let going = erasures::table
        .filter(erasures::tenant_id.eq(customers::tenant_id))
        .filter(erasures::customer_id.eq(customers::id));
    let mut rows = of(tenant)
        .filter(customers::state.eq_any(states(terms)))
        .filter(at_or(customers::last_seen_at, customers::created_at).lt(until))
        .filter(not(exists(talk)))
        .filter(not(exists(hold)))
        .filter(not(exists(going)))
        .into_boxed::<Pg>();
    if let Some(kind) = terms.customer_type {
        rows = rows.filter(customers::customer_type.eq(kind));
    }
    if let Some(label) = terms.label_id {
        let carries = customer_labels::table
            .filter(customer_labels::tenant_id.eq(customers::tenant_id))
            .filter(customer_labels::customer_id.eq(customers::id))
            .filter(customer_labels::label_id.eq(label));
        rows = rows.filter(exists(carries));
    }
    rows
}

/// Whom it would meet now: how many, counted to [`COUNTED`], and the first of them.
pub fn preview(conn: &mut PgConnection, tenant: TenantId, terms: &RuleData) -> Result<(usize, Vec<CustomerId>)> {
    let rows = fitting(tenant, terms, Utc::now()).limit(COUNTED as i64 + 1);
    let mut met: Vec<CustomerId> = rows.select(customers::id).load(conn)?;
    let count = met.len();
    met.sort();
    met.truncate(SAMPLE);
    Ok((count, met))
}

/// Whether it meets anybody.
pub fn meets(conn: &mut PgConnection, tenant: TenantId, terms: &RuleData) -> Result<bool> {
    let first: Option<CustomerId> =
        fitting(tenant, terms, Utc::now()).limit(1).select(customers::id).first(conn).optional()?;
    Ok(first.is_some())
}

/// The last of the `size` customers after `after`, by their ids, and how many they are: a window to work in.
pub fn window(
    conn: &mut PgConnection,
    tenant: TenantId,
    after: CustomerId,
    size: i64,
) -> Result<Option<(CustomerId, i64)>> {
    let ids = of(tenant).filter(customers::id.gt(after)).order(customers::id).limit(size).select(customers::id);
    let ids: Vec<CustomerId> = ids.load(conn)?;
    Ok(ids.last().map(|last| (*last, ids.len() as i64)))
}

/// Whom a rule meets in a window.
pub fn within(
    conn: &mut PgConnection,
    tenant: TenantId,
    terms: &RuleData,
    after: CustomerId,
    last: CustomerId,
) -> Result<Vec<CustomerId>> {
    let rows = fitting(tenant, terms, Utc::now()).filter(customers::id.gt(after).and(customers::id.le(last)));
    Ok(rows.order(customers::id).select(customers::id).load(conn)?)
}
