//! API clients' sessions and their SQL.
//!
//! A refresh token is good for one exchange, and its session for 30 days however often it is exchanged. One that comes a
//! second time was copied: its session ends, whoever of the two holders came first. Only within [`GRACE`] a repeat is merely
//! refused: a program whose two threads refresh at once shall lose nothing, and a thief gains nothing.

use crate::kit::audit;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::mail::{Letter, Link, Mailer};
use crate::kit::public_url::PublicUrl;
use crate::kit::secret::Secret;
use crate::kit::tenant::{TenantId, TenantStatus};
use crate::kit::tokens::{Kind, TOKEN_REUSED, TokenHash, hash};
use crate::schema::{spent_refresh_tokens, token_blacklist, user_sessions};
use crate::security::sessions::{self, SessionId};
use crate::tenants::brief as tenants;
use crate::users::model::{self as users, UserId};
use chrono::{DateTime, Duration, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;

/// How long a client stays signed in, at most.
const LASTS: Duration = Duration::days(30);
/// Two requests at once are no theft.
const GRACE: Duration = Duration::seconds(5);

/// Where a client comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    pub ip: Option<String>,
    pub agent: Option<String>,
}

/// How a user is told of what happened while no page of theirs was open.
#[derive(Clone)]
pub struct Post {
    pub mailer: Mailer,
    pub url: PublicUrl,
}

/// What a client is given: the tokens' contents, and the refresh token itself.
#[derive(Debug)]
pub struct Grant {
    pub tenant: Uuid,
    pub user: UserId,
    pub session: SessionId,
    pub jti: Uuid,
    /// Permissions, separated by blanks.
    pub scope: String,
    pub refresh_token: Secret<String>,
}

/// What became of a refresh token that was shown.
#[derive(Debug)]
pub enum Exchange {
    Granted(Grant),
    /// It was exchanged a moment ago; nothing changed.
    Repeated,
    /// It was exchanged long ago, so somebody has a copy: the session has ended.
    Reused,
    /// The session has ended, or its user may not sign in any more.
    Over,
}

#[auto_type]
fn of(tenant: TenantId) -> _ {
    user_sessions::table
        .filter(user_sessions::tenant_id.eq(tenant))
        .filter(user_sessions::refresh_token_hash.is_not_null())
}

#[auto_type]
fn spent_of(tenant: TenantId) -> _ {
    spent_refresh_tokens::table.filter(spent_refresh_tokens::tenant_id.eq(tenant))
}

/// Signs a client in whose user has shown all that is asked.
///
/// # Errors
/// `NotFound` when the user is not active.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, user: UserId, origin: &Origin) -> Result<Grant> {
    let scope = scope(conn, tenant, user)?;
    let (session, jti, refresh_token) = (SessionId::new(), Uuid::new_v4(), Kind::Refresh.mint());
    let ends_at = Utc::now() + LASTS;
    diesel::insert_into(user_sessions::table)
        .values((
            user_sessions::tenant_id.eq(tenant),
            user_sessions::id.eq(session),
            user_sessions::user_id.eq(user),
            user_sessions::refresh_token_hash.eq(hash(refresh_token.expose()).as_slice()),
            user_sessions::access_token_jti.eq(jti),
            user_sessions::expires_at.eq(ends_at),
            user_sessions::ends_at.eq(ends_at),
            user_sessions::ip_address.eq(&origin.ip),
            user_sessions::user_agent.eq(&origin.agent),
        ))
        .execute(conn)?;
    let entry = audit::Entry::new("signed_in", "users", user.get());
    audit::record(conn, tenant, &entry.after(json!({ "session": session, "kind": "api" })))?;
    Ok(Grant { tenant: tenant.get(), user, session, jti, scope, refresh_token })
}

/// Whose refresh token this is or was. As the platform.
pub fn route(conn: &mut PgConnection, hash: &TokenHash) -> Result<Option<Uuid>> {
    let current = user_sessions::table
        .filter(user_sessions::refresh_token_hash.eq(hash.as_slice()))
        .select(user_sessions::tenant_id)
        .first(conn)
        .optional()?;
    if current.is_some() {
        return Ok(current);
    }
    let spent = spent_refresh_tokens::table.filter(spent_refresh_tokens::token_hash.eq(hash.as_slice()));
    Ok(spent.select(spent_refresh_tokens::tenant_id).first(conn).optional()?)
}

/// Exchanges the refresh token of that hash. Of several at once, one is granted.
pub fn exchange(
    conn: &mut PgConnection,
    tenant: TenantId,
    old: &TokenHash,
    origin: &Origin,
    post: &Post,
) -> Result<Exchange> {
    let (jti, refresh_token, now) = (Uuid::new_v4(), Kind::Refresh.mint(), Utc::now());
    let alive = user_sessions::is_revoked.eq(false).and(user_sessions::expires_at.gt(now));
    let known = || of(tenant).filter(user_sessions::refresh_token_hash.eq(old.as_slice()));
    let exchanged: Option<(SessionId, UserId)> = diesel::update(known().filter(alive))
        .set((
            user_sessions::refresh_token_hash.eq(hash(refresh_token.expose()).as_slice()),
            user_sessions::access_token_jti.eq(jti),
            user_sessions::last_seen_at.eq(now),
            user_sessions::updated_at.eq(now),
            user_sessions::ip_address.eq(&origin.ip),
            user_sessions::user_agent.eq(&origin.agent),
        ))
        .returning((user_sessions::id, user_sessions::user_id))
        .get_result(conn)
        .optional()?;
    let Some((session, user)) = exchanged else { return refused(conn, tenant, old, post) };
    let scope = match scope(conn, tenant, user) {
        Err(Error::NotFound) => {
            sessions::end(conn, tenant, session, None)?;
            return Ok(Exchange::Over);
        }
        scope => scope?,
    };
    diesel::insert_into(spent_refresh_tokens::table)
        .values((
            spent_refresh_tokens::tenant_id.eq(tenant),
            spent_refresh_tokens::token_hash.eq(old.as_slice()),
            spent_refresh_tokens::session_id.eq(session),
            spent_refresh_tokens::spent_at.eq(now),
        ))
        .execute(conn)?;
    Ok(Exchange::Granted(Grant { tenant: tenant.get(), user, session, jti, scope, refresh_token }))
}

