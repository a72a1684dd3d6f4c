//! Guessing is slowed down: tries are counted before they are made, in the database, so that all processes share the
//! count and a hundred tries at once are a hundred.
//!
//! The tight limit is per account *and* address, so that nobody can lock somebody else out by it. A looser one per account
//! meets guessers with many addresses; it ends after a minute at most, and not at all where the account was at home before.
//!
//! Whoever touches several counts goes from the address to the account, so that nobody waits for each other.

use crate::kit::error::{Error, Result};
use crate::schema::tries;
use crate::users::model as users;
use chrono::{Duration, Utc};
use diesel::prelude::*;
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use uuid::Uuid;

#[diesel::declare_sql_function]
extern "SQL" {
    fn switchboard_try(
        guarded: diesel::sql_types::Binary,
        free: diesel::sql_types::Integer,
        longest: diesel::sql_types::Integer,
    ) -> diesel::sql_types::Integer;
}

/// Tries that are free, and the longest wait in seconds.
#[derive(Debug, Clone, Copy)]
struct Limit(i32, i32);

const ACCOUNT_AT_ADDRESS: Limit = Limit(5, 300);
const ACCOUNT: Limit = Limit(30, 60);
/// Many people may sit behind one address, and begin their day at the same time.
const ADDRESS: Limit = Limit(100, 300);
const CODE: Limit = Limit(5, 300);
const KEPT: Duration = Duration::days(1);

/// Counts a try to sign in that is about to be made. As the platform.
///
/// # Errors
/// `TooMany` with the seconds to wait; then it must not be made.
pub fn sign_in(conn: &mut PgConnection, address: Option<IpAddr>, email: &str) -> Result<()> {
    attempt(conn, &at_address(address), ADDRESS)?;
    attempt(conn, &account_at(address, email), ACCOUNT_AT_ADDRESS)?;
    let ip = address.map(|ip| ip.to_string()).unwrap_or_default();
    match users::is_known_at(conn, email, &ip)? {
        true => Ok(()),
        false => attempt(conn, &account(email), ACCOUNT),
    }
}

/// Forgets the failed tries of an account. As the platform.
pub fn forgive(conn: &mut PgConnection, address: Option<IpAddr>, email: &str) -> Result<()> {
    forget(conn, &account_at(address, email))?;
    forget(conn, &account(email))
}

/// The try that was counted last was right. As the platform.
pub fn signed_in(conn: &mut PgConnection, address: Option<IpAddr>, email: &str) -> Result<()> {
    uncount(conn, address)?;
    forgive(conn, address, email)
}

/// Counts a try to come in without an email address, by a passkey.
///
/// # Errors
/// `TooMany` with the seconds to wait; then it must not be made.
pub fn knock(conn: &mut PgConnection, address: Option<IpAddr>) -> Result<()> {
    attempt(conn, &at_address(address), ADDRESS)
}

/// The same of the passkey that was shown there.
///
/// # Errors
/// As [`knock`].
pub fn passkey(conn: &mut PgConnection, address: Option<IpAddr>, passkey: Uuid) -> Result<()> {
    attempt(conn, &passkey_at(address, passkey), ACCOUNT_AT_ADDRESS)
}

/// The passkey was right.
pub fn passkey_fitted(conn: &mut PgConnection, address: Option<IpAddr>, passkey: Uuid) -> Result<()> {
    uncount(conn, address)?;
    forget(conn, &passkey_at(address, passkey))
}

/// Of the many tries that an address has, one was right.
fn uncount(conn: &mut PgConnection, address: Option<IpAddr>) -> Result<()> {
    diesel::update(tries::table.filter(tries::key.eq(digest(&at_address(address)))))
        .set(tries::count.eq(tries::count - 1))
        .execute(conn)?;
    Ok(())
}

/// Counts a try of something else that `subject` must not try too often, such as a one-time code.
///
/// # Errors
/// `TooMany` with the seconds to wait.
pub fn code(conn: &mut PgConnection, subject: &str) -> Result<()> {
    attempt(conn, &format!("code:{subject}"), CODE)
}

/// The code was right.
pub fn code_fitted(conn: &mut PgConnection, subject: &str) -> Result<()> {
    forget(conn, &format!("code:{subject}"))
}

/// Forgets what is too old to matter. As the platform.
pub fn purge(conn: &mut PgConnection) -> Result<()> {
    diesel::delete(tries::table.filter(tries::last_at.lt(Utc::now() - KEPT))).execute(conn)?;
    Ok(())
}

fn attempt(conn: &mut PgConnection, key: &str, Limit(free, longest): Limit) -> Result<()> {
    let wait: i32 = diesel::select(switchboard_try(digest(key), free, longest)).get_result(conn)?;
    match u64::try_from(wait).unwrap_or(0) {
        0 => Ok(()),
        seconds => Err(Error::TooMany(seconds)),
    }
}

fn forget(conn: &mut PgConnection, key: &str) -> Result<()> {
    diesel::delete(tries::table.filter(tries::key.eq(digest(key)))).execute(conn)?;
    Ok(())
}

fn at_address(address: Option<IpAddr>) -> String {
    format!("address:{address:?}")
}

fn account_at(address: Option<IpAddr>, email: &str) -> String {
    format!("account at:{address:?}:{email}")
}

fn passkey_at(address: Option<IpAddr>, passkey: Uuid) -> String {
    format!("passkey at:{address:?}:{passkey}")
}

fn account(email: &str) -> String {
    format!("account:{email}")
}

fn digest(key: &str) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).to_vec()
}
