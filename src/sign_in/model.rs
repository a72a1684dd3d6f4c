//! Whether somebody is who they say, and what their session needs to know.

use crate::kit::audit;
use crate::kit::db::PlatformDb;
use crate::kit::error::Result;
use crate::kit::secret::Secret;
use crate::kit::sessions::{self, Proof};
use crate::kit::tenant::TenantId;
use crate::security::throttle;
use crate::users::links::{self, Purpose};
use crate::users::model::{self as users, Account, UserId};
use crate::users::password;
use diesel::PgConnection;
use std::net::IpAddr;

/// The accounts behind address and password, of which there may be one in each of several tenants; none where they do
/// not fit, after as long a time as where they do.
///
/// # Errors
/// `TooMany` where there were too many tries; `Busy` where too many others are being checked.
pub async fn check(
    db: &PlatformDb,
    address: Option<IpAddr>,
    email: String,
    password: Secret<String>,
) -> Result<Vec<Account>> {
    let asked = email.clone();
    let accounts = db.run(move |conn| {
        throttle::sign_in(conn, address, &asked)?;
        users::accounts(conn, &asked)
    });
    let accounts = accounts.await?;
    let known: Vec<Account> = accounts.clone();
    let check = move || {
        if accounts.is_empty() {
            password::fits(&password, None);
        }
        let fits = |account: &Account| password::fits(&password, account.password_hash.as_deref());
        let fitting: Vec<Account> = accounts.into_iter().filter(fits).collect();
        let is_old = |account: &Account| account.password_hash.as_deref().is_some_and(password::is_outdated);
        let renewed = fitting.iter().find(|account| is_old(account)).map(|_| password::hash(&password)).transpose();
        renewed.map(|hash| (fitting, hash))
    };
    let (fitting, renewed) = password::in_turn(check).await??;
    match fitting.is_empty() {
        true => note_failures(db, known).await?,
        false => note_success(db, address, email, fitting.clone(), renewed).await?,
    }
    Ok(fitting)
}

async fn note_failures(db: &PlatformDb, known: Vec<Account>) -> Result<()> {
    for account in known {
        let note = audit::Entry::new("sign_in_failed", "users", account.id.get());
        db.enter(account.tenant_id, move |conn, tenant| audit::record(conn, tenant, &note)).await?;
    }
    Ok(())
}

/// Forgets the tries; `renewed` is the password hashed with today's parameters, where one of the hashes is older.
async fn note_success(
    db: &PlatformDb,
    address: Option<IpAddr>,
    email: String,
    fitting: Vec<Account>,
    renewed: Option<String>,
) -> Result<()> {
    let noted = db.run(move |conn| {
        throttle::signed_in(conn, address, &email)?;
        let Some(hash) = renewed else { return Ok(()) };
        fitting.iter().try_for_each(|account| users::rehash(conn, account, &hash))
    });
    noted.await
}

/// Writes down that somebody has left.
pub fn leave(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<()> {
    audit::record(conn, tenant, &audit::Entry::new("signed_out", "users", user.get()))
}

/// Marks the sign-in and reads what the new session is to know. It counts as one only with the whole proof.
/// `db` acts as the user.
pub async fn begin(db: &PlatformDb, account: Account, proof: Proof) -> Result<sessions::New> {
    let tenant = account.tenant_id;
    let user = account.id.get();
    let new = db.run(move |conn| {
        let new = sessions::new(conn, account.tenant_id, user, proof)?;
        if !new.is_pending() {
            users::signed_in(conn, &account)?;
        }
        Ok(new)
    });
    let new = new.await?;
    if !new.is_pending() {
        let note = audit::Entry::new("signed_in", "users", user);
        db.enter(tenant, move |conn, tenant| audit::record(conn, tenant, &note)).await?;
    }
    Ok(new)
}

/// Uses a one-time link up: sets the password, ends all sessions and answers whose it is.
///
/// # Errors
/// `NotFound` when the link is used up or has expired.
pub async fn use_up(db: &PlatformDb, token: String, purpose: Purpose, password: Secret<String>) -> Result<Account> {
    let hash = password::in_turn(move || password::hash(&password)).await??;
    let account = db.run(move |conn| links::use_up(conn, &token, purpose, &hash)).await?;
    let action = match purpose {
        Purpose::Invitation => "accepted_invitation",
        Purpose::Reset => "reset_password",
    };
    let note = audit::Entry::new(action, "users", account.id.get());
    db.enter(account.tenant_id, move |conn, tenant| audit::record(conn, tenant, &note)).await?;
    Ok(account)
}
