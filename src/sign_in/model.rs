//! Whether somebody is who they say, and what their session needs to know.

use crate::kit::audit;
use crate::kit::db::PlatformDb;
use crate::kit::error::{Error, Result};
use crate::kit::secret::Secret;
use crate::kit::sessions::{self, Proof};
use crate::kit::tenant::TenantId;
use crate::users::model::{self as users, Account, UserId};
use crate::users::password;
use diesel::PgConnection;

/// The account behind address and password; None where they do not fit, after as long a time as where they do.
pub async fn check(db: &PlatformDb, email: String, password: Secret<String>) -> Result<Option<Account>> {
    let accounts = db.run(move |conn| users::accounts(conn, &email)).await?;
    // Hashing takes 30 ms of CPU: off the event loop, and outside any transaction.
    let check = move || {
        let fitting = accounts.iter().find(|account| password::fits(&password, account.password_hash.as_deref()));
        if accounts.is_empty() {
            password::fits(&password, None);
        }
        (fitting.cloned(), accounts)
    };
    let (fitting, accounts) = actix_web::web::block(check).await.map_err(Error::unexpected)?;
    if fitting.is_none() {
        // Behind the answer's back: it must not take longer where there is an account.
        actix_web::rt::spawn(failed(db.clone(), accounts));
    }
    Ok(fitting)
}

/// Tells each tenant in which the account is that somebody tried.
async fn failed(db: PlatformDb, accounts: Vec<Account>) {
    for account in accounts {
        let note = audit::Entry::new("sign_in_failed", "users", account.id.get());
        let noted = db.enter(account.tenant_id, move |conn, tenant| audit::record(conn, tenant, &note)).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "a failed sign-in could not be audited");
        }
    }
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

/// Uses a one-time link up: sets the password and answers whose it is.
///
/// # Errors
/// `NotFound` when the link is used up or has expired.
pub async fn accept(db: &PlatformDb, token: String, password: Secret<String>) -> Result<Account> {
    let hash = actix_web::web::block(move || password::hash(&password)).await.map_err(Error::unexpected)??;
    db.run(move |conn| users::accept(conn, &token, &hash)).await
}
