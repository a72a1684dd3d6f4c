//! A user's access to Microsoft Graph: handed out while it is good, refreshed when it is about to end.
//!
//! A refresh token counts once, so only one process may use it at a time: it takes a lease on the row, asks without
//! holding a transaction open, and stores what came back only where the lease is still its own. When the answer is lost
//! nobody knows which token counts now; then the link keeps none, and says so until its user renews it.

use super::authority::{Authority, Tokens};
use super::model::{LinkId, Sealed, access_place, of, refresh_place};
use super::trouble::Trouble;
use crate::kit::audit;
use crate::kit::db::{Actor, Db};
use crate::kit::error::{Error, Result};
use crate::kit::secret::Secret;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::microsoft_accounts;
use crate::users::model::UserId;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// A token that ends sooner is refreshed before it is handed out.
const MARGIN: TimeDelta = TimeDelta::minutes(2);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What the caller may do now.
enum Turn {
    Use(Secret<String>),
    Refresh(Lease),
    /// Somebody else refreshes.
    Wait,
}

struct Lease {
    id: LinkId,
    lease: Uuid,
    refresh: Secret<String>,
}

/// The user's access token, good for two minutes at least.
///
/// # Errors
/// `NotFound` without a link; `Refused` when its tokens have ended; `Busy` when Microsoft cannot be asked just now.
pub async fn fresh_token(
    db: &Db,
    tenant: TenantId,
    vault: &Vault,
    authority: &Authority,
    user: UserId,
) -> Result<Secret<String>> {
    let patience = authority.patience() * 3;
    let begun = std::time::Instant::now();
    while begun.elapsed() < patience {
        let (opener, until) = (vault.clone(), Utc::now() + patience);
        let turn = move |conn: &mut PgConnection, tenant| take_turn(conn, tenant, &opener, user, until);
        match db.tenant(tenant, Actor::default(), turn).await? {
            Turn::Use(token) => return Ok(token),
            Turn::Wait => tokio::time::sleep(LOOK_EVERY).await,
            Turn::Refresh(lease) => {
                let outcome = authority.refresh(&lease.refresh).await;
                let vault = vault.clone();
                let settle = move |conn: &mut PgConnection, tenant| settle(conn, tenant, &vault, &lease, outcome);
                return db.tenant(tenant, Actor::default(), settle).await?;
            }
        }
    }
    Err(Error::Busy)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = microsoft_accounts)]
struct Row {
    id: LinkId,
    access_token: Option<Vec<u8>>,
    refresh_token: Option<Vec<u8>>,
    token_expires_at: Option<DateTime<Utc>>,
    refresh_until: Option<DateTime<Utc>>,
}

fn take_turn(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    user: UserId,
    until: DateTime<Utc>,
) -> Result<Turn> {
    let now = Utc::now();
    let ours = of(tenant).filter(microsoft_accounts::user_id.eq(user));
    let row: Row = ours.select(Row::as_select()).for_update().first(conn)?;
    let is_good = row.token_expires_at.is_some_and(|end| end > now + MARGIN);
    if let Some(sealed) = row.access_token.filter(|_| is_good) {
        return Ok(Turn::Use(opened(vault, &access_place(row.id), &sealed)?));
    }
    if row.refresh_until.is_some_and(|until| until > now) {
        return Ok(Turn::Wait);
    }
    let Some(sealed) = row.refresh_token else { return Err(ended()) };
    let lease = Lease { id: row.id, lease: Uuid::now_v7(), refresh: opened(vault, &refresh_place(row.id), &sealed)? };
    let claim = (microsoft_accounts::refresh_lease.eq(lease.lease), microsoft_accounts::refresh_until.eq(until));
    diesel::update(of(tenant).filter(microsoft_accounts::id.eq(row.id))).set(claim).execute(conn)?;
    Ok(Turn::Refresh(lease))
}

/// Stores what the refresh brought. The inner result is the caller's; the outer one decides whether it is kept.
fn settle(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    lease: &Lease,
    outcome: Result<Tokens, Trouble>,
) -> Result<Result<Secret<String>>> {
    match outcome {
        Ok(tokens) => keep(conn, tenant, lease, &Sealed::of(vault, lease.id, &tokens)).map(|()| Ok(tokens.access)),
        Err(trouble) if trouble.passes() => {
            tracing::warn!(error = %trouble, "tokens of Microsoft could not be refreshed; they are kept");
            release(conn, tenant, lease).map(|()| Err(Error::Busy))
        }
        Err(trouble) => end(conn, tenant, lease, trouble).map(|()| Err(ended())),
    }
}

fn keep(conn: &mut PgConnection, tenant: TenantId, lease: &Lease, sealed: &Sealed) -> Result<()> {
    diesel::update(leased(tenant, lease.id, lease.lease)).set(sealed).execute(conn)?;
    Ok(())
}

fn release(conn: &mut PgConnection, tenant: TenantId, lease: &Lease) -> Result<()> {
    let nobodys = (
        microsoft_accounts::refresh_lease.eq(None::<Uuid>),
        microsoft_accounts::refresh_until.eq(None::<DateTime<Utc>>),
    );
    diesel::update(leased(tenant, lease.id, lease.lease)).set(nobodys).execute(conn)?;
    Ok(())
}

fn end(conn: &mut PgConnection, tenant: TenantId, lease: &Lease, trouble: Trouble) -> Result<()> {
    let none = (
        microsoft_accounts::refresh_lease.eq(None::<Uuid>),
        microsoft_accounts::refresh_until.eq(None::<DateTime<Utc>>),
        microsoft_accounts::access_token.eq(None::<Vec<u8>>),
        microsoft_accounts::refresh_token.eq(None::<Vec<u8>>),
        microsoft_accounts::token_expires_at.eq(None::<DateTime<Utc>>),
        microsoft_accounts::ended_at.eq(Utc::now()),
        microsoft_accounts::updated_at.eq(Utc::now()),
    );
    if diesel::update(leased(tenant, lease.id, lease.lease)).set(none).execute(conn)? == 0 {
        // Its user has renewed or removed it in the meantime.
        return Ok(());
    }
    let entry = audit::Entry::new("ended", "microsoft_accounts", lease.id.get());
    audit::record(conn, tenant, &entry.after(json!({ "why": trouble.to_string() })))
}

#[diesel::dsl::auto_type]
fn leased(tenant: TenantId, id: LinkId, lease: Uuid) -> _ {
    let ours: of = of(tenant);
    ours.filter(microsoft_accounts::id.eq(id)).filter(microsoft_accounts::refresh_lease.eq(lease))
}

fn opened(vault: &Vault, place: &str, sealed: &[u8]) -> Result<Secret<String>> {
    let plain = vault.open(place, sealed)?;
    String::from_utf8(plain.expose().clone()).map(Secret::new).map_err(Error::unexpected)
}

fn ended() -> Error {
    Error::Refused("Microsoft's permission has ended. Renew it under Account, Microsoft.".into())
}
