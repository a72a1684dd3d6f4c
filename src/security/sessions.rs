//! Signed-in browsers, to be looked at and ended: one's own by everybody, their users' by administrators.

use crate::ids;
use crate::kit::audit;
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::page::{self, Cursor};
use crate::kit::tenant::TenantId;
use crate::kit::tokens::ACCESS;
use crate::schema::{token_blacklist, user_sessions, users};
use crate::users::model::UserId;
use chrono::{DateTime, Duration, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;

ids! {
    /// One signed-in browser or API client.
    SessionId,
}

/// How long a session's row outlives it.
const KEPT: Duration = Duration::days(30);
/// How long somebody who has neither password nor code counts as who they are.
const FRESH: Duration = Duration::minutes(15);
/// Sessions on one page.
pub const PAGE: i64 = 50;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = user_sessions)]
pub struct UserSession {
    pub id: SessionId,
    pub user_id: UserId,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub is_pending: bool,
    /// Of API clients only.
    pub access_token_jti: Option<uuid::Uuid>,
}

impl UserSession {
    pub fn is_api_client(&self) -> bool {
        self.access_token_jti.is_some()
    }
}

/// Those that still count.
#[auto_type]
fn of(tenant: TenantId) -> _ {
    user_sessions::table
        .filter(user_sessions::tenant_id.eq(tenant))
        .filter(user_sessions::is_revoked.eq(false))
        .filter(user_sessions::expires_at.gt(diesel::dsl::now))
}

/// A user's own, the newest first.
pub fn of_user(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<Vec<UserSession>> {
    let sessions = of(tenant)
        .filter(user_sessions::user_id.eq(user))
        .order((user_sessions::created_at.desc(), user_sessions::id.desc()))
        .limit(PAGE)
        .select(UserSession::as_select())
        .load(conn)?;
    Ok(sessions)
}

/// Whether somebody signed in just now.
pub fn is_fresh(conn: &mut PgConnection, tenant: TenantId, id: SessionId) -> Result<bool> {
    let since = Utc::now() - FRESH;
    let this = of(tenant).filter(user_sessions::id.eq(id)).filter(user_sessions::created_at.gt(since));
    Ok(diesel::select(diesel::dsl::exists(this)).get_result(conn)?)
}

/// A page of a user's own, the newest first, and whether more follow.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    user: UserId,
    after: Option<Cursor>,
    size: usize,
) -> Result<(Vec<UserSession>, bool)> {
    let mut query = of(tenant)
        .filter(user_sessions::user_id.eq(user))
        .order((user_sessions::created_at.desc(), user_sessions::id.desc()))
        .limit(size as i64 + 1)
        .select(UserSession::as_select())
        .into_boxed();
    if let Some(after) = after {
        let same = user_sessions::created_at.eq(after.at).and(user_sessions::id.lt(SessionId::from(after.id)));
        query = query.filter(user_sessions::created_at.lt(after.at).or(same));
    }
    Ok(page::cut(query.load(conn)?, size))
}

/// Everybody's, with their names; the newest first, those older than `before`.
pub fn of_everybody(
    conn: &mut PgConnection,
    tenant: TenantId,
    before: Option<SessionId>,
) -> Result<Vec<(UserSession, String, String)>> {
    let older = before.unwrap_or_else(|| SessionId::from(uuid::Uuid::max()));
    let of_user = users::tenant_id.eq(user_sessions::tenant_id).and(users::id.eq(user_sessions::user_id));
    let sessions = of(tenant)
        .inner_join(users::table.on(of_user))
        .filter(user_sessions::id.lt(older))
        .order(user_sessions::id.desc())
        .limit(PAGE + 1)
        .select((UserSession::as_select(), users::first_name, users::last_name))
        .load(conn)?;
    Ok(sessions)
}

/// Ends one, on every process and in its open streams; of `user` alone where one is named. An API client's last access
/// token is noted as revoked.
///
/// # Errors
/// `NotFound` when there is none, or it is somebody else's.
pub fn end(conn: &mut PgConnection, tenant: TenantId, id: SessionId, user: Option<UserId>) -> Result<()> {
    let (owner, jti): (UserId, Option<uuid::Uuid>) = of(tenant)
        .filter(user_sessions::id.eq(id))
        .select((user_sessions::user_id, user_sessions::access_token_jti))
        .for_update()
        .first(conn)?;
    if user.is_some_and(|user| user != owner) {
        return Err(crate::kit::error::Error::NotFound);
    }
    if let Some(jti) = jti {
        diesel::insert_into(token_blacklist::table)
            .values((
                token_blacklist::tenant_id.eq(tenant),
                token_blacklist::id.eq(uuid::Uuid::now_v7()),
                token_blacklist::jti.eq(jti),
                token_blacklist::user_id.eq(owner),
                token_blacklist::expires_at.eq(Utc::now() + ACCESS),
            ))
            .on_conflict_do_nothing()
            .execute(conn)?;
    }
    diesel::update(of(tenant).filter(user_sessions::id.eq(id)))
        .set((user_sessions::is_revoked.eq(true), user_sessions::updated_at.eq(Utc::now())))
        .execute(conn)?;
    audit::record(conn, tenant, &audit::Entry::new("ended", "user_sessions", id.get()))?;
    live::announce(conn, tenant, live::SESSION_ENDED, id.get())
}

/// Deletes those that ended some time ago: administrators may want to look at the last ones. As the platform.
pub fn purge(conn: &mut PgConnection) -> Result<()> {
    let long_ago = user_sessions::expires_at.lt(Utc::now() - KEPT);
    diesel::delete(user_sessions::table.filter(long_ago)).execute(conn)?;
    Ok(())
}

/// Ends all of a user's but `this`.
pub fn end_others(conn: &mut PgConnection, tenant: TenantId, user: UserId, this: uuid::Uuid) -> Result<()> {
    crate::kit::sessions::end_all(conn, tenant.get(), user.get(), Some(this))?;
    audit::record(conn, tenant, &audit::Entry::of("ended_others", "user_sessions"))
}
