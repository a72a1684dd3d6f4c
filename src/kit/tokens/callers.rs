//! From a token to its caller, kept for seconds like sessions, and dropped by the same live events.

use super::caller::{self, Caller};
use super::{Claims, Kind, Signer, TOKEN_CHANGED, TokenHash, hash};
use crate::kit::db::PlatformDb;
use crate::kit::error::{Error, Result};
use crate::kit::live::{Hub, Signal};
use crate::kit::problem::Problem;
use crate::kit::sessions;
use crate::kit::vault::Vault;
use actix_web::http::StatusCode;
use chrono::Utc;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::broadcast::error::RecvError;

const KEPT: Duration = Duration::from_secs(5);
const KEPT_AT_MOST: usize = 10_000;

type Kept = Mutex<HashMap<TokenHash, (Instant, Caller)>>;

#[derive(Clone)]
pub struct Callers {
    db: PlatformDb,
    hub: Hub,
    signer: Signer,
    kept: Arc<Kept>,
}

impl Callers {
    /// Must be called inside the runtime: it listens to `hub`.
    pub fn new(db: PlatformDb, hub: Hub, vault: &Vault) -> Self {
        let callers = Self { db, hub, signer: Signer::new(vault), kept: Arc::default() };
        let (kept, mut events) = (callers.kept.clone(), callers.hub.watch());
        tokio::spawn(async move {
            loop {
                match events.recv().await {
                    Ok(Signal::Event(event)) if !concerns(&event.kind) => {}
                    Err(RecvError::Closed) => return,
                    Ok(_) | Err(RecvError::Lagged(_)) => forget_all(&kept),
                }
            }
        });
        callers
    }

    /// # Errors
    /// 401 `invalid_token` for whatever does not count (any more); `Busy` when it cannot be told.
    pub async fn of(&self, token: &str, address: Option<IpAddr>) -> Result<Caller> {
        let hash = hash(token);
        if Kind::Personal.is_well_formed(token) {
            if let Some(caller) = self.kept(&hash) {
                return Ok(caller);
            }
            let address = address.map(|address| address.to_string());
            let found = self.db.run(move |conn| caller::of_token(conn, &hash, address)).await?;
            return self.keep(hash, found);
        }
        let claims: Claims = self.signer.read(token).ok_or_else(invalid)?;
        if let Some(caller) = self.kept(&hash) {
            return Ok(caller);
        }
        let found = self.db.run(move |conn| caller::of_session(conn, &claims)).await?;
        self.keep(hash, found)
    }

    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// What was kept is read anew: for who has just ended something, and goes on before the live event is here.
    pub fn forget(&self) {
        forget_all(&self.kept);
    }

    fn kept(&self, hash: &TokenHash) -> Option<Caller> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, caller) = kept.get(hash)?;
        let counts = self.hub.is_up() && since.elapsed() < KEPT && caller.expires_at > Utc::now();
        counts.then(|| caller.clone())
    }

    fn keep(&self, hash: TokenHash, found: Option<Caller>) -> Result<Caller> {
        let caller = found.ok_or_else(invalid)?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_AT_MOST {
            kept.clear();
        }
        kept.insert(hash, (Instant::now(), caller.clone()));
        Ok(caller)
    }
}

fn concerns(kind: &str) -> bool {
    kind == TOKEN_CHANGED || sessions::CONCERN.contains(&kind)
}

/// One answer for all that does not count: what is wrong with it is nobody's business who cannot use it.
fn invalid() -> Error {
    let words = "This token does not count: it is wrong, has expired or was revoked.";
    Problem::new(StatusCode::UNAUTHORIZED, "invalid_token", words).into()
}

fn forget_all(kept: &Kept) {
    kept.lock().unwrap_or_else(PoisonError::into_inner).clear();
}
