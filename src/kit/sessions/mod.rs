//! Signed-in browsers as rows: actix-session's store over `user_sessions`.
//!
//! A session is read together with its user and tenant, so that a changed role or a deactivated account counts on the
//! next request. What was read is kept for a few seconds, and dropped at once by the live event that ends a session or
//! changes a user; while the line that brings those events is down, nothing is kept.

mod row;
mod start;

pub use start::{Client, New, Proof, begin, keep_cookie, new};

use super::access::{AWAY, SIGNED_IN};
use super::db::PlatformDb;
use super::error::{Error, Result};
use super::live::{self, Hub, Signal};
use super::tenant::TenantId;
use crate::schema::user_sessions;
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError, generate_session_key};
use actix_web::cookie::time::Duration as CookieDuration;
use chrono::{Duration, Utc};
use diesel::prelude::*;
use sha2::{Digest, Sha256};
use start::NewSession;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

/// How often a session in use is marked as seen.
const SEEN_EVERY: Duration = Duration::minutes(1);
const KEPT: std::time::Duration = std::time::Duration::from_secs(5);
const KEPT_AT_MOST: usize = 10_000;
/// The kind of live event that says a user's role, state or preferences changed.
pub const USER_CHANGED: &str = "user";
/// Events after which a session must be read anew.
const CONCERN: [&str; 2] = [live::SESSION_ENDED, USER_CHANGED];
/// Where [`begin`] leaves for [`Sessions`] what the row needs besides who it is.
const START: &str = "start";

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
        let found = match self.db.run(move |conn| row::find(conn, &hash)).await {
            // An error here would be a bare 500; extractors make the page out of this.
            Err(Error::Busy) => return Ok(Some(State::from([(AWAY.to_owned(), "true".to_owned())]))),
            found => found.map_err(|error| LoadError::Other(error.into()))?,
        };
        let Some(who) = found else { return Ok(None) };
        let text = serde_json::to_string(&who).map_err(|error| LoadError::Other(error.into()))?;
        let state = State::from([(SIGNED_IN.to_owned(), text)]);
        self.keep(hash, &state);
        Ok(Some(state))
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

/// Ends every session of a user but `but`, on every process and in every open stream. As the tenant or the platform.
pub fn end_all(conn: &mut PgConnection, tenant: Uuid, user: Uuid, but: Option<Uuid>) -> Result<()> {
    let others = user_sessions::id.ne(but.unwrap_or_default());
    let ended: Vec<Uuid> = diesel::update(user_sessions::table)
        .filter(user_sessions::tenant_id.eq(tenant).and(user_sessions::user_id.eq(user)))
        .filter(user_sessions::is_revoked.eq(false).and(others))
        .set((user_sessions::is_revoked.eq(true), user_sessions::updated_at.eq(Utc::now())))
        .returning(user_sessions::id)
        .get_results(conn)?;
    ended.into_iter().try_for_each(|id| live::announce(conn, TenantId::known(tenant), live::SESSION_ENDED, id))
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

fn hash(key: &str) -> TokenHash {
    Sha256::digest(key.as_bytes()).into()
}

fn forget_all(kept: &Mutex<HashMap<TokenHash, (Instant, State)>>) {
    kept.lock().unwrap_or_else(PoisonError::into_inner).clear();
}
