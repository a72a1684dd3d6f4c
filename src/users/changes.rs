//! What administrators do with people: ask them in, change them, shut them out, let them in again.

use super::directory::{self, Person, State, ever_of};
use super::model::{self, UserData, UserId};
use crate::kit::access::Role;
use crate::kit::audit::{self, Entry};
use crate::kit::db::take_turns;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::secret::Secret;
use crate::kit::sessions::USER_CHANGED;
use crate::kit::tenant::TenantId;
use crate::schema::{sign_in_links, user_sessions, users};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

/// What a form says about somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
pub struct UserDetails {
    /// Lower case.
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub role: Role,
    pub company_name: Option<String>,
    /// IANA name; None: the tenant's.
    pub time_zone: Option<String>,
    pub locale: Option<String>,
}

impl UserDetails {
    fn of(person: Person) -> Self {
        Self {
            email: person.email,
            first_name: person.first_name,
            last_name: person.last_name,
            role: person.role,
            company_name: person.company_name,
            time_zone: person.time_zone,
            locale: person.locale,
        }
    }
}

#[auto_type]
fn sessions_of(tenant: TenantId) -> _ {
    user_sessions::table.filter(user_sessions::tenant_id.eq(tenant))
}

#[auto_type]
fn links_of(tenant: TenantId) -> _ {
    sign_in_links::table.filter(sign_in_links::tenant_id.eq(tenant))
}

/// Makes an account without a password; [`invite`] gives its owner the link to choose one.
///
/// # Errors
/// `Taken("users_email_taken")` within the tenant.
pub fn create(conn: &mut PgConnection, tenant: TenantId, details: &UserDetails) -> Result<UserId> {
    let data = UserData {
        email: details.email.clone(),
        first_name: details.first_name.clone(),
        last_name: details.last_name.clone(),
        role: details.role,
        password_hash: None,
    };
    let id = model::create(conn, tenant, &data)?;
    set(conn, tenant, id, details)?;
    live::announce(conn, tenant, USER_CHANGED, id.get())?;
    Ok(id)
}

/// Gives somebody a one-time link to choose a password; earlier ones lead nowhere from then on.
///
/// # Errors
/// `Refused` for who may not sign in.
pub fn invite(conn: &mut PgConnection, tenant: TenantId, id: UserId) -> Result<(Person, Secret<String>)> {
    let person = locked(conn, tenant, id)?;
    if matches!(person.state(), State::Deactivated | State::Deleted) {
        return Err(Error::Refused(format!("{} may not sign in, so there is no link.", person.name())));
    }
    void_links(conn, tenant, id)?;
    let token = model::invite(conn, tenant, id)?;
    Ok((person, token))
}

/// Changes what stands in the form; a new role counts on the next request, a new address voids open links.
///
/// # Errors
/// `Taken("users_email_taken")`; `Refused` when the tenant would be left without an administrator.
pub fn edit(conn: &mut PgConnection, tenant: TenantId, id: UserId, details: &UserDetails) -> Result<()> {
    let person = locked(conn, tenant, id)?;
    if person.deleted_at.is_some() {
        return Err(Error::Refused(format!("{} was deleted. Restore the account to change it.", person.name())));
    }
    if details.role != Role::TenantAdmin {
        keep_an_administrator(conn, tenant, &person)?;
    }
    if details.email != person.email {
        void_links(conn, tenant, id)?;
    }
    set(conn, tenant, id, details)?;
    live::announce(conn, tenant, USER_CHANGED, id.get())
}

/// Shuts somebody out, everywhere and at once; what they did stays.
///
/// # Errors
/// `Refused` for oneself, and for the last administrator.
pub fn deactivate(conn: &mut PgConnection, tenant: TenantId, actor: UserId, id: UserId) -> Result<()> {
    let person = locked(conn, tenant, id)?;
    if matches!(person.state(), State::Deactivated | State::Deleted) {
        return Ok(());
    }
    if id == actor {
        return Err(Error::Refused("You cannot deactivate yourself. Another administrator can.".into()));
    }
    keep_an_administrator(conn, tenant, &person)?;
    set_active(conn, tenant, id, false)?;
    shut_out(conn, tenant, id)
}

/// Lets somebody sign in again.
pub fn activate(conn: &mut PgConnection, tenant: TenantId, id: UserId) -> Result<()> {
    if locked(conn, tenant, id)?.state() != State::Deactivated {
        return Ok(());
    }
    set_active(conn, tenant, id, true)?;
    live::announce(conn, tenant, USER_CHANGED, id.get())
}

/// Takes an account away; its address is free again, and it can be restored.
///
/// # Errors
/// `Refused` for oneself, and for the last administrator.
pub fn delete(conn: &mut PgConnection, tenant: TenantId, actor: UserId, id: UserId) -> Result<()> {
    let person = locked(conn, tenant, id)?;
    if person.deleted_at.is_some() {
        return Ok(());
    }
    if id == actor {
        return Err(Error::Refused("You cannot delete yourself. Another administrator can.".into()));
    }
    keep_an_administrator(conn, tenant, &person)?;
    set_deleted(conn, tenant, id, Some(Utc::now()))?;
    let entry = Entry::new("deleted", "users", id.get()).before(UserDetails::of(person));
    audit::record(conn, tenant, &entry)?;
    shut_out(conn, tenant, id)
}

