//! The addresses of a customer: phone, WhatsApp chat, hidden id, email. An address belongs to one customer at a time.
//! The primary phone and email stand in the record, too.

use super::model::{CustomerId, Identity, IdentityId, IdentityKind, identities_of};
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::schema::customer_identities;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::json;

#[auto_type]
fn ever_of(tenant: TenantId, id: CustomerId) -> _ {
    customer_identities::table
        .filter(customer_identities::tenant_id.eq(tenant))
        .filter(customer_identities::customer_id.eq(id))
}

/// Makes `value` the customer's primary address of its kind, or takes the primary one out of its place when there is
/// none any more. The address that was primary stays known, unless nobody ever wrote from it.
///
/// # Errors
/// `Taken("customer_identities_taken")` when it belongs to another customer.
pub fn set_primary(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CustomerId,
    kind: IdentityKind,
    value: Option<&str>,
    source: &str,
) -> Result<()> {
    let of_kind = || {
        identities_of(tenant).filter(customer_identities::customer_id.eq(id).and(customer_identities::kind.eq(kind)))
    };
    let rows: Vec<(IdentityId, String, bool, bool)> = of_kind()
        .select((
            customer_identities::id,
            customer_identities::value,
            customer_identities::is_primary,
            customer_identities::is_verified,
        ))
        .load(conn)?;
    let now = Utc::now();
    for (old, ..) in rows.iter().filter(|(_, old, is_primary, _)| *is_primary && Some(old.as_str()) != value) {
        let this = || identities_of(tenant).filter(customer_identities::id.eq(*old));
        let is_proved = rows.iter().any(|(id, _, _, is_verified)| id == old && *is_verified);
        let gone = (!is_proved).then_some(now);
        let set = (
            customer_identities::is_primary.eq(false),
            customer_identities::deleted_at.eq(gone),
            customer_identities::updated_at.eq(now),
        );
        diesel::update(this()).set(set).execute(conn)?;
    }
    let Some(value) = value else { return Ok(()) };
    match rows.iter().find(|(_, known, ..)| known == value) {
        Some((_, _, true, _)) => Ok(()),
        Some((known, ..)) => {
            let set = (customer_identities::is_primary.eq(true), customer_identities::updated_at.eq(now));
            diesel::update(identities_of(tenant).filter(customer_identities::id.eq(*known))).set(set).execute(conn)?;
            Ok(())
        }
        None => add(conn, tenant, id, kind, value, source, true).map(drop),
    }
}

/// # Errors
/// `Taken("customer_identities_taken")` when the address belongs to another customer.
pub fn add(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CustomerId,
    kind: IdentityKind,
    value: &str,
    source: &str,
    is_primary: bool,
) -> Result<IdentityId> {
    let identity = IdentityId::new();
    diesel::insert_into(customer_identities::table)
        .values((
            customer_identities::tenant_id.eq(tenant),
            customer_identities::id.eq(identity),
            customer_identities::customer_id.eq(id),
            customer_identities::kind.eq(kind),
            customer_identities::value.eq(value),
            customer_identities::is_primary.eq(is_primary),
            customer_identities::source.eq(source),
        ))
        .execute(conn)?;
    let entry = Entry::new("learnt", "customer_identities", id.get());
    audit::record(conn, tenant, &entry.after(json!({ "kind": kind, "source": source })))?;
    Ok(identity)
}

/// Takes an address away that is not the primary one.
///
/// # Errors
/// `NotFound`; `Refused` for the primary one, which stands in the record.
pub fn forget(conn: &mut PgConnection, tenant: TenantId, id: CustomerId, identity: IdentityId) -> Result<()> {
    let this = || {
        identities_of(tenant).filter(customer_identities::id.eq(identity).and(customer_identities::customer_id.eq(id)))
    };
    let (kind, is_primary): (IdentityKind, bool) =
        this().select((customer_identities::kind, customer_identities::is_primary)).first(conn)?;
    if is_primary {
        return Err(Error::Refused("This address stands in the customer's record. Change it there.".into()));
    }
    diesel::update(this()).set(customer_identities::deleted_at.eq(Utc::now())).execute(conn)?;
    let entry = Entry::new("forgot", "customer_identities", id.get());
    audit::record(conn, tenant, &entry.before(json!({ "kind": kind })))
}

/// The addresses of a customer who is deleted at `now` reach nobody any more.
pub(super) fn rest(conn: &mut PgConnection, tenant: TenantId, id: CustomerId, now: DateTime<Utc>) -> Result<()> {
    diesel::update(ever_of(tenant, id).filter(customer_identities::deleted_at.is_null()))
        .set(customer_identities::deleted_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// The addresses that rest since the customer was deleted `at` reach them again, but for those that belong to another by
/// now.
pub(super) fn wake(conn: &mut PgConnection, tenant: TenantId, id: CustomerId, at: DateTime<Utc>) -> Result<()> {
    let rows: Vec<(IdentityId, IdentityKind, String)> = ever_of(tenant, id)
        .filter(customer_identities::deleted_at.eq(at))
        .select((customer_identities::id, customer_identities::kind, customer_identities::value))
        .load(conn)?;
    for (identity, kind, value) in rows {
        if holder(conn, tenant, kind, &value)?.is_some() {
            continue;
        }
        diesel::update(ever_of(tenant, id).filter(customer_identities::id.eq(identity)))
            .set(customer_identities::deleted_at.eq(None::<DateTime<Utc>>))
            .execute(conn)?;
    }
    Ok(())
}

/// The addresses that a deleted customer had, at most 50, oldest first.
pub fn resting(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<Vec<Identity>> {
    let rows = ever_of(tenant, id)
        .order((customer_identities::learnt_at, customer_identities::id))
        .limit(50)
        .select(Identity::as_select())
        .load(conn)?;
    Ok(rows)
}

/// Whose address it is.
pub fn holder(
    conn: &mut PgConnection,
    tenant: TenantId,
    kind: IdentityKind,
    value: &str,
) -> Result<Option<CustomerId>> {
    let this =
        identities_of(tenant).filter(customer_identities::kind.eq(kind).and(customer_identities::value.eq(value)));
    Ok(this.select(customer_identities::customer_id).first(conn).optional()?)
}
