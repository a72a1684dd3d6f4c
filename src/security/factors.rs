//! Second factors: authenticator apps with one-time codes by time (RFC 6238), each good once; and whether any factor is left
//! when one goes. Passkeys have a room of their own.

use super::passkeys::model as passkeys;
use super::{codes, throttle};
use crate::kit::access::Role;
use crate::kit::audit;
use crate::kit::db::take_turns;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::secret::Secret;
use crate::kit::sessions::USER_CHANGED;
use crate::kit::tenant::TenantId;
use crate::kit::vault::{Vault, place};
use crate::schema::{authenticators, users};
use crate::tenants::settings;
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use totp_rs::{Algorithm, Builder, Totp};

/// Shown by the app beside the code.
const ISSUER: &str = "Switchboard";
/// Bytes; what RFC 4226 recommends.
const LENGTH: usize = 20;

/// Whether somebody has a second factor, and how many recovery codes are left.
#[derive(Debug, Clone, Copy, Default)]
pub struct State {
    pub since: Option<DateTime<Utc>>,
    pub has_app: bool,
    pub passkeys: i64,
    pub codes_left: i64,
}

#[auto_type]
fn of(tenant: TenantId) -> _ {
    authenticators::table.filter(authenticators::tenant_id.eq(tenant))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = authenticators)]
struct Row {
    secret: Vec<u8>,
    confirmed_at: Option<DateTime<Utc>>,
    last_step: i64,
}

pub fn state(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<State> {
    let since = users::table
        .filter(users::tenant_id.eq(tenant).and(users::id.eq(user)))
        .select(users::second_factor_since)
        .first(conn)?;
    let app = row(conn, tenant, user)?;
    let codes_left = codes::left(conn, tenant, user)?;
    let has_app = app.is_some_and(|row| row.confirmed_at.is_some());
    Ok(State { since, has_app, passkeys: passkeys::count(conn, tenant, user)?, codes_left })
}

/// The secret of an app that is being set up: the same until a code has confirmed it.
///
/// # Errors
/// `Refused` when an app is set up already.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, user: UserId, vault: &Vault, email: &str) -> Result<Totp> {
    let secret = match row(conn, tenant, user)? {
        Some(Row { confirmed_at: Some(_), .. }) => {
            return Err(Error::Refused("An authenticator app is set up already.".into()));
        }
        Some(row) => vault.open(&secret_place(user), &row.secret)?,
        None => insert(conn, tenant, user, vault)?,
    };
    totp(&secret, email)
}

/// The secret of an app that is being set up, where one is.
pub fn begun(
    conn: &mut PgConnection,
    tenant: TenantId,
    user: UserId,
    vault: &Vault,
    email: &str,
) -> Result<Option<Totp>> {
    match row(conn, tenant, user)?.filter(|row| row.confirmed_at.is_none()) {
        Some(row) => totp(&vault.open(&secret_place(user), &row.secret)?, email).map(Some),
        None => Ok(None),
    }
}

fn insert(conn: &mut PgConnection, tenant: TenantId, user: UserId, vault: &Vault) -> Result<Secret<Vec<u8>>> {
    let secret = Secret::new(rand::random::<[u8; LENGTH]>().to_vec());
    diesel::insert_into(authenticators::table)
        .values((
            authenticators::tenant_id.eq(tenant),
            authenticators::user_id.eq(user),
            authenticators::secret.eq(vault.seal(&secret_place(user), secret.expose())),
        ))
        .execute(conn)?;
    Ok(secret)
}

/// Counts the try that `check` is, and forgets it where the code was right: a code cannot be checked uncounted.
pub(super) fn counted<T>(
    conn: &mut PgConnection,
    user: UserId,
    check: impl FnOnce(&mut PgConnection) -> Result<Option<T>>,
) -> Result<Option<T>> {
    throttle::code(conn, &user.to_string())?;
    let right = check(conn)?;
    if right.is_some() {
        throttle::code_fitted(conn, &user.to_string())?;
    }
    Ok(right)
}

/// Takes the app into use when `code` is one of its codes, and answers ten recovery codes, to be shown once; None when
/// it is not.
///
/// # Errors
/// `TooMany` after too many tries.
pub fn confirm(
    conn: &mut PgConnection,
    tenant: TenantId,
    user: UserId,
    vault: &Vault,
    code: &str,
) -> Result<Option<Vec<Secret<String>>>> {
    counted(conn, user, |conn| {
        let Some(row) = row(conn, tenant, user)?.filter(|row| row.confirmed_at.is_none()) else { return Ok(None) };
        let Some(step) = step(&row, user, vault, code)? else { return Ok(None) };
        take_turns(conn, &passkeys::turn_of(user))?;
        diesel::update(of(tenant).filter(authenticators::user_id.eq(user)))
            .set((
                authenticators::confirmed_at.eq(Utc::now()),
                authenticators::last_step.eq(step),
                authenticators::updated_at.eq(Utc::now()),
            ))
            .execute(conn)?;
        audit::record(conn, tenant, &audit::Entry::new("added_second_factor", "users", user.get()))?;
        enabled(conn, tenant, user)?;
        codes::renew(conn, tenant, user, vault).map(Some)
    })
}

