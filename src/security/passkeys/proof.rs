//! Whether a device's answer is its owner's: at sign-in, when nobody is known yet, and as the second factor of somebody who is.

use super::ceremonies::{self, Asker, Ceremony};
use super::model::{self, PasskeyId, of};
use super::party::Passkeys;
use crate::kit::audit;
use crate::kit::error::{Error, Result};
use crate::kit::tenant::{TenantId, TenantStatus};
use crate::schema::{passkeys, tenants, users};
use crate::security::factors;
use crate::security::throttle;
use crate::users::model::UserId;
use diesel::prelude::*;
use serde_json::{Value, json};
use std::net::IpAddr;
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

/// Begins a proof by any passkey, or by one of those of a user: what the browser is to ask the device for.
pub fn begin(conn: &mut PgConnection, party: &Passkeys, asker: &Asker, these: &[Vec<u8>]) -> Result<Value> {
    let (options, state) = party.challenge(these)?;
    ceremonies::keep(conn, asker, &options, &Ceremony::Proof { state })?;
    Ok(options)
}

/// Whose passkey an answer names, before it is known whether it is true.
pub struct Claim {
    pub tenant: Uuid,
    pub user: UserId,
    pub passkey: PasskeyId,
    /// Whether user and tenant are active.
    is_open: bool,
    state: DiscoverableAuthentication,
    address: Option<IpAddr>,
}

/// What is to be said of an answer at sign-in.
pub enum Arrival {
    Claimed(Box<Claim>),
    /// Too late, begun in another browser, or used before.
    Expired,
    /// Of no passkey that we know.
    Unknown,
}

/// Counts the try, uses its challenge up and finds out whose the answer claims to be. As the platform.
///
/// # Errors
/// `TooMany` after too many tries.
pub fn claim(
    conn: &mut PgConnection,
    asker: &Asker,
    address: Option<IpAddr>,
    answer: &PublicKeyCredential,
) -> Result<Arrival> {
    throttle::knock(conn, address)?;
    let taken = ceremonies::take(conn, asker, &answer.response.client_data_json)?;
    let Some(Ceremony::Proof { state }) = taken else { return Ok(Arrival::Expired) };
    let Some((tenant, passkey, user, handle, is_open)) = owner(conn, answer.get_credential_id())? else {
        return Ok(Arrival::Unknown);
    };
    // The device says by itself whose it is, and must be right.
    if answer.get_user_unique_id() != Some(handle.as_bytes()) {
        return Ok(Arrival::Unknown);
    }
    throttle::passkey(conn, address, passkey.get())?;
    Ok(Arrival::Claimed(Box::new(Claim { tenant, user, passkey, is_open, state, address })))
}

type Owner = (Uuid, PasskeyId, UserId, Uuid, bool);

/// Whose passkey that is. As the platform.
fn owner(conn: &mut PgConnection, credential_id: &[u8]) -> Result<Option<Owner>> {
    let of_user = users::tenant_id.eq(passkeys::tenant_id).and(users::id.eq(passkeys::user_id));
    let is_open = users::is_active
        .and(users::deleted_at.is_null())
        .and(tenants::status.eq(TenantStatus::Active).and(tenants::deleted_at.is_null()));
    let row = passkeys::table
        .inner_join(users::table.on(of_user))
        .inner_join(tenants::table.on(tenants::id.eq(passkeys::tenant_id)))
        .filter(passkeys::credential_id.eq(credential_id))
        .select((passkeys::tenant_id, passkeys::id, passkeys::user_id, passkeys::user_handle, is_open));
    Ok(row.first(conn).optional()?)
}

/// Whether the claim is true, which is written down; or why it is not, for [`refused`]: that is nobody's doing yet.
pub fn verify(
    conn: &mut PgConnection,
    tenant: TenantId,
    party: &Passkeys,
    claim: Claim,
    answer: &PublicKeyCredential,
) -> Result<Result<(), Why>> {
    if !claim.is_open {
        return Ok(Err("The account is not active"));
    }
    let fits = fits(conn, tenant, party, (claim.passkey, claim.state), answer)?;
    if fits.is_ok() {
        throttle::passkey_fitted(conn, claim.address, claim.passkey.get())?;
    }
    Ok(fits)
}

/// Why a passkey was turned away, for the log.
pub type Why = &'static str;

/// Whether the answer is that of a passkey of the user, who has shown their first factor. Tries are counted as those of codes.
///
/// # Errors
/// `TooMany` after too many tries.
pub fn of_user(
    conn: &mut PgConnection,
    tenant: TenantId,
    user: UserId,
    (party, asker): (&Passkeys, &Asker),
    answer: &PublicKeyCredential,
) -> Result<bool> {
    let counted = factors::counted(conn, user, |conn| {
        let taken = ceremonies::take(conn, asker, &answer.response.client_data_json)?;
        let Some(Ceremony::Proof { state }) = taken else { return Ok(None) };
        let own = of(tenant).filter(passkeys::user_id.eq(user));
        let named = own.filter(passkeys::credential_id.eq(answer.get_credential_id()));
        let found = named.select((passkeys::id, passkeys::user_handle)).first::<(PasskeyId, Uuid)>(conn).optional()?;
        // Asked for one of certain passkeys, a device need not say whose it is.
        let is_own = |handle: &Uuid| answer.get_user_unique_id().is_none_or(|told| told == handle.as_bytes());
        let Some((id, _)) = found.filter(|(_, handle)| is_own(handle)) else { return Ok(None) };
        match fits(conn, tenant, party, (id, state), answer)? {
            Ok(()) => Ok(Some(())),
            Err(why) => refused(conn, tenant, (user, id), why).map(|()| None),
        }
    });
    Ok(counted?.is_some())
}

fn fits(
    conn: &mut PgConnection,
    tenant: TenantId,
    party: &Passkeys,
    (id, state): (PasskeyId, DiscoverableAuthentication),
    answer: &PublicKeyCredential,
) -> Result<Result<(), Why>> {
    let mut credential = match model::credential(conn, tenant, id) {
        Err(Error::NotFound) => return Ok(Err("It was removed")), // a moment ago
        credential => credential?,
    };
    match party.proved(answer, state, &credential)? {
        Ok(proved) => {
            credential.update_credential(&proved);
            model::used(conn, tenant, id, &credential).map(Ok)
        }
        Err(why) => Ok(Err(why)),
    }
}

/// Writes down that a passkey was shown and turned away.
pub fn refused(conn: &mut PgConnection, tenant: TenantId, (user, id): (UserId, PasskeyId), why: Why) -> Result<()> {
    let after = json!({ "user": user.get(), "why": why });
    audit::record(conn, tenant, &audit::Entry::new("refused", "passkeys", id.get()).after(after))
}
