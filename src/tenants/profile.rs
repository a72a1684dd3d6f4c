//! What an organisation says of itself and decides for itself. Its name, its limits and whether it is at work are the
//! platform's: the database refuses the tenant's own role to change them.

use super::settings;
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::sessions::USER_CHANGED;
use crate::kit::tenant::TenantId;
use crate::schema::tenants;
use chrono::Utc;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde::Serialize;

/// What its own administrators change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = tenants, treat_none_as_null = true)]
pub struct Profile {
    pub description: Option<String>,
    /// IANA name.
    pub time_zone: String,
    pub locale: String,
}

/// What else stands in that form, of the tenant's settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decisions {
    pub agents_see_all: bool,
    /// Two letters of the country from which numbers are dialled.
    pub phone_region: Option<String>,
}

impl Decisions {
    pub fn of(settings: &settings::Settings) -> Self {
        Self { agents_see_all: settings.agents_see_all, phone_region: settings.phone_region.clone() }
    }
}

/// What the platform has given it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = tenants)]
pub struct Identity {
    pub name: String,
    pub slug: String,
}

#[auto_type]
fn of(tenant: TenantId) -> _ {
    let id: uuid::Uuid = tenant.get();
    tenants::table.filter(tenants::id.eq(id))
}

pub fn find(conn: &mut PgConnection, tenant: TenantId) -> Result<(Identity, Profile)> {
    Ok(of(tenant).select((Identity::as_select(), Profile::as_select())).first(conn)?)
}

/// Changes both at once; every session of the tenant reads them anew.
pub fn change(conn: &mut PgConnection, tenant: TenantId, profile: &Profile, decided: &Decisions) -> Result<()> {
    let before: Profile = of(tenant).select(Profile::as_select()).for_no_key_update().first(conn)?;
    if let Some((before, after)) = audit::difference(&before, profile)? {
        diesel::update(of(tenant)).set((profile, tenants::updated_at.eq(Utc::now()))).execute(conn)?;
        let entry = Entry::new("changed", "tenants", tenant.get());
        audit::record(conn, tenant, &entry.before(before).after(after))?;
    }
    let Decisions { agents_see_all, phone_region } = decided.clone();
    settings::change(conn, tenant, |settings| settings::Settings { agents_see_all, phone_region, ..settings })?;
    live::announce(conn, tenant, USER_CHANGED, tenant.get())
}
