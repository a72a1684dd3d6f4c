//! Users and their SQL.

use crate::ids;
use crate::kit::access::Role;
use crate::kit::audit;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::secret::Secret;
use crate::kit::sessions::USER_CHANGED;
use crate::kit::tenant::{TenantId, TenantStatus};
use crate::kit::vault::random_token;
use crate::schema::{sign_in_links, tenants, users};
use chrono::{Duration, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

ids! {
    /// A person with an account.
    UserId,
}

/// Of all demo accounts, which exist on the loopback interface only.
pub const DEMO_PASSWORD: &str = "demo-switchboard";

/// How long a one-time link lives.
const LINK: Duration = Duration::hours(72);

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = users)]
pub struct UserData {
    /// Lower case.
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub role: Role,
    pub password_hash: Option<String>,
}

#[auto_type]
fn of(tenant: TenantId) -> _ {
    users::table.filter(users::tenant_id.eq(tenant)).filter(users::deleted_at.is_null())
}

/// # Errors
/// `Taken("users_email_taken")` within the tenant; `Refused` for a platform role elsewhere than in the platform's tenant.
pub fn create(conn: &mut PgConnection, tenant: TenantId, data: &UserData) -> Result<UserId> {
    let id = UserId::new();
    diesel::insert_into(users::table).values((users::tenant_id.eq(tenant), users::id.eq(id), data)).execute(conn)?;
    let after = json!({ "email": data.email, "role": data.role });
    audit::record(conn, tenant, &audit::Entry::new("created", "users", id.get()).after(after))?;
    Ok(id)
}

/// The user of that address within the tenant.
pub fn by_email(conn: &mut PgConnection, tenant: TenantId, email: &str) -> Result<Option<UserId>> {
    Ok(of(tenant).filter(users::email.eq(email)).select(users::id).first(conn).optional()?)
}

/// "First Last" of the users asked for.
pub fn names(conn: &mut PgConnection, tenant: TenantId, ids: &[UserId]) -> Result<Vec<(UserId, String)>> {
    let rows: Vec<(UserId, String, String)> = users::table
        .filter(users::tenant_id.eq(tenant).and(users::id.eq_any(ids)))
        .select((users::id, users::first_name, users::last_name))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, first, last)| (id, format!("{first} {last}"))).collect())
}

/// Sets light, dark or system, on this and the user's other browsers.
pub fn choose_theme(conn: &mut PgConnection, tenant: TenantId, id: UserId, theme: &str) -> Result<()> {
    let preferences: serde_json::Value =
        of(tenant).filter(users::id.eq(id)).select(users::preferences).for_update().first(conn)?;
    let mut after = preferences.clone();
    after["theme"] = json!(theme);
    diesel::update(of(tenant).filter(users::id.eq(id)))
        .set((users::preferences.eq(&after), users::updated_at.eq(Utc::now())))
        .execute(conn)?;
    let entry = audit::Entry::new("changed", "users", id.get());
    audit::record(conn, tenant, &entry.before(preferences).after(after))?;
    live::announce(conn, tenant, USER_CHANGED, id.get())
}

/// Makes a link's token; the row holds only its hash.
pub fn invite(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<Secret<String>> {
    let token = random_token();
    diesel::insert_into(sign_in_links::table)
        .values((
            sign_in_links::tenant_id.eq(tenant),
            sign_in_links::id.eq(Uuid::now_v7()),
            sign_in_links::user_id.eq(user),
            sign_in_links::token_hash.eq(digest(token.expose())),
            sign_in_links::expires_at.eq(Utc::now() + LINK),
        ))
        .execute(conn)?;
    audit::record(conn, tenant, &audit::Entry::new("invited", "users", user.get()))?;
    Ok(token)
}

/// What sign-in must know of an account before it knows the tenant.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct Account {
    pub tenant_id: Uuid,
    pub id: UserId,
    pub password_hash: Option<String>,
}

