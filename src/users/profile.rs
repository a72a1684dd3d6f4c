//! What people may change about themselves.

use super::directory::ever_of;
use super::model::UserId;
use super::preferences::Preferences;
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::sessions::USER_CHANGED;
use crate::kit::tenant::TenantId;
use crate::schema::{tenants, users};
use chrono::Utc;
use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Profile {
    pub first_name: String,
    pub last_name: String,
    /// IANA name; None: the tenant's.
    pub time_zone: Option<String>,
    pub locale: Option<String>,
    pub preferences: Preferences,
}

/// What holds for those who have chosen nothing.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = tenants)]
pub struct House {
    pub time_zone: String,
    pub locale: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct Row {
    first_name: String,
    last_name: String,
    time_zone: Option<String>,
    locale: Option<String>,
    preferences: Value,
}

impl From<Row> for Profile {
    fn from(row: Row) -> Self {
        let Row { first_name, last_name, time_zone, locale, preferences } = row;
        Self { first_name, last_name, time_zone, locale, preferences: Preferences::of(preferences) }
    }
}

pub fn find(conn: &mut PgConnection, tenant: TenantId, id: UserId) -> Result<Profile> {
    let row = ever_of(tenant).filter(users::id.eq(id)).select(Row::as_select()).first(conn)?;
    Ok(row.into())
}

/// What somebody has chosen; None for whoever is no user of this tenant.
pub fn preferences(conn: &mut PgConnection, tenant: TenantId, id: UserId) -> Result<Option<Preferences>> {
    let own = ever_of(tenant).filter(users::id.eq(id)).select(users::preferences);
    Ok(own.first(conn).optional()?.map(Preferences::of))
}

/// The running tenant's own choices.
pub fn house(conn: &mut PgConnection, tenant: TenantId) -> Result<House> {
    Ok(tenants::table.filter(tenants::id.eq(tenant.get())).select(House::as_select()).first(conn)?)
}

/// Makes it what `change` makes of it.
pub fn edit(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: UserId,
    change: impl FnOnce(Profile) -> Profile,
) -> Result<()> {
    let own = || ever_of(tenant).filter(users::id.eq(id));
    let before: Profile = own().select(Row::as_select()).for_update().first(conn)?.into();
    let after = change(before.clone());
    let Some((was, is)) = audit::difference(&before, &after)? else { return Ok(()) };
    diesel::update(own())
        .set((
            users::first_name.eq(&after.first_name),
            users::last_name.eq(&after.last_name),
            users::time_zone.eq(&after.time_zone),
            users::locale.eq(&after.locale),
            users::preferences.eq(serde_json::to_value(&after.preferences)?),
            users::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    audit::record(conn, tenant, &Entry::new("changed", "users", id.get()).before(was).after(is))?;
    live::announce(conn, tenant, USER_CHANGED, id.get())
}
