//! Tenants as the platform sees them: names, figures and administrators, nobody's words. As the platform's role.

use crate::kit::access::Role;
use crate::kit::db::step_down;
use crate::kit::error::{Error, Result};
use crate::kit::mail::{Letter, Link, Mailer};
use crate::kit::page::TextCursor;
use crate::kit::public_url::PublicUrl;
use crate::kit::tenant::{TenantId, TenantStatus};
use crate::schema::{tenant_days, tenants, users, waha_sessions};
use crate::support::model::{self as support, Grant};
use crate::tenants::administration::{self, Tenant, TenantDetails};
use crate::tenants::days::SHOWN;
use crate::tenants::limits::{self, Use};
use crate::tenants::model::{PLATFORM, TenantKey};
use crate::users::model::{self as people, UserData, UserId};
use chrono::{Days, Utc};
use diesel::dsl::{auto_type, count_star, sum};
use diesel::prelude::*;
use std::collections::HashMap;
use uuid::Uuid;

pub const PAGE: usize = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// All but the deleted.
    #[default]
    Living,
    Active,
    Inactive,
    Deleted,
}

#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub words: String,
    pub state: State,
}

/// A line of the list. The figures of all lines are read together.
#[derive(Debug, Clone)]
pub struct Line {
    pub tenant: Tenant,
    pub users: i64,
    pub numbers: i64,
    /// In and out on the last thirty days; some minutes old.
    pub messages: i64,
}

#[auto_type]
fn of_platform() -> _ {
    let own: Uuid = PLATFORM;
    tenants::table.filter(tenants::id.ne(own))
}

