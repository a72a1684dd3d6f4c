//! How somebody proves who they are before a step that matters: with the password; without one, with a code; with
//! neither, by having signed in just now.

use super::factors::State;
use super::sessions::{self, SessionId};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::users::model::{self as users, UserId};
use diesel::PgConnection;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    #[default]
    Password,
    /// Of the app, or a recovery code.
    Code,
    /// They have just signed in.
    Fresh,
    /// They have to sign in anew.
    Stale,
}

/// That of a user in one of their sessions, who has these factors.
pub fn find(conn: &mut PgConnection, tenant: TenantId, user: UserId, session: SessionId, state: State) -> Result<Way> {
    Ok(match users::password_hash(conn, tenant, user)?.is_some() {
        true => Way::Password,
        false if state.codes_left > 0 => Way::Code,
        false if sessions::is_fresh(conn, tenant, session)? => Way::Fresh,
        false => Way::Stale,
    })
}
