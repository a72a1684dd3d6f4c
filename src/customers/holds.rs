//! Legal holds: customers whose data must be kept, for a court or a claim. They are placed and released at the GDPR desk;
//! whoever deletes or erases asks here.

use super::model::CustomerId;
use crate::ids;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::schema::legal_holds;
use crate::users::model::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use serde_json::json;
use std::collections::HashSet;

ids! {
    /// One hold on one customer.
    HoldId,
}

/// The kind of the event that says that a hold was placed or released.
pub const HOLD_CHANGED: &str = "hold_changed";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = legal_holds)]
pub struct Hold {
    pub id: HoldId,
    pub customer_id: CustomerId,
    pub reason: String,
    /// The last day; None: until it is released.
    pub until: Option<NaiveDate>,
    pub placed_by: Option<UserId>,
    pub ended_at: Option<DateTime<Utc>>,
    pub end_reason: Option<String>,
    pub ended_by: Option<UserId>,
    pub created_at: DateTime<Utc>,
}

impl Hold {
    pub fn is_standing(&self) -> bool {
        self.ended_at.is_none() && self.until.is_none_or(|until| until >= today())
    }
}

#[auto_type]
fn of(tenant: TenantId) -> _ {
    legal_holds::table.filter(legal_holds::tenant_id.eq(tenant))
}

#[auto_type]
fn standing(today: NaiveDate) -> _ {
    let has_time: diesel::dsl::GtEq<legal_holds::until, NaiveDate> = legal_holds::until.ge(today);
    legal_holds::ended_at.is_null().and(legal_holds::until.is_null().or(has_time.assume_not_null()))
}

fn today() -> NaiveDate {
    Utc::now().date_naive()
}

/// Whether a hold stands on this customer today.
pub fn is_held(conn: &mut PgConnection, tenant: TenantId, customer: CustomerId) -> Result<bool> {
    Ok(!held(conn, tenant, &[customer])?.is_empty())
}

/// Those of these customers on whom a hold stands today.
pub fn held(conn: &mut PgConnection, tenant: TenantId, customers: &[CustomerId]) -> Result<HashSet<CustomerId>> {
    let rows = of(tenant).filter(legal_holds::customer_id.eq_any(customers)).filter(standing(today()));
    let found: Vec<CustomerId> = rows.select(legal_holds::customer_id).load(conn)?;
    Ok(found.into_iter().collect())
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: HoldId) -> Result<Hold> {
    Ok(of(tenant).filter(legal_holds::id.eq(id)).select(Hold::as_select()).first(conn)?)
}

/// At most 50 of a customer, newest first.
pub fn of_customer(conn: &mut PgConnection, tenant: TenantId, customer: CustomerId) -> Result<Vec<Hold>> {
    let rows = of(tenant).filter(legal_holds::customer_id.eq(customer)).order(legal_holds::id.desc());
    Ok(rows.limit(50).select(Hold::as_select()).load(conn)?)
}

/// Newest first: those that stand, or those that are over. At most `size`, older than `after`.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    are_over: bool,
    after: Option<HoldId>,
    size: usize,
) -> Result<Vec<Hold>> {
    let mut rows = of(tenant).order(legal_holds::id.desc()).limit(size as i64).into_boxed::<Pg>();
    rows = match are_over {
        false => rows.filter(standing(today())),
        true => rows.filter(diesel::dsl::not(standing(today()))),
    };
    if let Some(after) = after {
        rows = rows.filter(legal_holds::id.lt(after));
    }
    Ok(rows.select(Hold::as_select()).load(conn)?)
}

/// Holds a customer's data from now on.
///
/// # Errors
/// `Refused` where there is nothing left to hold, or the last day lies behind.
pub fn place(
    conn: &mut PgConnection,
    tenant: TenantId,
    customer: CustomerId,
    reason: &str,
    until: Option<NaiveDate>,
    by: UserId,
) -> Result<HoldId> {
    if until.is_some_and(|until| until < today()) {
        return Err(Error::Refused("This day lies behind us.".into()));
    }
    super::states::refuse_erased(conn, tenant, customer)?;
    let id = HoldId::new();
    diesel::insert_into(legal_holds::table)
        .values((
            legal_holds::tenant_id.eq(tenant),
            legal_holds::id.eq(id),
            legal_holds::customer_id.eq(customer),
            legal_holds::reason.eq(reason),
            legal_holds::until.eq(until),
            legal_holds::placed_by.eq(by),
        ))
        .execute(conn)?;
    let after = json!({ "customer_id": customer, "reason": reason, "until": until });
    audit::record(conn, tenant, &Entry::new("held", "legal_holds", id.get()).after(after))?;
    live::announce(conn, tenant, HOLD_CHANGED, customer.get())?;
    Ok(id)
}

/// Ends a hold; ending twice is ending once. Answers whose it is.
///
/// # Errors
/// `NotFound`.
pub fn release(conn: &mut PgConnection, tenant: TenantId, id: HoldId, reason: &str, by: UserId) -> Result<CustomerId> {
    let this = || of(tenant).filter(legal_holds::id.eq(id));
    let customer: CustomerId = this().select(legal_holds::customer_id).first(conn)?;
    let now = Utc::now();
    let ended = diesel::update(this().filter(legal_holds::ended_at.is_null()))
        .set((
            legal_holds::ended_at.eq(now),
            legal_holds::end_reason.eq(reason),
            legal_holds::ended_by.eq(by),
            legal_holds::updated_at.eq(now),
        ))
        .execute(conn)?;
    if ended > 0 {
        let after = json!({ "customer_id": customer, "reason": reason });
        audit::record(conn, tenant, &Entry::new("released", "legal_holds", id.get()).after(after))?;
        live::announce(conn, tenant, HOLD_CHANGED, customer.get())?;
    }
    Ok(customer)
}
