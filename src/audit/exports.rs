//! That the log itself was taken out of the house is an entry of it.

use super::export::Format;
use crate::kit::audit;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use diesel::PgConnection;
use serde_json::json;

/// Writes down who takes what; `query` is the filter as its address has it.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, format: Format, query: &str) -> Result<()> {
    let after = json!({ "format": format.word(), "filter": query });
    audit::record(conn, tenant, &audit::Entry::of("exported", "audit_entries").after(after))
}