/// Brings a deleted account back as it was, signed in nowhere.
///
/// # Errors
/// `Refused` when somebody else has its address by now.
pub fn restore(conn: &mut PgConnection, tenant: TenantId, id: UserId) -> Result<()> {
    let person = locked(conn, tenant, id)?;
    if person.deleted_at.is_none() {
        return Ok(());
    }
    set_deleted(conn, tenant, id, None).map_err(|error| match error {
        Error::Taken(_) => Error::Refused(format!(
            "{} is somebody else's address by now. Change it there, then restore {}.",
            person.email,
            person.name()
        )),
        error => error,
    })?;
    let entry = Entry::new("restored", "users", id.get()).after(UserDetails::of(person));
    audit::record(conn, tenant, &entry)?;
    live::announce(conn, tenant, USER_CHANGED, id.get())
}

/// The row, after everybody who changes one of the tenant's people: of two who go at once, the second sees what the
/// first has left.
fn locked(conn: &mut PgConnection, tenant: TenantId, id: UserId) -> Result<Person> {
    take_turns(conn, &format!("people of {tenant}"))?;
    directory::find(conn, tenant, id)
}

/// # Errors
/// `Refused` when `person` is the only one left who can look after the tenant's people.
fn keep_an_administrator(conn: &mut PgConnection, tenant: TenantId, person: &Person) -> Result<()> {
    if person.role != Role::TenantAdmin || person.state() != State::Active {
        return Ok(());
    }
    let others: i64 = ever_of(tenant)
        .filter(users::deleted_at.is_null().and(users::is_active.eq(true)).and(users::is_verified.eq(true)))
        .filter(users::role.eq(Role::TenantAdmin).and(users::id.ne(person.id)))
        .count()
        .get_result(conn)?;
    match others {
        0 => {
            let name = person.name();
            Err(Error::Refused(format!("{name} is the only active administrator. Make somebody else one first.")))
        }
        _ => Ok(()),
    }
}

fn set(conn: &mut PgConnection, tenant: TenantId, id: UserId, details: &UserDetails) -> Result<()> {
    let before = UserDetails::of(directory::find(conn, tenant, id)?);
    let Some((before, after)) = audit::difference(&before, details)? else { return Ok(()) };
    diesel::update(ever_of(tenant).filter(users::id.eq(id)))
        .set((details, users::updated_at.eq(Utc::now())))
        .execute(conn)?;
    audit::record(conn, tenant, &Entry::new("changed", "users", id.get()).before(before).after(after))
}

fn set_active(conn: &mut PgConnection, tenant: TenantId, id: UserId, is_active: bool) -> Result<()> {
    diesel::update(ever_of(tenant).filter(users::id.eq(id)))
        .set((users::is_active.eq(is_active), users::updated_at.eq(Utc::now())))
        .execute(conn)?;
    let entry = Entry::new(if is_active { "activated" } else { "deactivated" }, "users", id.get());
    let (before, after) = (json!({ "is_active": !is_active }), json!({ "is_active": is_active }));
    audit::record(conn, tenant, &entry.before(before).after(after))
}

fn set_deleted(conn: &mut PgConnection, tenant: TenantId, id: UserId, at: Option<DateTime<Utc>>) -> Result<()> {
    diesel::update(ever_of(tenant).filter(users::id.eq(id)))
        .set((users::deleted_at.eq(at), users::updated_at.eq(Utc::now())))
        .execute(conn)?;
    Ok(())
}

/// Ends what somebody could still come in by: open browsers and links.
fn shut_out(conn: &mut PgConnection, tenant: TenantId, id: UserId) -> Result<()> {
    let ended: Vec<Uuid> = diesel::update(sessions_of(tenant))
        .filter(user_sessions::user_id.eq(id).and(user_sessions::is_revoked.eq(false)))
        .set((user_sessions::is_revoked.eq(true), user_sessions::updated_at.eq(Utc::now())))
        .returning(user_sessions::id)
        .get_results(conn)?;
    for session in ended {
        live::announce(conn, tenant, live::SESSION_ENDED, session)?;
    }
    void_links(conn, tenant, id)?;
    live::announce(conn, tenant, USER_CHANGED, id.get())
}

fn void_links(conn: &mut PgConnection, tenant: TenantId, id: UserId) -> Result<()> {
    diesel::update(links_of(tenant))
        .filter(sign_in_links::user_id.eq(id).and(sign_in_links::used_at.is_null()))
        .filter(sign_in_links::expires_at.gt(Utc::now()))
        .set(sign_in_links::expires_at.eq(Utc::now()))
        .execute(conn)?;
    Ok(())
}
