//! Whether somebody is who they say, and what their session needs to know.

use crate::kit::access::SignedIn;
use crate::kit::audit;
use crate::kit::db::PlatformDb;
use crate::kit::error::{Error, Result};
use crate::kit::secret::Secret;
use crate::kit::sessions;
use crate::users::model::{self as users, Account};
use crate::users::password;

/// The account behind address and password; None where they do not fit, after as long a time as where they do.
pub async fn check(db: &PlatformDb, email: String, password: Secret<String>) -> Result<Option<Account>> {
    Ok(fitting(db, email, password).await?.into_iter().next())
}

/// Every account whose password it is: the same address may exist in several tenants. Most recently used first.
pub async fn fitting(db: &PlatformDb, email: String, password: Secret<String>) -> Result<Vec<Account>> {
    let accounts = db.run(move |conn| users::accounts(conn, &email)).await?;
    // Hashing takes 30 ms of CPU: off the event loop, and outside any transaction.
    let check = move || {
        if accounts.is_empty() {
            password::fits(&password, None);
        }
        let fits = |account: &Account| password::fits(&password, account.password_hash.as_deref());
        accounts.into_iter().filter(fits).collect()
    };
    actix_web::web::block(check).await.map_err(Error::unexpected)
}

/// Marks the sign-in and reads what the new session is to know.
pub async fn begin(db: &PlatformDb, account: Account) -> Result<SignedIn> {
    let tenant = account.tenant_id;
    let user = account.id.get();
    let who = db.run(move |conn| {
        users::signed_in(conn, &account)?;
        sessions::new(conn, account.tenant_id, account.id.get())
    });
    let who = who.await?;
    let note = audit::Entry::new("signed_in", "users", user);
    db.enter(tenant, move |conn, tenant| audit::record(conn, tenant, &note)).await?;
    Ok(who)
}

/// Uses a one-time link up: sets the password and answers whose it is.
///
/// # Errors
/// `NotFound` when the link is used up or has expired.
pub async fn accept(db: &PlatformDb, token: String, password: Secret<String>) -> Result<Account> {
    let hash = actix_web::web::block(move || password::hash(&password)).await.map_err(Error::unexpected)??;
    db.run(move |conn| users::accept(conn, &token, &hash)).await
}
