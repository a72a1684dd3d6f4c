//! User sessions as those see them whose they are, and how they end. A browser's begins in `kit::sessions`, an API
//! client's in `api_clients`.

use crate::ids;
use crate::kit::audit;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::page::{self, Cursor};
use crate::kit::tenant::TenantId;
use crate::kit::tokens::ACCESS;
use crate::schema::{token_blacklist, user_sessions};
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;

ids! {
    /// One signed-in browser or API client.
    UserSessionId,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = user_sessions)]
pub struct UserSession {
    pub id: UserSessionId,
    pub user_id: UserId,
    /// Of API clients only.
    pub access_token_jti: Option<Uuid>,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

impl UserSession {
    pub fn is_api_client(&self) -> bool {
        self.access_token_jti.is_some()
    }
}

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    user_sessions::table.filter(user_sessions::tenant_id.eq(tenant)).filter(user_sessions::is_revoked.eq(false))
}

/// Those of `user` that go on, the youngest first, and whether more follow.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    user: UserId,
    after: Option<Cursor>,
    size: usize,
) -> Result<(Vec<UserSession>, bool)> {
    let mut query = of(tenant)
        .filter(user_sessions::user_id.eq(user).and(user_sessions::expires_at.gt(Utc::now())))
        .order((user_sessions::created_at.desc(), user_sessions::id.desc()))
        .limit(size as i64 + 1)
        .select(UserSession::as_select())
        .into_boxed();
    if let Some(after) = after {
        let same = user_sessions::created_at.eq(after.at).and(user_sessions::id.lt(UserSessionId::from(after.id)));
        query = query.filter(user_sessions::created_at.lt(after.at).or(same));
    }
    Ok(page::cut(query.load(conn)?, size))
}

/// # Errors
/// `NotFound` also for one that has ended, and another tenant's.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: UserSessionId) -> Result<UserSession> {
    let alive = of(tenant).filter(user_sessions::id.eq(id).and(user_sessions::expires_at.gt(Utc::now())));
    Ok(alive.select(UserSession::as_select()).first(conn)?)
}

/// Ends a session on its next request, in every process. An API client's last access token is noted as revoked.
///
/// # Errors
/// `NotFound` when it has ended before.
pub fn end(conn: &mut PgConnection, tenant: TenantId, id: UserSessionId, why: &'static str) -> Result<()> {
    let ended: UserSession = diesel::update(of(tenant).filter(user_sessions::id.eq(id)))
        .set((user_sessions::is_revoked.eq(true), user_sessions::updated_at.eq(Utc::now())))
        .returning(UserSession::as_returning())
        .get_result(conn)
        .optional()?
        .ok_or(Error::NotFound)?;
    if let Some(jti) = ended.access_token_jti {
        diesel::insert_into(token_blacklist::table)
            .values((
                token_blacklist::tenant_id.eq(tenant),
                token_blacklist::id.eq(Uuid::now_v7()),
                token_blacklist::jti.eq(jti),
                token_blacklist::user_id.eq(ended.user_id),
                token_blacklist::expires_at.eq(Utc::now() + ACCESS),
            ))
            .on_conflict_do_nothing()
            .execute(conn)?;
    }
    let about = json!({ "user_id": ended.user_id, "ip_address": ended.ip_address, "user_agent": ended.user_agent });
    audit::record(conn, tenant, &audit::Entry::new(why, "user_sessions", id.get()).before(about))?;
    live::announce(conn, tenant, live::SESSION_ENDED, id.get())
}