/// The accounts that may sign in with `email`, in every active tenant; at most 20. As the platform.
pub fn accounts(conn: &mut PgConnection, email: &str) -> Result<Vec<Account>> {
    let accounts = users::table
        .inner_join(tenants::table)
        .filter(users::email.eq(email))
        .filter(users::is_active.eq(true).and(users::deleted_at.is_null()))
        .filter(tenants::status.eq(TenantStatus::Active).and(tenants::deleted_at.is_null()))
        .order((users::last_login_at.desc().nulls_last(), users::id))
        .limit(20)
        .select(Account::as_select())
        .load(conn)?;
    Ok(accounts)
}

/// Marks a sign-in, as the platform; the audit entry is the tenant's.
pub fn signed_in(conn: &mut PgConnection, account: &Account) -> Result<()> {
    diesel::update(users::table.filter(users::tenant_id.eq(account.tenant_id).and(users::id.eq(account.id))))
        .set(users::last_login_at.eq(Utc::now()))
        .execute(conn)?;
    Ok(())
}

/// Whether the user could sign in without anybody else's help.
pub fn has_password(conn: &mut PgConnection, tenant: TenantId, id: UserId) -> Result<bool> {
    Ok(of(tenant).filter(users::id.eq(id)).select(users::password_hash.is_not_null()).first(conn)?)
}

/// Whose unused link this is. As the platform.
///
/// # Errors
/// `NotFound` when it was used, has expired, never existed, or is of nobody who may sign in.
pub fn invited(conn: &mut PgConnection, token: &str) -> Result<Account> {
    let (tenant_id, id): (Uuid, UserId) = sign_in_links::table
        .filter(sign_in_links::token_hash.eq(digest(token)))
        .filter(sign_in_links::used_at.is_null().and(sign_in_links::expires_at.gt(Utc::now())))
        .select((sign_in_links::tenant_id, sign_in_links::user_id))
        .first(conn)?;
    may_sign_in(conn, tenant_id, id)?;
    Ok(Account { tenant_id, id, password_hash: None })
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

/// Uses a link up and sets the password it was for. As the platform.
///
/// # Errors
/// `NotFound` when another request used it first, or nobody who may sign in would; then it stays unused.
pub fn accept(conn: &mut PgConnection, token: &str, password_hash: &str) -> Result<Account> {
    let (tenant_id, id) = use_up(conn, token)?;
    let set = (users::password_hash.eq(password_hash), users::is_verified.eq(true), users::updated_at.eq(Utc::now()));
    let user = users::table.filter(users::tenant_id.eq(tenant_id).and(users::id.eq(id)));
    match diesel::update(user).set(set).execute(conn)? {
        0 => Err(Error::NotFound),
        _ => Ok(Account { tenant_id, id, password_hash: None }),
    }
}

/// Marks a link as used, once.
fn use_up(conn: &mut PgConnection, token: &str) -> Result<(Uuid, UserId)> {
    let unused = sign_in_links::used_at.is_null().and(sign_in_links::expires_at.gt(Utc::now()));
    let (tenant_id, id) =
        diesel::update(sign_in_links::table.filter(sign_in_links::token_hash.eq(digest(token)).and(unused)))
            .set(sign_in_links::used_at.eq(Utc::now()))
            .returning((sign_in_links::tenant_id, sign_in_links::user_id))
            .get_result(conn)?;
    may_sign_in(conn, tenant_id, id)?;
    Ok((tenant_id, id))
}

/// The user whom an unused link of the tenant invites, and the address that it was sent to.
///
/// # Errors
/// As `invited`.
pub fn invited_address(conn: &mut PgConnection, tenant: TenantId, token: &str) -> Result<(UserId, String)> {
    let account = invited(conn, token)?;
    let address = of(tenant).filter(users::id.eq(account.id)).select(users::email).first(conn)?;
    Ok((account.id, address))
}

/// Uses a link up for somebody who will sign in without a password; what proves them instead belongs to the same
/// transaction.
///
/// # Errors
/// As `accept`.
pub fn accept_without_password(conn: &mut PgConnection, tenant: TenantId, token: &str) -> Result<UserId> {
    let id = use_up(conn, token)?.1;
    let user = of(tenant).filter(users::id.eq(id));
    let set = (users::is_verified.eq(true), users::updated_at.eq(Utc::now()));
    diesel::update(user).set(set).execute(conn)?;
    audit::record(conn, tenant, &audit::Entry::new("accepted", "users", id.get()))?;
    Ok(id)
}

fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
