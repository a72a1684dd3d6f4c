//! One-time links: an invitation lets somebody new choose a password, a reset lets somebody known choose another.

use super::model::{Account, UserId};
use crate::kit::audit;
use crate::kit::error::{Error, Result};
use crate::kit::secret::Secret;
use crate::kit::sessions;
use crate::kit::tenant::{TenantId, TenantStatus};
use crate::kit::vault::random_token;
use crate::pg_enum;
use crate::schema::{sign_in_links, tenants, users};
use chrono::{Duration, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use sha2::{Digest, Sha256};
use uuid::Uuid;

pg_enum! {
    /// What a link is for; one for the one thing does not do the other.
    Purpose over LinkPurpose {
        Invitation = "invitation",
        Reset = "reset",
    }
}

impl Purpose {
    fn lasts(self) -> Duration {
        match self {
            Self::Invitation => Duration::hours(72),
            Self::Reset => Duration::minutes(30),
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::Invitation => "invited",
            Self::Reset => "asked_for_reset",
        }
    }
}

#[auto_type]
fn of(tenant: TenantId) -> _ {
    sign_in_links::table.filter(sign_in_links::tenant_id.eq(tenant))
}

/// An invitation; see [`issue`].
pub fn invite(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<Secret<String>> {
    issue(conn, tenant, user, Purpose::Invitation)
}

/// Makes a link's token, whose hash alone is kept. Older links for the same purpose no longer work.
pub fn issue(conn: &mut PgConnection, tenant: TenantId, user: UserId, purpose: Purpose) -> Result<Secret<String>> {
    let token = random_token();
    let older = sign_in_links::user_id.eq(user).and(sign_in_links::purpose.eq(purpose));
    diesel::update(of(tenant).filter(older).filter(sign_in_links::used_at.is_null()))
        .set(sign_in_links::used_at.eq(Utc::now()))
        .execute(conn)?;
    diesel::insert_into(sign_in_links::table)
        .values((
            sign_in_links::tenant_id.eq(tenant),
            sign_in_links::id.eq(Uuid::now_v7()),
            sign_in_links::user_id.eq(user),
            sign_in_links::purpose.eq(purpose),
            sign_in_links::token_hash.eq(digest(token.expose())),
            sign_in_links::expires_at.eq(Utc::now() + purpose.lasts()),
        ))
        .execute(conn)?;
    audit::record(conn, tenant, &audit::Entry::new(purpose.action(), "users", user.get()))?;
    Ok(token)
}

/// Whose unused invitation this is; see [`find`].
pub fn invited(conn: &mut PgConnection, token: &str) -> Result<Account> {
    find(conn, token, Purpose::Invitation)
}

/// Uses an invitation up; see [`use_up`].
pub fn accept(conn: &mut PgConnection, token: &str, password_hash: &str) -> Result<Account> {
    use_up(conn, token, Purpose::Invitation, password_hash)
}

#[auto_type]
fn unused<'a>(token: &'a str, purpose: Purpose) -> _ {
    let hash: Vec<u8> = digest(token);
    sign_in_links::table
        .filter(sign_in_links::token_hash.eq(hash))
        .filter(sign_in_links::purpose.eq(purpose))
        .filter(sign_in_links::used_at.is_null())
        .filter(sign_in_links::expires_at.gt(diesel::dsl::now))
}

/// Whose unused link this is. As the platform.
///
/// # Errors
/// `NotFound` when it was used, has expired, never existed, or is of nobody who may sign in.
pub fn find(conn: &mut PgConnection, token: &str, purpose: Purpose) -> Result<Account> {
    let (tenant_id, id): (Uuid, UserId) =
        unused(token, purpose).select((sign_in_links::tenant_id, sign_in_links::user_id)).first(conn)?;
    may_sign_in(conn, tenant_id, id)?;
    Ok(Account { tenant_id, id, password_hash: None })
}

/// Uses a link up, sets the password it was for, and ends all the user's sessions. As the platform.
///
/// # Errors
/// `NotFound` when another request used it first, or nobody who may sign in would; then it stays unused.
pub fn use_up(conn: &mut PgConnection, token: &str, purpose: Purpose, password_hash: &str) -> Result<Account> {
    let (tenant_id, id): (Uuid, UserId) = diesel::update(unused(token, purpose))
        .set(sign_in_links::used_at.eq(Utc::now()))
        .returning((sign_in_links::tenant_id, sign_in_links::user_id))
        .get_result(conn)?;
    may_sign_in(conn, tenant_id, id)?;
    let set = (users::password_hash.eq(password_hash), users::is_verified.eq(true), users::updated_at.eq(Utc::now()));
    let user = users::table.filter(users::tenant_id.eq(tenant_id).and(users::id.eq(id)));
    if diesel::update(user).set(set).execute(conn)? == 0 {
        return Err(Error::NotFound);
    }
    sessions::end_all(conn, tenant_id, id.get(), None)?;
    Ok(Account { tenant_id, id, password_hash: None })
}

/// The address that an unused invitation was sent to. In the tenant.
///
/// # Errors
/// As [`find`].
pub fn invited_address(conn: &mut PgConnection, tenant: TenantId, token: &str) -> Result<String> {
    let account = find(conn, token, Purpose::Invitation)?;
    super::model::email(conn, tenant, account.id)
}

/// Uses an invitation up for somebody who will sign in without a password; what proves them instead belongs to the
/// same transaction. In the tenant.
///
/// # Errors
/// As [`use_up`].
pub fn accept_without_password(conn: &mut PgConnection, tenant: TenantId, token: &str) -> Result<UserId> {
    let id: UserId = diesel::update(unused(token, Purpose::Invitation))
        .set(sign_in_links::used_at.eq(Utc::now()))
        .returning(sign_in_links::user_id)
        .get_result(conn)?;
    may_sign_in(conn, tenant.get(), id)?;
    let set = (users::is_verified.eq(true), users::updated_at.eq(Utc::now()));
    let user = users::table.filter(users::tenant_id.eq(tenant).and(users::id.eq(id)));
    diesel::update(user).set(set).execute(conn)?;
    audit::record(conn, tenant, &audit::Entry::new("accepted_invitation", "users", id.get()))?;
    Ok(id)
}

/// # Errors
/// `NotFound` when the user or the tenant is not active.
fn may_sign_in(conn: &mut PgConnection, tenant: Uuid, id: UserId) -> Result<UserId> {
    let user = users::table
        .inner_join(tenants::table)
        .filter(users::tenant_id.eq(tenant).and(users::id.eq(id)))
        .filter(users::is_active.eq(true).and(users::deleted_at.is_null()))
        .filter(tenants::status.eq(TenantStatus::Active).and(tenants::deleted_at.is_null()));
    Ok(user.select(users::id).first(conn)?)
}

fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
