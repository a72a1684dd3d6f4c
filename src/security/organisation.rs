//! An organisation's rules for signing in: how long sessions last, and who needs a second factor.

use crate::kit::access::Role;
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::sessions::USER_CHANGED;
use crate::kit::tenant::TenantId;
use crate::tenants::settings::{self, Settings};
use diesel::PgConnection;

/// What the form of rules decides.
#[derive(Debug, Clone)]
pub struct Rules {
    pub session_idle_hours: u32,
    pub session_days: u32,
    pub second_factor_roles: Vec<Role>,
}

/// Sets them; they count on everybody's next request.
pub fn change(conn: &mut PgConnection, tenant: TenantId, rules: Rules) -> Result<Settings> {
    let changed = settings::change(conn, tenant, |settings| Settings {
        session_idle_hours: rules.session_idle_hours,
        session_days: rules.session_days,
        second_factor_roles: rules.second_factor_roles,
        ..settings
    })?;
    // Sessions are kept for seconds; the event makes every process read them anew.
    live::announce(conn, tenant, USER_CHANGED, tenant.get())?;
    Ok(changed)
}
