//! Users and their SQL.

pub use super::links::{accept, invite, invited};
use crate::ids;
use crate::kit::access::Role;
use crate::kit::audit;
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::sessions::USER_CHANGED;
use crate::kit::tenant::{TenantId, TenantStatus};
use crate::schema::{tenants, user_sessions, users};
use chrono::Utc;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;

ids! {
    /// A person with an account.
    UserId,
}

/// Of all demo accounts, which exist on the loopback interface only.
pub const DEMO_PASSWORD: &str = "demo-switchboard";

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
    // Whoever comes with a password needs no link to prove that the address is theirs.
    let is_verified = users::is_verified.eq(data.password_hash.is_some());
    diesel::insert_into(users::table)
        .values((users::tenant_id.eq(tenant), users::id.eq(id), data, is_verified))
        .execute(conn)?;
    let after = json!({ "email": data.email, "role": data.role });
    audit::record(conn, tenant, &audit::Entry::new("created", "users", id.get()).after(after))?;
    Ok(id)
}

/// The user of that address within the tenant.
pub fn by_email(conn: &mut PgConnection, tenant: TenantId, email: &str) -> Result<Option<UserId>> {
    Ok(of(tenant).filter(users::email.eq(email)).select(users::id).first(conn).optional()?)
}

/// # Errors
/// `NotFound` when there is no such user in the tenant.
pub fn email(conn: &mut PgConnection, tenant: TenantId, id: UserId) -> Result<String> {
    Ok(of(tenant).filter(users::id.eq(id)).select(users::email).first(conn)?)
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
    audit::record(conn, tenant, &entry.changed(&preferences, &after))?;
    live::announce(conn, tenant, USER_CHANGED, id.get())
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

/// Replaces the hash of a password that has just fitted by one made with today's parameters. As the platform.
pub fn rehash(conn: &mut PgConnection, account: &Account, hash: &str) -> Result<()> {
    let was = users::password_hash.is_not_distinct_from(&account.password_hash);
    let user = users::table.filter(users::tenant_id.eq(account.tenant_id).and(users::id.eq(account.id)));
    diesel::update(user.filter(was)).set(users::password_hash.eq(hash)).execute(conn)?;
    Ok(())
}

/// What a guesser would try first as the password of this account. As the platform.
pub fn obvious(conn: &mut PgConnection, account: &Account) -> Result<Vec<String>> {
    let user = users::table
        .inner_join(tenants::table)
        .filter(users::tenant_id.eq(account.tenant_id).and(users::id.eq(account.id)))
        .select((users::email, users::first_name, users::last_name, tenants::name));
    let (email, first, last, tenant): (String, String, String, String) = user.first(conn)?;
    Ok(vec![email, first, last, tenant])
}

/// Whether somebody with this address has signed in from `ip` before. As the platform.
pub fn is_known_at(conn: &mut PgConnection, email: &str, ip: &str) -> Result<bool> {
    let of_user = users::tenant_id.eq(user_sessions::tenant_id).and(users::id.eq(user_sessions::user_id));
    let known = user_sessions::table
        .inner_join(users::table.on(of_user))
        .filter(users::email.eq(email).and(users::deleted_at.is_null()).and(user_sessions::ip_address.eq(ip)));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(conn)?)
}

/// The hash of a user's own password, for a check before something that matters.
pub fn password_hash(conn: &mut PgConnection, tenant: TenantId, id: UserId) -> Result<Option<String>> {
    Ok(of(tenant).filter(users::id.eq(id)).select(users::password_hash).first(conn)?)
}

/// Sets a user's own password.
pub fn change_password(conn: &mut PgConnection, tenant: TenantId, id: UserId, hash: &str) -> Result<()> {
    diesel::update(of(tenant).filter(users::id.eq(id)))
        .set((users::password_hash.eq(hash), users::updated_at.eq(Utc::now())))
        .execute(conn)?;
    audit::record(conn, tenant, &audit::Entry::new("changed_password", "users", id.get()))
}

/// Marks a sign-in, as the platform; the audit entry is the tenant's.
pub fn signed_in(conn: &mut PgConnection, account: &Account) -> Result<()> {
    diesel::update(users::table.filter(users::tenant_id.eq(account.tenant_id).and(users::id.eq(account.id))))
        .set(users::last_login_at.eq(Utc::now()))
        .execute(conn)?;
    Ok(())
}
