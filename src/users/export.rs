//! The list of users as a table for a spreadsheet.

use super::directory::{self, Filter, Person};
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::page;
use crate::kit::sheet;
use crate::kit::tenant::TenantId;
use chrono::{DateTime, SecondsFormat, Utc};
use diesel::PgConnection;
use serde_json::json;

const HEAD: [&str; 12] = [
    "id",
    "email",
    "first_name",
    "last_name",
    "role",
    "state",
    "company_name",
    "time_zone",
    "locale",
    "last_login_at",
    "created_at",
    "deleted_at",
];

/// Everybody whom `filter` shows, in its order; who took it and how many is written down.
pub fn csv(conn: &mut PgConnection, tenant: TenantId, filter: &Filter) -> Result<Vec<u8>> {
    let (mut people, mut after) = (Vec::new(), None);
    loop {
        let (found, has_more) =
            page::cut(directory::page(conn, tenant, filter, after, directory::MOST)?, directory::MOST);
        after = found.last().map(|(_, place)| place.clone());
        people.extend(found.into_iter().map(|(person, _)| person));
        if !has_more {
            break;
        }
    }
    let entry = Entry::of("exported", "users").after(json!({ "filter": filter, "rows": people.len() }));
    audit::record(conn, tenant, &entry)?;
    sheet::csv(HEAD, people.into_iter().map(row))
}

fn row(person: Person) -> [String; 12] {
    let state = person.state().word().to_owned();
    [
        person.id.to_string(),
        person.email,
        person.first_name,
        person.last_name,
        person.role.word().to_owned(),
        state,
        person.company_name.unwrap_or_default(),
        person.time_zone.unwrap_or_default(),
        person.locale.unwrap_or_default(),
        at(person.last_login_at),
        at(Some(person.created_at)),
        at(person.deleted_at),
    ]
}

fn at(at: Option<DateTime<Utc>>) -> String {
    at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default()
}
