//! Who is behind a session, as every request needs it; read fresh with the session, cached for seconds.

use super::permissions::Role;
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use actix_session::SessionExt;
use actix_web::HttpRequest;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The key under which the session store hands it over.
pub const SIGNED_IN: &str = "signed_in";
/// Stands in its place when the database could not be asked.
pub const AWAY: &str = "away";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignedIn {
    pub session: Uuid,
    pub user: Uuid,
    pub(in crate::kit) tenant: Uuid,
    pub tenant_name: String,
    pub role: Role,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub time_zone: Tz,
    /// light, dark or system.
    pub theme: String,
    /// The second factor is still owed: this is nobody but at the page that asks for it.
    pub(in crate::kit) is_pending: bool,
    pub has_second_factor: bool,
    /// The browser keeps the session's cookie when it is closed.
    pub stays_signed_in: bool,
    /// The organisation lets agents see everybody's conversations.
    pub agents_see_all: bool,
}

impl SignedIn {
    /// # Errors
    /// `SignedOut`, or `Busy` when it cannot be told who is.
    pub fn of(req: &HttpRequest) -> Result<Self> {
        Self::any(req).and_then(|who| if who.is_pending { Err(Error::SignedOut) } else { Ok(who) })
    }

    /// Who has shown the first factor and not yet the second.
    ///
    /// # Errors
    /// As [`Self::of`]; `SignedOut` for those who are signed in, too.
    pub(super) fn pending(req: &HttpRequest) -> Result<Self> {
        Self::any(req).and_then(|who| if who.is_pending { Ok(who) } else { Err(Error::SignedOut) })
    }

    fn any(req: &HttpRequest) -> Result<Self> {
        let session = req.get_session();
        match session.contains_key(AWAY) {
            true => Err(Error::Busy),
            false => session.get(SIGNED_IN).ok().flatten().ok_or(Error::SignedOut),
        }
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    pub(in crate::kit) fn tenant(&self) -> TenantId {
        TenantId::known(self.tenant)
    }
}
