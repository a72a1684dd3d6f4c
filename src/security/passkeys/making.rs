//! Making a passkey: what a device is asked for, and what comes of its answer.

use super::ceremonies::{self, Asker, Ceremony};
use super::model::{self, New};
use super::{Passkeys, party};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::users::model::UserId;
use diesel::PgConnection;
use serde_json::Value;
use webauthn_rs::prelude::RegisterPublicKeyCredential;

const LOST: &str =
    "This took too long, or the answer of your device does not fit. Nothing was kept; please begin again.";

/// Who makes one, and where they ask for it.
#[derive(Debug, Clone)]
pub struct Maker {
    pub user: UserId,
    pub asker: Asker,
    /// Their own name and address, as the device shows them.
    pub name: String,
    pub email: String,
}

/// What the device is asked for a passkey that will be `called` so.
///
/// # Errors
/// `Refused` where passkeys are not possible.
pub fn begin(
    conn: &mut PgConnection,
    tenant: TenantId,
    passkeys: &Passkeys,
    maker: Maker,
    called: String,
) -> Result<Value> {
    let handle = model::handle(conn, tenant, maker.user)?;
    let known = model::credential_ids(conn, tenant, maker.user)?;
    let holder = party::Holder { handle, name: maker.name, email: maker.email };
    let (options, state) = passkeys.registration(&holder, known)?;
    ceremonies::keep(conn, &maker.asker, &options, &Ceremony::Registration { state, handle, name: called })?;
    Ok(options)
}

/// What was asked for, which is used up by this, whatever the answer is worth.
pub fn take(conn: &mut PgConnection, asker: &Asker, answer: &RegisterPublicKeyCredential) -> Result<Option<Ceremony>> {
    ceremonies::take(conn, asker, &answer.response.client_data_json)
}

/// The passkey that the device has made.
///
/// # Errors
/// `Refused` when the answer does not fit what was asked for.
pub fn made(passkeys: &Passkeys, asked: Option<Ceremony>, answer: Option<&RegisterPublicKeyCredential>) -> Result<New> {
    let lost = || Error::Refused(LOST.into());
    let (Some(Ceremony::Registration { state, handle, name }), Some(answer)) = (asked, answer) else {
        return Err(lost());
    };
    let credential = passkeys.registered(answer, &state)?.ok_or_else(lost)?;
    Ok(New { name, holder: handle, credential })
}
