//! Who has an account: the list of Settings → Users, a page at a time, and each person's row.

use super::model::UserId;
use crate::kit::access::Role;
use crate::kit::error::Result;
use crate::kit::page::TextCursor;
use crate::kit::tenant::TenantId;
use crate::schema::users;
use chrono::{DateTime, Utc};
use diesel::dsl::{auto_type, count};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamptz};
use serde::{Deserialize, Serialize};

/// People per page.
pub const PAGE: usize = 50;
/// Of those who can be chosen in a form.
const EVERYBODY: usize = 5000;
/// Rows at once, for a list that was scrolled down and is shown anew.
pub const MOST: usize = 500;

#[diesel::declare_sql_function]
extern "SQL" {
    fn lower(text: Text) -> Text;
    #[sql_name = "coalesce"]
    fn at_or(at: Nullable<Timestamptz>, otherwise: Timestamptz) -> Timestamptz;
}

/// Where somebody is between being asked in and having left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Active,
    /// Has not used a one-time link yet.
    Invited,
    Deactivated,
    Deleted,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Active, Self::Invited, Self::Deactivated, Self::Deleted];

    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Invited => "invited",
            Self::Deactivated => "deactivated",
            Self::Deleted => "deleted",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    #[default]
    Name,
    Newest,
    /// Whoever signed in last comes first, who never did comes last.
    Seen,
}

impl Sort {
    pub const ALL: [Self; 3] = [Self::Name, Self::Newest, Self::Seen];

    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Newest => "newest",
            Self::Seen => "seen",
        }
    }
}

/// What the list shows.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Filter {
    pub role: Option<Role>,
    /// None: everybody who was not deleted.
    pub state: Option<State>,
    /// Part of a name, or of an address. Empty: no search.
    pub words: String,
    pub sort: Sort,
    /// Whether the searcher may learn who has which address.
    #[serde(skip)]
    pub by_address: bool,
}

/// Somebody with an account, or who had one.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct Person {
    pub id: UserId,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub role: Role,
    pub is_active: bool,
    pub is_verified: bool,
    pub company_name: Option<String>,
    pub last_login_at: Option<DateTime<Utc>>,
    pub time_zone: Option<String>,
    pub locale: Option<String>,
    pub created_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
}

impl Person {
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    pub fn state(&self) -> State {
        match (self.deleted_at, self.is_active, self.is_verified) {
            (Some(_), ..) => State::Deleted,
            (None, false, _) => State::Deactivated,
            (None, true, false) => State::Invited,
            (None, true, true) => State::Active,
        }
    }
}

/// Also those who were deleted.
#[auto_type]
pub(super) fn ever_of(tenant: TenantId) -> _ {
    users::table.filter(users::tenant_id.eq(tenant))
}

#[auto_type]
fn name_key() -> _ {
    let space: &'static str = " ";
    lower(users::first_name.concat(space).concat(users::last_name))
}

/// `size + 1` people after `after`, so that `page::cut` can tell whether more follow; with the place of each.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    filter: &Filter,
    after: Option<TextCursor>,
    size: usize,
) -> Result<Vec<(Person, TextCursor)>> {
    let mut rows = ever_of(tenant).into_boxed::<Pg>();
    rows = match filter.state {
        None => rows.filter(users::deleted_at.is_null()),
        Some(State::Deleted) => rows.filter(users::deleted_at.is_not_null()),
        Some(State::Deactivated) => rows.filter(users::deleted_at.is_null().and(users::is_active.eq(false))),
        Some(State::Invited) => rows.filter(users::deleted_at.is_null().and(users::is_active.eq(true))),
        Some(State::Active) => rows.filter(users::deleted_at.is_null().and(users::is_active.eq(true))),
    };
    if let Some(State::Invited | State::Active) = filter.state {
        rows = rows.filter(users::is_verified.eq(filter.state == Some(State::Active)));
    }
    if let Some(role) = filter.role {
        rows = rows.filter(users::role.eq(role));
    }
    if !filter.words.is_empty() {
        let like = containing(&filter.words);
        let named = name_key().like(like.clone());
        rows = match filter.by_address {
            true => rows.filter(named.or(users::email.like(like))),
            false => rows.filter(named),
        };
    }
    let never = DateTime::UNIX_EPOCH;
    let seen = || at_or(users::last_login_at, never);
    if let Some(TextCursor { text, id }) = after {
        let id = UserId::from(id);
        rows = match filter.sort {
            Sort::Name => rows.filter(name_key().gt(text.clone()).or(name_key().eq(text).and(users::id.gt(id)))),
            Sort::Newest => rows.filter(users::id.lt(id)),
            Sort::Seen => {
                let at = text.parse().ok().and_then(DateTime::from_timestamp_micros).unwrap_or(never);
                rows.filter(seen().lt(at).or(seen().eq(at).and(users::id.lt(id))))
            }
        };
    }
    rows = match filter.sort {
        Sort::Name => rows.order((name_key(), users::id)),
        Sort::Newest => rows.order(users::id.desc()),
        Sort::Seen => rows.order((seen().desc(), users::id.desc())),
    };
    let size = i64::try_from(size).unwrap_or(i64::MAX - 1);
    let people: Vec<(Person, String)> = rows.limit(size + 1).select((Person::as_select(), name_key())).load(conn)?;
    Ok(people.into_iter().map(|(person, key)| placed(person, key, filter.sort)).collect())
}

fn placed(person: Person, key: String, sort: Sort) -> (Person, TextCursor) {
    let text = match sort {
        Sort::Name => key,
        Sort::Newest => String::new(),
        Sort::Seen => person.last_login_at.map_or(0, |at| at.timestamp_micros()).to_string(),
    };
    let place = TextCursor { text, id: person.id.get() };
    (person, place)
}

/// The pattern of texts that contain `words`, in lower case.
fn containing(words: &str) -> String {
    let plain = words.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{plain}%")
}

/// How many people are in each of `State::ALL`.
pub fn counts(conn: &mut PgConnection, tenant: TenantId) -> Result<[i64; 4]> {
    let there = || users::deleted_at.is_null();
    let works = || there().and(users::is_active.eq(true));
    let (active, invited, deactivated, deleted) = ever_of(tenant)
        .select((
            count(users::id).aggregate_filter(works().and(users::is_verified.eq(true))),
            count(users::id).aggregate_filter(works().and(users::is_verified.eq(false))),
            count(users::id).aggregate_filter(there().and(users::is_active.eq(false))),
            count(users::id).aggregate_filter(users::deleted_at.is_not_null()),
        ))
        .first::<(i64, i64, i64, i64)>(conn)?;
    Ok([active, invited, deactivated, deleted])
}

/// # Errors
/// `NotFound` for another tenant's; those who were deleted are found.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: UserId) -> Result<Person> {
    Ok(ever_of(tenant).filter(users::id.eq(id)).select(Person::as_select()).first(conn)?)
}

/// Everybody who was not deleted, by name; more than a form could show are left out.
pub fn everybody(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<Person>> {
    let people = page(conn, tenant, &Filter::default(), None, EVERYBODY)?;
    Ok(people.into_iter().map(|(person, _)| person).collect())
}

/// How many of these are there and were not deleted.
pub fn count_present(conn: &mut PgConnection, tenant: TenantId, ids: &[UserId]) -> Result<usize> {
    let present = ever_of(tenant).filter(users::deleted_at.is_null().and(users::id.eq_any(ids)));
    let count: i64 = present.count().get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or_default())
}