/// Why a refresh token is not exchanged; ends the session of one that was copied.
fn refused(conn: &mut PgConnection, tenant: TenantId, old: &TokenHash, post: &Post) -> Result<Exchange> {
    let own = || spent_of(tenant).filter(spent_refresh_tokens::token_hash.eq(old.as_slice()));
    let spent: Option<(SessionId, DateTime<Utc>)> = own()
        .select((spent_refresh_tokens::session_id, spent_refresh_tokens::spent_at))
        .for_update()
        .first(conn)
        .optional()?;
    let Some((session, spent_at)) = spent else { return Ok(Exchange::Over) };
    if spent_at > Utc::now() - GRACE {
        return Ok(Exchange::Repeated);
    }
    match sessions::end(conn, tenant, session, None) {
        Err(Error::NotFound) => return Ok(Exchange::Over), // it has ended before
        ended => ended?,
    }
    diesel::update(own()).set(spent_refresh_tokens::reused_at.eq(Utc::now())).execute(conn)?;
    let entry = audit::Entry::new("refresh_token_reused", "user_sessions", session.get());
    audit::record(conn, tenant, &entry)?;
    live::announce(conn, tenant, TOKEN_REUSED, session.get())?;
    tell(conn, tenant, session, post)?;
    Ok(Exchange::Reused)
}

/// Writes to whose client it was, where mail is configured.
fn tell(conn: &mut PgConnection, tenant: TenantId, session: SessionId, post: &Post) -> Result<()> {
    if !post.mailer.is_configured() {
        return Ok(());
    }
    let row = of(tenant).filter(user_sessions::id.eq(session));
    let (user, agent): (UserId, Option<String>) =
        row.select((user_sessions::user_id, user_sessions::user_agent)).first(conn)?;
    let client = agent.unwrap_or_else(|| "a program without a name".into());
    let letter = Letter {
        to: users::email(conn, tenant, user)?,
        subject: "A program was signed out of your account".into(),
        lines: vec![
            format!("A refresh token of {client} was used a second time, so somebody may have a copy of it."),
            "That program was signed out. If it was not your own doing, change your password before you sign it in again."
                .into(),
        ],
        link: Some(Link { label: "Look at your programs".into(), url: post.url.to("/account/api-tokens") }),
    };
    post.mailer.post(conn, tenant, &letter)
}

/// Signs the client of that refresh token out; also one that was exchanged since, for the session is the same.
pub fn end(conn: &mut PgConnection, tenant: TenantId, token: &TokenHash) -> Result<()> {
    let current = of(tenant).filter(user_sessions::refresh_token_hash.eq(token.as_slice()));
    let current: Option<SessionId> = current.select(user_sessions::id).first(conn).optional()?;
    let session = match current {
        Some(session) => session,
        None => {
            let spent = spent_of(tenant).filter(spent_refresh_tokens::token_hash.eq(token.as_slice()));
            spent.select(spent_refresh_tokens::session_id).first(conn)?
        }
    };
    sessions::end(conn, tenant, session, None)
}

/// Sessions of `user` that ended within `span` because a refresh token came a second time: when, and the client's name.
pub fn reused(
    conn: &mut PgConnection,
    tenant: TenantId,
    user: UserId,
    span: Duration,
) -> Result<Vec<(DateTime<Utc>, Option<String>)>> {
    let of_session = user_sessions::tenant_id
        .eq(spent_refresh_tokens::tenant_id)
        .and(user_sessions::id.eq(spent_refresh_tokens::session_id));
    let rows: Vec<(Option<DateTime<Utc>>, Option<String>)> = spent_of(tenant)
        .inner_join(user_sessions::table.on(of_session))
        .filter(user_sessions::user_id.eq(user))
        .filter(spent_refresh_tokens::reused_at.gt(Utc::now() - span))
        .order((spent_refresh_tokens::reused_at.desc(), spent_refresh_tokens::token_hash))
        .limit(5)
        .select((spent_refresh_tokens::reused_at, user_sessions::user_agent))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(at, agent)| Some((at?, agent))).collect())
}

/// Removes revoked access tokens that have expired since.
pub fn purge(conn: &mut PgConnection, tenant: TenantId) -> Result<usize> {
    let expired = token_blacklist::expires_at.lt(Utc::now());
    let tokens = token_blacklist::table.filter(token_blacklist::tenant_id.eq(tenant)).filter(expired);
    Ok(diesel::delete(tokens).execute(conn)?)
}

/// All that the user's role holds.
///
/// # Errors
/// `NotFound` when the user or the tenant is not active.
fn scope(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<String> {
    if tenants::own(conn, tenant)?.status != TenantStatus::Active {
        return Err(Error::NotFound);
    }
    let role = users::active_role(conn, tenant, user)?;
    Ok(role.permissions().collect::<Vec<_>>().join(" "))
}