/// Whether `code` is one of the app's that was not used yet, or an unused recovery code; it is used up by this.
///
/// # Errors
/// `TooMany` after too many tries.
pub fn fits(conn: &mut PgConnection, tenant: TenantId, user: UserId, vault: &Vault, code: &str) -> Result<bool> {
    Ok(counted(conn, user, |conn| Ok(use_up(conn, tenant, user, vault, code)?.then_some(())))?.is_some())
}

fn use_up(conn: &mut PgConnection, tenant: TenantId, user: UserId, vault: &Vault, code: &str) -> Result<bool> {
    if let Some(row) = row(conn, tenant, user)?.filter(|row| row.confirmed_at.is_some())
        && let Some(step) = step(&row, user, vault, code)?
    {
        let unused = authenticators::user_id.eq(user).and(authenticators::last_step.lt(step));
        let used = diesel::update(of(tenant).filter(unused)).set(authenticators::last_step.eq(step)).execute(conn)?;
        return Ok(used == 1);
    }
    codes::use_up(conn, tenant, user, vault, code)
}

/// Takes every second factor away, by an administrator: the organisation may ask for a new one at once.
pub fn remove(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<()> {
    take_turns(conn, &passkeys::turn_of(user))?;
    diesel::delete(of(tenant).filter(authenticators::user_id.eq(user))).execute(conn)?;
    passkeys::forget(conn, tenant, user)?;
    codes::forget(conn, tenant, user)?;
    set_since(conn, tenant, user, None)?;
    audit::record(conn, tenant, &audit::Entry::new("removed_second_factor", "users", user.get()))?;
    live::announce(conn, tenant, USER_CHANGED, user.get())
}

/// Takes the app away, by its owner in that role. Passkeys stay, and with them the recovery codes.
///
/// # Errors
/// `Refused` when it is the last second factor and the organisation wants one.
pub fn remove_app(conn: &mut PgConnection, tenant: TenantId, user: UserId, role: Role) -> Result<()> {
    take_turns(conn, &passkeys::turn_of(user))?;
    diesel::delete(of(tenant).filter(authenticators::user_id.eq(user))).execute(conn)?;
    audit::record(conn, tenant, &audit::Entry::new("removed_second_factor", "users", user.get()))?;
    settle(conn, tenant, user, role)
}

/// From now on sign-in asks this user for a second factor; perhaps it did before.
pub fn enabled(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<()> {
    if state(conn, tenant, user)?.since.is_none() {
        set_since(conn, tenant, user, Some(Utc::now()))?;
    }
    live::announce(conn, tenant, USER_CHANGED, user.get())
}

/// After one factor went: without any other, sign-in no longer asks for one, and there is nothing to recover.
///
/// # Errors
/// `Refused` when the organisation wants one.
pub(super) fn settle(conn: &mut PgConnection, tenant: TenantId, user: UserId, role: Role) -> Result<()> {
    let left = state(conn, tenant, user)?;
    if !left.has_app && left.passkeys == 0 {
        if settings::find(conn, tenant)?.second_factor_roles.contains(&role) {
            return Err(Error::Refused("Your organisation wants a second factor from your role.".into()));
        }
        codes::forget(conn, tenant, user)?;
        set_since(conn, tenant, user, None)?;
    }
    live::announce(conn, tenant, USER_CHANGED, user.get())
}

fn set_since(conn: &mut PgConnection, tenant: TenantId, user: UserId, since: Option<DateTime<Utc>>) -> Result<()> {
    let row = users::table.filter(users::tenant_id.eq(tenant).and(users::id.eq(user)));
    diesel::update(row).set((users::second_factor_since.eq(since), users::updated_at.eq(Utc::now()))).execute(conn)?;
    Ok(())
}

fn row(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<Option<Row>> {
    let row = of(tenant).filter(authenticators::user_id.eq(user)).select(Row::as_select());
    Ok(row.first(conn).optional()?)
}

/// The thirty seconds to which `code` belongs: now, those before or those after; only later than the last one used.
fn step(row: &Row, user: UserId, vault: &Vault, code: &str) -> Result<Option<i64>> {
    let secret = vault.open(&secret_place(user), &row.secret)?;
    let digits: String = code.chars().filter(|char| !char.is_whitespace()).collect();
    let matched = totp(&secret, "")?.check_current(&digits).and_then(|step| i64::try_from(step).ok());
    Ok(matched.filter(|step| *step > row.last_step))
}

fn totp(secret: &Secret<Vec<u8>>, email: &str) -> Result<Totp> {
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1) // what every app understands
        .with_secret(secret.expose().clone())
        .with_issuer(Some(ISSUER))
        .with_account_name(email.replace(':', " "));
    totp.build().map_err(|cause| Error::unexpected(anyhow::anyhow!("TOTP: {cause}")))
}

fn secret_place(user: UserId) -> String {
    place("authenticators.secret", user)
}
