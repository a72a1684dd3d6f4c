//! Signed-in browsers as rows: actix-session's store over `user_sessions`.
//!
//! A session is read together with its user and tenant, so that a changed role or a deactivated account counts on the
//! next request. What was read is kept for a few seconds, and dropped at once by the live event that ends a session or
//! changes a user; while the line that brings those events is down, nothing is kept.

use super::access::{AWAY, Role, SIGNED_IN, SignedIn};
use super::db::PlatformDb;
use super::error::{Error, Result};
use super::live::{self, Hub, Signal};
use super::tenant::TenantId;
use crate::schema::{tenants, user_sessions, users};
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError, generate_session_key};
use actix_web::cookie::time::Duration as CookieDuration;
use anyhow::anyhow;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

/// Without a request for this long a session ends.
pub const IDLE: Duration = Duration::hours(12);
/// How often a session in use is marked as seen.
const SEEN_EVERY: Duration = Duration::minutes(1);
const KEPT: std::time::Duration = std::time::Duration::from_secs(5);
const KEPT_AT_MOST: usize = 10_000;
/// The kind of live event that says a user's role, state or preferences changed.
pub const USER_CHANGED: &str = "user";
/// Events after which a session must be read anew.
pub const CONCERN: [&str; 2] = [live::SESSION_ENDED, USER_CHANGED];
/// Where sign-in leaves address and browser for the row.
pub const CLIENT: &str = "client";

type State = HashMap<String, String>;
type TokenHash = [u8; 32];

#[derive(Clone)]
pub struct Sessions {
    db: PlatformDb,
    hub: Hub,
    kept: Arc<Mutex<HashMap<TokenHash, (Instant, State)>>>,
}

impl Sessions {
    /// The store; it forgets what it kept when `hub` says that sessions or users changed.
    pub fn new(db: PlatformDb, hub: Hub) -> Self {
        let sessions = Self { db, hub, kept: Arc::default() };
        let (kept, mut events) = (sessions.kept.clone(), sessions.hub.watch());
        tokio::spawn(async move {
            loop {
                match events.recv().await {
                    Ok(Signal::Event(event)) if !CONCERN.contains(&&*event.kind) => {}
                    Err(RecvError::Closed) => return,
                    Ok(_) | Err(RecvError::Lagged(_)) => forget_all(&kept),
                }
            }
        });
        sessions
    }

    /// What was kept is read anew: for who has just changed it, and goes on before the live event is here.
    pub fn forget(&self) {
        forget_all(&self.kept);
    }

    fn kept(&self, hash: &TokenHash) -> Option<State> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, state) = kept.get(hash)?;
        (self.hub.is_up() && since.elapsed() < KEPT).then(|| state.clone())
    }

    fn keep(&self, hash: TokenHash, state: &State) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_AT_MOST {
            kept.clear();
        }
        kept.insert(hash, (Instant::now(), state.clone()));
    }

    async fn insert(&self, key: &str, state: State) -> Result<()> {
        let (hash, row) = (hash(key), NewSession::of(&state)?);
        let insert = move |conn: &mut PgConnection| {
            diesel::insert_into(user_sessions::table)
                .values((row, user_sessions::token_hash.eq(hash.as_slice())))
                .execute(conn)?;
            Ok(())
        };
        self.db.run(insert).await
    }
}

impl SessionStore for Sessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        let hash = hash(key.as_ref());
        if let Some(state) = self.kept(&hash) {
            return Ok(Some(state));
        }
        let found = match self.db.run(move |conn| find(conn, &hash)).await {
            // An error here would be a bare 500; extractors make the page out of this.
            Err(Error::Busy) => return Ok(Some(State::from([(AWAY.to_owned(), "true".to_owned())]))),
            found => found.map_err(|error| LoadError::Other(error.into()))?,
        };
        if let Some(state) = &found {
            self.keep(hash, state);
        }
        Ok(found)
    }

    async fn save(&self, state: State, _: &CookieDuration) -> Result<SessionKey, SaveError> {
        let key = generate_session_key();
        self.insert(key.as_ref(), state).await.map_err(|error| SaveError::Other(error.into()))?;
        Ok(key)
    }

    /// Nothing that changes is kept in a session; an update must not bring an ended one back either.
    async fn update(&self, key: SessionKey, _: State, _: &CookieDuration) -> Result<SessionKey, UpdateError> {
        Ok(key)
    }

    /// `load` marks sessions as seen.
    async fn update_ttl(&self, _: &SessionKey, _: &CookieDuration) -> Result<(), anyhow::Error> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        let hash = hash(key.as_ref());
        forget_all(&self.kept);
        Ok(self.db.run(move |conn| end(conn, &hash)).await?)
    }
}

