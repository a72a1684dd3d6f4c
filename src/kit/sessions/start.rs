//! How a session begins: for whom, for how long, and whether a second factor is still owed.

use super::row::Row;
use super::{START, State};
use crate::kit::access::{SIGNED_IN, SignedIn, Visit};
use crate::kit::error::{Error, Result};
use crate::kit::settings::Settings;
use crate::schema::user_sessions;
use actix_session::Session;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderValue, SET_COOKIE};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest};
use anyhow::anyhow;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long somebody may take for the second factor.
const PENDING: Duration = Duration::minutes(15);

/// What has been shown of who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Their password, or what stands for it.
    FirstFactor,
    /// All that is asked of them.
    Whole,
}

/// A session that is about to begin.
#[derive(Debug)]
pub struct New {
    who: SignedIn,
    lasts: Lasts,
}

impl New {
    /// Whether the second factor is still owed.
    pub fn is_pending(&self) -> bool {
        self.who.is_pending
    }

    /// The id that its row will have.
    pub fn session(&self) -> Uuid {
        self.who.session
    }
}

/// Where it comes from, and for how long it is wanted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Client {
    pub ip: Option<String>,
    pub agent: Option<String>,
    /// The browser keeps the cookie when it is closed, and only the end that the organisation sets counts.
    pub stays: bool,
}

/// What a new session of that user is to know. As the platform.
///
/// # Errors
/// `NotFound` when the user or the tenant is not active.
pub fn new(conn: &mut PgConnection, tenant: Uuid, user: Uuid, proof: Proof) -> Result<New> {
    let row = Row::to_be(conn, tenant, user, proof)?;
    let lasts = Lasts::of(&row.settings());
    Ok(New { who: row.signed_in(), lasts })
}

/// A session in place of the one that `who` has, with the same end: inside `tenant` by that grant of support access, or
/// outside again. As the platform.
///
/// # Errors
/// `NotFound` when the session is over.
pub(super) fn renewed(conn: &mut PgConnection, who: &SignedIn, visit: Option<Visit>) -> Result<(New, Client)> {
    let row = user_sessions::table
        .filter(user_sessions::tenant_id.eq(who.home()).and(user_sessions::id.eq(who.session)))
        .filter(user_sessions::is_revoked.eq(false));
    let (ip, agent, stays, ends_at) = row
        .select((
            user_sessions::ip_address,
            user_sessions::user_agent,
            user_sessions::stays_signed_in,
            user_sessions::ends_at,
        ))
        .first(conn)?;
    let known = Row::to_be(conn, who.home().get(), who.user, Proof::Whole)?;
    let lasts = Lasts { until: Some(ends_at), ..Lasts::of(&known.settings()) };
    let who = SignedIn { visit, ..known.signed_in() };
    Ok((New { who, lasts }, Client { ip, agent, stays }))
}

/// Makes `new` the session of the browser that asks; whatever it had before ends.
pub fn begin(req: &HttpRequest, session: &Session, new: &New, client: &Client) -> Result<()> {
    session.renew();
    session.insert(SIGNED_IN, &new.who).map_err(Error::unexpected)?;
    session.insert(START, (client, new.lasts)).map_err(Error::unexpected)?;
    if client.stays {
        req.extensions_mut().insert(Stays(new.lasts.days));
    }
    Ok(())
}

/// Days for which the browser is to keep the cookie that this answer sets.
struct Stays(u32);

/// Middleware: gives the cookie of those who stay signed in its age; others' browsers forget it when they close.
pub async fn keep_cookie(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let mut res = next.call(req).await?;
    let days = res.request().extensions().get::<Stays>().map(|stays| stays.0);
    if let Some(days) = days {
        let seconds = Duration::days(days.into()).num_seconds();
        let cookies: Vec<HeaderValue> = res.headers_mut().remove(SET_COOKIE).collect();
        for cookie in cookies {
            let text = cookie.to_str().unwrap_or_default();
            let is_ours = ["switchboard=", "__Host-switchboard="].iter().any(|name| text.starts_with(name));
            let kept = if is_ours { HeaderValue::try_from(format!("{text}; Max-Age={seconds}")).ok() } else { None };
            res.headers_mut().append(SET_COOKIE, kept.unwrap_or(cookie));
        }
    }
    Ok(res)
}

/// How long sessions of an organisation last.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Lasts {
    idle_hours: u32,
    days: u32,
    /// The end of the session that this one goes on from.
    until: Option<DateTime<Utc>>,
}

impl Lasts {
    pub(super) fn of(settings: &Settings) -> Self {
        Self { idle_hours: settings.session_idle_hours, days: settings.session_days, until: None }
    }

    fn ends_at(self) -> DateTime<Utc> {
        self.until.unwrap_or_else(|| Utc::now() + Duration::days(self.days.into()))
    }

    /// When a session ends that is used now.
    pub(super) fn expires_at(self, stays: bool, ends_at: DateTime<Utc>) -> DateTime<Utc> {
        if stays { ends_at } else { ends_at.min(Utc::now() + Duration::hours(self.idle_hours.into())) }
    }
}

#[derive(Insertable)]
#[diesel(table_name = user_sessions)]
pub(super) struct NewSession {
    tenant_id: Uuid,
    id: Uuid,
    user_id: Uuid,
    expires_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    stays_signed_in: bool,
    is_pending: bool,
    support_tenant_id: Option<Uuid>,
    support_grant_id: Option<Uuid>,
    ip_address: Option<String>,
    user_agent: Option<String>,
}

impl NewSession {
    pub(super) fn of(state: &State) -> Result<Self> {
        let nothing = || Error::unexpected(anyhow!("a session without a user"));
        let who: SignedIn = serde_json::from_str(state.get(SIGNED_IN).ok_or_else(nothing)?)?;
        let (client, lasts): (Client, Lasts) = serde_json::from_str(state.get(START).ok_or_else(nothing)?)?;
        let ends_at = lasts.ends_at();
        Ok(Self {
            tenant_id: who.tenant,
            id: who.session,
            user_id: who.user,
            expires_at: match who.is_pending {
                true => Utc::now() + PENDING,
                false => lasts.expires_at(client.stays, ends_at),
            },
            ends_at,
            stays_signed_in: client.stays,
            is_pending: who.is_pending,
            support_tenant_id: who.visit.as_ref().map(|visit| visit.tenant),
            support_grant_id: who.visit.as_ref().map(|visit| visit.grant),
            ip_address: client.ip,
            user_agent: client.agent,
        })
    }
}