/// By name; `size` + 1 lines where more follow.
pub fn page(conn: &mut PgConnection, filter: &Filter, after: Option<TextCursor>, size: usize) -> Result<Vec<Line>> {
    let mut rows = of_platform().into_boxed();
    rows = match filter.state {
        State::Living => rows.filter(tenants::deleted_at.is_null()),
        State::Active => rows.filter(tenants::deleted_at.is_null().and(tenants::status.eq(TenantStatus::Active))),
        State::Inactive => rows.filter(tenants::deleted_at.is_null().and(tenants::status.eq(TenantStatus::Inactive))),
        State::Deleted => rows.filter(tenants::deleted_at.is_not_null()),
    };
    if !filter.words.is_empty() {
        let like = format!("%{}%", filter.words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        rows = rows.filter(tenants::name.ilike(like.clone()).or(tenants::slug.ilike(like)));
    }
    if let Some(TextCursor { text, id }) = after {
        let same = lower(tenants::name).eq(lower(text.clone())).and(tenants::id.gt(id));
        rows = rows.filter(lower(tenants::name).gt(lower(text)).or(same));
    }
    let found: Vec<Tenant> = rows
        .order((lower(tenants::name), tenants::id))
        .limit(i64::try_from(size + 1).unwrap_or(i64::MAX))
        .select(Tenant::as_select())
        .load(conn)?;
    figures(conn, found)
}

fn figures(conn: &mut PgConnection, found: Vec<Tenant>) -> Result<Vec<Line>> {
    let keys: Vec<TenantKey> = found.iter().map(|tenant| tenant.id).collect();
    let active = users::tenant_id.eq_any(&keys).and(users::deleted_at.is_null()).and(users::is_active.eq(true));
    let users: Vec<(Uuid, i64)> =
        users::table.filter(active).group_by(users::tenant_id).select((users::tenant_id, count_star())).load(conn)?;
    let numbers: Vec<(Uuid, i64)> = waha_sessions::table
        .filter(waha_sessions::tenant_id.eq_any(&keys).and(waha_sessions::deleted_at.is_null()))
        .group_by(waha_sessions::tenant_id)
        .select((waha_sessions::tenant_id, count_star()))
        .load(conn)?;
    let since = Utc::now().date_naive() - Days::new(SHOWN);
    let messages: Vec<(Uuid, Option<i64>, Option<i64>)> = tenant_days::table
        .filter(tenant_days::tenant_id.eq_any(&keys).and(tenant_days::day.ge(since)))
        .group_by(tenant_days::tenant_id)
        .select((tenant_days::tenant_id, sum(tenant_days::messages_in), sum(tenant_days::messages_out)))
        .load(conn)?;
    let messages = messages.into_iter().map(|(id, came, went)| (id, came.unwrap_or(0) + went.unwrap_or(0)));
    let (users, numbers): (HashMap<_, _>, HashMap<_, _>) = (users.into_iter().collect(), numbers.into_iter().collect());
    let messages: HashMap<Uuid, i64> = messages.collect();
    let of = |figures: &HashMap<Uuid, i64>, tenant: &Tenant| figures.get(&tenant.id.get()).copied().unwrap_or(0);
    let line = |tenant: Tenant| Line {
        users: of(&users, &tenant),
        numbers: of(&numbers, &tenant),
        messages: of(&messages, &tenant),
        tenant,
    };
    Ok(found.into_iter().map(line).collect())
}

/// How many there are in each state: active, inactive, deleted.
pub fn counts(conn: &mut PgConnection) -> Result<(i64, i64, i64)> {
    let living: Vec<(TenantStatus, i64)> = of_platform()
        .filter(tenants::deleted_at.is_null())
        .group_by(tenants::status)
        .select((tenants::status, count_star()))
        .load(conn)?;
    let of = |wanted| living.iter().find(|(status, _)| *status == wanted).map_or(0, |(_, count)| *count);
    let deleted = of_platform().filter(tenants::deleted_at.is_not_null()).select(count_star()).first(conn)?;
    Ok((of(TenantStatus::Active), of(TenantStatus::Inactive), deleted))
}

/// Somebody who looks after a tenant.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct Administrator {
    pub id: UserId,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub is_active: bool,
    pub is_verified: bool,
    #[diesel(select_expression = users::password_hash.is_not_null())]
    pub has_password: bool,
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

impl Administrator {
    /// Has not used the link yet.
    pub fn is_invited(&self) -> bool {
        !self.is_verified && !self.has_password
    }
}

/// Everything that the page of one tenant shows.
#[derive(Debug, Clone)]
pub struct Seen {
    pub line: Line,
    pub uses: [Use; 4],
    pub administrators: Vec<Administrator>,
    /// The support access that stands now.
    pub support: Option<Grant>,
}

/// # Errors
/// `NotFound` for an id that is nobody's.
pub fn see(conn: &mut PgConnection, tenant: TenantId) -> Result<Seen> {
    let found = administration::find(conn, tenant)?;
    let line = figures(conn, vec![found])?.pop().ok_or(Error::NotFound)?;
    Ok(Seen {
        line,
        uses: limits::uses(conn, tenant)?,
        administrators: administrators(conn, tenant)?,
        support: support::open(conn, tenant)?,
    })
}

#[auto_type]
fn administrators_of(tenant: TenantId) -> _ {
    let role: Role = Role::TenantAdmin;
    users::table.filter(users::tenant_id.eq(tenant)).filter(users::role.eq(role)).filter(users::deleted_at.is_null())
}

fn administrators(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<Administrator>> {
    Ok(administrators_of(tenant).order(users::id).limit(20).select(Administrator::as_select()).load(conn)?)
}

/// What may be done to a tenant as a whole.
#[derive(Debug, Clone)]
pub enum Step {
    Deactivate,
    Activate,
    /// With what was typed as its name.
    Delete {
        typed: String,
    },
    Restore,
}

impl Step {
    /// What the form shows again when the step is refused.
    pub fn typed(&self) -> String {
        match self {
            Self::Delete { typed } => typed.clone(),
            _ => String::new(),
        }
    }
}

/// # Errors
/// `NotFound` for an id that is nobody's; `Refused` with the reason.
pub fn take(conn: &mut PgConnection, tenant: TenantId, step: &Step) -> Result<()> {
    match step {
        Step::Deactivate => {
            administration::deactivate(conn, tenant)?;
            support::end_open(conn, tenant)
        }
        Step::Activate => administration::activate(conn, tenant),
        Step::Delete { typed } => {
            administration::delete(conn, tenant, typed.trim())?;
            support::end_open(conn, tenant)
        }
        Step::Restore => administration::restore(conn, tenant),
    }
}

/// A one-time link, and the way it goes.
#[derive(Debug, Clone)]
pub struct Invited {
    pub name: String,
    pub email: String,
    /// The whole address.
    pub link: String,
    /// It is on its way by mail; else it is to be handed over.
    pub is_mailed: bool,
}

/// What an invitation needs besides the database.
#[derive(Clone)]
pub struct Post {
    pub mailer: Mailer,
    pub public_url: PublicUrl,
}

/// Makes the tenant with its first administrator, who gets a link to choose a password.
///
/// # Errors
/// `Taken` by the name of the constraint: name, slug.
pub fn found(
    conn: &mut PgConnection,
    tenant: TenantId,
    details: &TenantDetails,
    administrator: &UserData,
    post: &Post,
) -> Result<Invited> {
    administration::create(conn, tenant, details)?;
    let id = people::create(conn, tenant, administrator)?;
    let name = format!("{} {}", administrator.first_name, administrator.last_name);
    invite(conn, tenant, (id, name, administrator.email.clone()), &details.name, post)
}

/// A new link for an administrator who has not used the first one.
///
/// # Errors
/// `NotFound` for somebody else; `Refused` for who has a password already, and where the tenant is not at work.
pub fn invite_again(conn: &mut PgConnection, tenant: TenantId, user: UserId, post: &Post) -> Result<Invited> {
    let at = administration::find(conn, tenant)?;
    let row = administrators_of(tenant).filter(users::id.eq(user));
    let person: Administrator = row.select(Administrator::as_select()).first(conn)?;
    let name = format!("{} {}", person.first_name, person.last_name);
    if !person.is_invited() || !person.is_active || !at.is_at_work() {
        return Err(Error::Refused(format!(
            "{name} cannot be invited: only who has not signed in yet can, and only while the tenant is active."
        )));
    }
    step_down(conn)?;
    invite(conn, tenant, (user, name, person.email), &at.details.name, post)
}

fn invite(
    conn: &mut PgConnection,
    tenant: TenantId,
    (id, name, email): (UserId, String, String),
    to: &str,
    post: &Post,
) -> Result<Invited> {
    let token = people::invite(conn, tenant, id)?;
    let link = post.public_url.to(&format!("/welcome/{}", token.expose()));
    let is_mailed = post.mailer.is_configured();
    if is_mailed {
        let lines = vec![
            format!("Hello {name},"),
            format!("you are the administrator of {to} on Switchboard. With this link you choose your password."),
            "It works once, and for 72 hours.".into(),
        ];
        let label = "Choose a password".into();
        let subject = format!("Your invitation to {to}");
        let letter = Letter { to: email.clone(), subject, lines, link: Some(Link { label, url: link.clone() }) };
        post.mailer.post(conn, tenant, &letter)?;
    }
    Ok(Invited { name, email, link, is_mailed })
}
