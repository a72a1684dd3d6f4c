//! What becomes of calls to a number: they ring, or the desk declines them and writes to whoever called.

use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::numbers::model::NumberId;
use crate::schema::call_rules;
use chrono::Utc;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde::Serialize;

#[auto_type]
fn of(tenant: TenantId) -> _ {
    call_rules::table.filter(call_rules::tenant_id.eq(tenant))
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = call_rules, treat_none_as_null = true)]
pub struct Rule {
    pub declines: bool,
    /// What whoever was declined is written.
    pub text: Option<String>,
}

/// What holds for a number; without a row its calls ring.
pub fn find(conn: &mut PgConnection, tenant: TenantId, number: NumberId) -> Result<Rule> {
    let row = of(tenant).filter(call_rules::session_id.eq(number)).select(Rule::as_select()).first(conn);
    Ok(row.optional()?.unwrap_or_default())
}

pub fn declines(conn: &mut PgConnection, tenant: TenantId, number: NumberId) -> Result<bool> {
    Ok(find(conn, tenant, number)?.declines)
}

pub fn change(conn: &mut PgConnection, tenant: TenantId, number: NumberId, rule: &Rule) -> Result<()> {
    let before = find(conn, tenant, number)?;
    if before == *rule {
        return Ok(());
    }
    diesel::insert_into(call_rules::table)
        .values((call_rules::tenant_id.eq(tenant), call_rules::session_id.eq(number), rule))
        .on_conflict((call_rules::tenant_id, call_rules::session_id))
        .do_update()
        .set((rule, call_rules::updated_at.eq(Utc::now())))
        .execute(conn)?;
    audit::record(conn, tenant, &Entry::new("changed", "call_rules", number.get()).changed(&before, rule))
}
