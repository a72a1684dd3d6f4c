//! Passkeys and their SQL.

use crate::ids;
use crate::kit::access::Role;
use crate::kit::audit;
use crate::kit::db::take_turns;
use crate::kit::error::{Error, Result};
use crate::kit::secret::Secret;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::passkeys;
use crate::security::{codes, factors};
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::Passkey as Credential;

ids! {
    /// A user's passkey.
    PasskeyId,
}

/// More than anybody has devices.
pub const MOST: i64 = 20;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = passkeys)]
pub struct Passkey {
    pub id: PasskeyId,
    pub name: String,
    pub last_used_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    passkeys::table.filter(passkeys::tenant_id.eq(tenant))
}

#[auto_type]
fn own_of(tenant: TenantId, user: UserId) -> _ {
    passkeys::table.filter(passkeys::tenant_id.eq(tenant)).filter(passkeys::user_id.eq(user))
}

/// The user's own, oldest first.
pub fn list(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<Vec<Passkey>> {
    Ok(own_of(tenant, user).order(passkeys::id).limit(MOST).select(Passkey::as_select()).load(conn)?)
}

/// # Errors
/// `NotFound` also for somebody else's.
pub fn find(conn: &mut PgConnection, tenant: TenantId, user: UserId, id: PasskeyId) -> Result<Passkey> {
    Ok(own_of(tenant, user).filter(passkeys::id.eq(id)).select(Passkey::as_select()).first(conn)?)
}

pub fn count(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<i64> {
    Ok(own_of(tenant, user).count().get_result(conn)?)
}

/// What the user's devices call them.
pub fn credential_ids(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<Vec<Vec<u8>>> {
    Ok(own_of(tenant, user).order(passkeys::id).limit(MOST).select(passkeys::credential_id).load(conn)?)
}

/// What all devices of a user call them; new for the first one.
pub fn handle(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<Uuid> {
    let known = own_of(tenant, user).order(passkeys::id).select(passkeys::user_handle).first(conn).optional()?;
    Ok(known.unwrap_or_else(Uuid::new_v4))
}

/// A passkey that its device has made.
pub struct New {
    pub name: String,
    pub holder: Uuid,
    pub credential: Credential,
}

/// Adds it; from now on sign-in asks this user for a second factor. Whoever gets their first one this way gets recovery
/// codes with it, to be shown once.
///
/// # Errors
/// `Taken("passkeys_credential_taken")` when it is somebody's already; `Refused` when the user has enough.
pub fn add(
    conn: &mut PgConnection,
    tenant: TenantId,
    user: UserId,
    vault: &Vault,
    new: &New,
) -> Result<Vec<Secret<String>>> {
    take_turns(conn, &turn_of(user))?;
    if count(conn, tenant, user)? >= MOST {
        return Err(Error::Refused(format!("You have {MOST} passkeys, which is the most. Remove one first.")));
    }
    let id = PasskeyId::new();
    diesel::insert_into(passkeys::table)
        .values((
            passkeys::tenant_id.eq(tenant),
            passkeys::id.eq(id),
            passkeys::user_id.eq(user),
            passkeys::name.eq(&new.name),
            passkeys::user_handle.eq(new.holder),
            passkeys::credential_id.eq(new.credential.cred_id()),
            passkeys::credential.eq(serde_json::to_value(&new.credential)?),
        ))
        .execute(conn)?;
    let after = json!({ "user": user.get(), "name": new.name });
    audit::record(conn, tenant, &audit::Entry::new("added", "passkeys", id.get()).after(after))?;
    let before = factors::state(conn, tenant, user)?;
    factors::enabled(conn, tenant, user)?;
    match before.since.is_none() {
        true => codes::renew(conn, tenant, user, vault),
        false => Ok(Vec::new()),
    }
}

/// The same for somebody who has to have a second factor before they get any further.
///
/// # Errors
/// As [`add`]; `Refused` when they have got one meanwhile: then that one is asked for.
pub fn add_first(
    conn: &mut PgConnection,
    tenant: TenantId,
    user: UserId,
    vault: &Vault,
    new: &New,
) -> Result<Vec<Secret<String>>> {
    take_turns(conn, &turn_of(user))?;
    match factors::state(conn, tenant, user)?.since {
        None => add(conn, tenant, user, vault, new),
        Some(_) => Err(Error::Refused("You have a second factor by now. Sign in anew and use that one.".into())),
    }
}

/// # Errors
/// `NotFound` also for somebody else's.
pub fn rename(conn: &mut PgConnection, tenant: TenantId, user: UserId, id: PasskeyId, name: &str) -> Result<()> {
    let before = find(conn, tenant, user, id)?;
    let own = own_of(tenant, user).filter(passkeys::id.eq(id));
    diesel::update(own).set((passkeys::name.eq(name), passkeys::updated_at.eq(Utc::now()))).execute(conn)?;
    let entry = audit::Entry::new("renamed", "passkeys", id.get());
    audit::record(conn, tenant, &entry.changed(&json!({ "name": before.name }), &json!({ "name": name })))
}

/// By its owner, in that role.
///
/// # Errors
/// `NotFound` also for somebody else's; `Refused` when it is the last second factor and the organisation wants one.
pub fn remove(conn: &mut PgConnection, tenant: TenantId, (user, role): (UserId, Role), id: PasskeyId) -> Result<()> {
    take_turns(conn, &turn_of(user))?;
    let own = own_of(tenant, user).filter(passkeys::id.eq(id));
    let name: String = diesel::delete(own).returning(passkeys::name).get_result(conn)?;
    let entry = audit::Entry::new("removed", "passkeys", id.get());
    audit::record(conn, tenant, &entry.before(json!({ "user": user.get(), "name": name })))?;
    factors::settle(conn, tenant, user, role)
}

/// All of them.
pub fn forget(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<()> {
    diesel::delete(own_of(tenant, user)).execute(conn)?;
    Ok(())
}

/// Additions and removals of one user's factors come one after the other.
pub fn turn_of(user: UserId) -> String {
    format!("factors:{user}")
}

/// Its public key and flags, locked until the transaction ends: two uses at once are counted one after the other.
pub(super) fn credential(conn: &mut PgConnection, tenant: TenantId, id: PasskeyId) -> Result<Credential> {
    let row = of(tenant).filter(passkeys::id.eq(id)).select(passkeys::credential).for_update();
    Ok(serde_json::from_value(row.first::<Value>(conn)?)?)
}

/// Writes down that somebody came in by it, with its count of uses.
pub(super) fn used(conn: &mut PgConnection, tenant: TenantId, id: PasskeyId, credential: &Credential) -> Result<()> {
    let (now, value) = (Utc::now(), serde_json::to_value(credential)?);
    diesel::update(of(tenant).filter(passkeys::id.eq(id)))
        .set((passkeys::credential.eq(value), passkeys::last_used_at.eq(now), passkeys::updated_at.eq(now)))
        .execute(conn)?;
    audit::record(conn, tenant, &audit::Entry::new("used", "passkeys", id.get()))
}
