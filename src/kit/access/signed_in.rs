//! Who is behind a session, as every request needs it; read fresh with the session, cached for seconds.

use super::permissions::{Permission, Role, ViewNumberHealth};
use crate::kit::error::{Error, Result};
use crate::kit::html::{FrameUser, Theme};
use crate::kit::tenant::TenantId;
use crate::kit::{nav, words};
use actix_session::SessionExt;
use actix_web::HttpRequest;
use chrono::{DateTime, Utc};
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
    /// The tenant that a platform administrator visits by its support access.
    pub(in crate::kit) visit: Option<Visit>,
}

/// Support access that is being used. While it lasts its user is an auditor of that tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Visit {
    pub grant: Uuid,
    pub(in crate::kit) tenant: Uuid,
    pub(in crate::kit) tenant_name: String,
    pub until: DateTime<Utc>,
}

impl Visit {
    /// For addresses; the right to work there is the session's.
    pub fn tenant(&self) -> Uuid {
        self.tenant
    }
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
            false => session.get(SIGNED_IN).ok().flatten().map(Self::today).ok_or(Error::SignedOut),
        }
    }

    /// What this user is at this moment: a visit ends by the clock, whatever was kept of the session.
    fn today(self) -> Self {
        match self.visit.clone().filter(|visit| visit.until > Utc::now()) {
            None => Self { visit: None, ..self },
            Some(visit) => Self {
                tenant: visit.tenant,
                tenant_name: visit.tenant_name.clone(),
                role: Role::Auditor,
                visit: Some(visit),
                ..self
            },
        }
    }

    /// Set while this is a platform administrator inside a tenant: there is no such user there.
    pub fn visit(&self) -> Option<&Visit> {
        self.visit.as_ref()
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    pub(in crate::kit) fn tenant(&self) -> TenantId {
        TenantId::known(self.tenant)
    }

    /// Where the account is; only the platform's own administrators visit.
    pub(in crate::kit) fn home(&self) -> TenantId {
        TenantId::known(if self.visit.is_some() { Uuid::nil() } else { self.tenant })
    }
}

/// As every page shows its reader.
pub(super) fn shown(who: &SignedIn) -> FrameUser {
    let until = |visit: &Visit| words::moment(visit.until, who.time_zone, Utc::now());
    FrameUser {
        visit_until: who.visit().map(until),
        id: who.user.to_string(),
        name: who.name(),
        initials: [&who.first_name, &who.last_name].iter().filter_map(|name| name.chars().next()).collect(),
        email: who.email.clone(),
        role: if who.visit.is_some() { "Support access, reads only" } else { who.role.label() },
        tenant: who.tenant_name.clone(),
        theme: match who.theme.as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        },
        nav: nav::items(who.role),
        watches_numbers: who.role.may(ViewNumberHealth::NAME),
    }
}