/// What a new session of that user is to know. As the platform.
///
/// # Errors
/// `NotFound` when the user or the tenant is not active.
pub fn new(conn: &mut PgConnection, tenant: Uuid, user: Uuid) -> Result<SignedIn> {
    let (user, tenant): (User, Tenant) = users::table
        .inner_join(tenants::table)
        .filter(users::tenant_id.eq(tenant).and(users::id.eq(user)))
        .filter(users::is_active.eq(true).and(users::deleted_at.is_null()))
        .select((User::as_select(), Tenant::as_select()))
        .first(conn)?;
    Ok(Row { id: Uuid::now_v7(), last_seen_at: Utc::now(), user, tenant }.signed_in())
}

fn find(conn: &mut PgConnection, hash: &TokenHash) -> Result<Option<State>> {
    let row = Row::by_token(conn, hash)?;
    let Some(row) = row else { return Ok(None) };
    if row.last_seen_at < Utc::now() - SEEN_EVERY {
        let seen = (user_sessions::last_seen_at.eq(Utc::now()), user_sessions::expires_at.eq(Utc::now() + IDLE));
        diesel::update(user_sessions::table.filter(user_sessions::token_hash.eq(hash.as_slice())))
            .set(seen)
            .execute(conn)?;
    }
    let text = serde_json::to_string(&row.signed_in())?;
    Ok(Some(State::from([(SIGNED_IN.to_owned(), text)])))
}

fn end(conn: &mut PgConnection, hash: &TokenHash) -> Result<()> {
    let ended: Option<(Uuid, Uuid)> = diesel::update(user_sessions::table)
        .filter(user_sessions::token_hash.eq(hash.as_slice()).and(user_sessions::is_revoked.eq(false)))
        .set((user_sessions::is_revoked.eq(true), user_sessions::updated_at.eq(Utc::now())))
        .returning((user_sessions::tenant_id, user_sessions::id))
        .get_result(conn)
        .optional()?;
    match ended {
        Some((tenant, id)) => live::announce(conn, TenantId::known(tenant), live::SESSION_ENDED, id),
        None => Ok(()),
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = user_sessions)]
struct Row {
    id: Uuid,
    last_seen_at: DateTime<Utc>,
    #[diesel(embed)]
    user: User,
    #[diesel(embed)]
    tenant: Tenant,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct User {
    id: Uuid,
    tenant_id: Uuid,
    role: Role,
    email: String,
    first_name: String,
    last_name: String,
    time_zone: Option<String>,
    preferences: Value,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = tenants)]
struct Tenant {
    name: String,
    time_zone: String,
}

impl Row {
    /// A session that still counts: neither ended nor expired, of an active user of an active tenant.
    fn by_token(conn: &mut PgConnection, hash: &TokenHash) -> Result<Option<Self>> {
        let of_user = users::tenant_id.eq(user_sessions::tenant_id).and(users::id.eq(user_sessions::user_id));
        let row = user_sessions::table
            .inner_join(users::table.on(of_user))
            .inner_join(tenants::table.on(tenants::id.eq(user_sessions::tenant_id)))
            .filter(user_sessions::token_hash.eq(hash.as_slice()))
            .filter(user_sessions::is_revoked.eq(false).and(user_sessions::expires_at.gt(Utc::now())))
            .filter(users::is_active.eq(true).and(users::deleted_at.is_null()))
            .filter(tenants::status.eq(crate::kit::tenant::TenantStatus::Active).and(tenants::deleted_at.is_null()))
            .select(Self::as_select())
            .first(conn)
            .optional()?;
        Ok(row)
    }

    fn signed_in(self) -> SignedIn {
        let zone = self.user.time_zone.unwrap_or(self.tenant.time_zone);
        let theme = self.user.preferences.get("theme").and_then(Value::as_str).unwrap_or("system");
        SignedIn {
            session: self.id,
            user: self.user.id,
            tenant: self.user.tenant_id,
            tenant_name: self.tenant.name,
            role: self.user.role,
            email: self.user.email,
            first_name: self.user.first_name,
            last_name: self.user.last_name,
            time_zone: zone.parse().unwrap_or(chrono_tz::UTC),
            theme: theme.to_owned(),
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = user_sessions)]
struct NewSession {
    tenant_id: Uuid,
    id: Uuid,
    user_id: Uuid,
    expires_at: DateTime<Utc>,
    ip_address: Option<String>,
    user_agent: Option<String>,
}

impl NewSession {
    fn of(state: &State) -> Result<Self> {
        let text = state.get(SIGNED_IN).ok_or_else(|| Error::unexpected(anyhow!("a session without a user")))?;
        let who: SignedIn = serde_json::from_str(text)?;
        let (ip_address, user_agent): (Option<String>, Option<String>) =
            state.get(CLIENT).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let expires_at = Utc::now() + IDLE;
        Ok(Self { tenant_id: who.tenant, id: who.session, user_id: who.user, expires_at, ip_address, user_agent })
    }
}

fn hash(key: &str) -> TokenHash {
    Sha256::digest(key.as_bytes()).into()
}

fn forget_all(kept: &Mutex<HashMap<TokenHash, (Instant, State)>>) {
    kept.lock().unwrap_or_else(PoisonError::into_inner).clear();
}
