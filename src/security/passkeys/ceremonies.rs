//! Challenges that wait for their answer: each is answered once, within five minutes, by the browser that asked for it.

use crate::kit::error::Result;
use crate::schema::passkey_ceremonies;
use chrono::{Duration, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration};

const LIFE: Duration = Duration::minutes(5);

/// What an answer is checked against.
#[derive(Serialize, Deserialize)]
pub enum Ceremony {
    /// Of a passkey with that name, for the user with that handle.
    Registration {
        state: PasskeyRegistration,
        handle: Uuid,
        name: String,
    },
    Proof {
        state: DiscoverableAuthentication,
    },
}

/// Whose browser asks: a session, or a visitor by their cookie.
#[derive(Debug, Clone)]
pub struct Asker(Vec<u8>);

impl Asker {
    pub fn session(session: Uuid) -> Self {
        Self(digest(&format!("session:{session}")))
    }

    pub fn visitor(visitor: &str) -> Self {
        Self(digest(&format!("visitor:{visitor}")))
    }
}

/// Keeps the ceremony whose challenge is in `options`.
pub fn keep(conn: &mut PgConnection, asker: &Asker, options: &Value, ceremony: &Ceremony) -> Result<()> {
    purge(conn)?;
    diesel::insert_into(passkey_ceremonies::table)
        .values((
            passkey_ceremonies::key.eq(key(options)),
            passkey_ceremonies::asker.eq(&asker.0),
            passkey_ceremonies::state.eq(serde_json::to_value(ceremony)?),
            passkey_ceremonies::expires_at.eq(Utc::now() + LIFE),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes the ceremony whose challenge `client_data` answers, for good. None when it was answered before, is too old or
/// was begun by another browser.
pub fn take(conn: &mut PgConnection, asker: &Asker, client_data: &[u8]) -> Result<Option<Ceremony>> {
    let Ok(answered) = serde_json::from_slice::<Value>(client_data) else { return Ok(None) };
    let this = passkey_ceremonies::key.eq(key(&answered)).and(passkey_ceremonies::asker.eq(&asker.0));
    let fresh = passkey_ceremonies::table.filter(this).filter(passkey_ceremonies::expires_at.gt(Utc::now()));
    let state: Option<Value> =
        diesel::delete(fresh).returning(passkey_ceremonies::state).get_result(conn).optional()?;
    Ok(state.map(serde_json::from_value).transpose()?)
}

/// Forgets those that nobody has answered in time.
pub fn purge(conn: &mut PgConnection) -> Result<()> {
    let old = passkey_ceremonies::table.filter(passkey_ceremonies::expires_at.le(Utc::now()));
    diesel::delete(old).execute(conn)?;
    Ok(())
}

fn key(told: &Value) -> Vec<u8> {
    digest(told["challenge"].as_str().unwrap_or_default())
}

fn digest(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}
