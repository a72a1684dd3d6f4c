//! How long entries are kept: the tenant's choice, and what makes it so each night.

use super::model::AuditEntryId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::tenants::settings::{self, Settings};
use diesel::prelude::*;
use diesel::sql_types;
use uuid::Uuid;

/// Days and how they are said, as they are offered; None is for ever.
pub const CHOICES: &[(Option<u32>, &str)] = &[
    (Some(90), "90 days"),
    (Some(365), "1 year"),
    (Some(730), "2 years"),
    (Some(1825), "5 years"),
    (Some(3650), "10 years"),
    (None, "For ever"),
];

/// Entries that one transaction takes away.
const AT_ONCE: i32 = 50_000;

#[diesel::declare_sql_function]
extern "SQL" {
    fn switchboard_purge_audit(
        of_tenant: sql_types::Uuid,
        entry: sql_types::Uuid,
        most: sql_types::Integer,
    ) -> sql_types::BigInt;
}

/// Days that the tenant keeps entries; None is for ever.
pub fn days(conn: &mut PgConnection, tenant: TenantId) -> Result<Option<u32>> {
    Ok(settings::find(conn, tenant)?.audit_retention_days)
}

/// Keeps entries for so many days from the next night on.
pub fn keep(conn: &mut PgConnection, tenant: TenantId, days: Option<u32>) -> Result<()> {
    settings::change(conn, tenant, |settings| Settings { audit_retention_days: days, ..settings })?;
    Ok(())
}

/// Takes away some thousand entries that are older than the tenant keeps them, leaves one that says how many, and
/// answers that count. As the platform; the database reads itself how long they are kept.
///
/// # Errors
/// Where the tenant's setting is less than 30 days, which no form allows.
pub fn purge(conn: &mut PgConnection, tenant: Uuid) -> Result<i64> {
    let entry = AuditEntryId::new().get();
    Ok(diesel::select(switchboard_purge_audit(tenant, entry, AT_ONCE)).get_result(conn)?)
}

/// In words: "for ever", "for 2 years", "for 400 days".
pub fn in_words(days: Option<u32>) -> String {
    match (days, CHOICES.iter().find(|(choice, _)| *choice == days)) {
        (None, _) => "for ever".into(),
        (Some(_), Some((_, words))) => format!("for {words}"),
        (Some(days), None) => format!("for {days} days"),
    }
}
