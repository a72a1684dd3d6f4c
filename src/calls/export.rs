//! Calls as a CSV file.

use super::model::Call;
use super::parties::Parties;
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::sheet;
use crate::kit::tenant::TenantId;
use chrono::{DateTime, SecondsFormat, Utc};
use diesel::PgConnection;
use serde_json::json;

/// Calls that are read and sent at a time.
pub const BATCH: usize = 1000;

const HEAD: [&str; 16] = [
    "id",
    "started_at",
    "direction",
    "status",
    "kind",
    "customer",
    "customer_id",
    "phone",
    "caller",
    "receiver",
    "number",
    "duration_seconds",
    "note",
    "missed",
    "called_back_by",
    "called_back_at",
];

/// Writes down who takes calls out of the house; `query` is the filter as its address has it.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, query: &str) -> Result<()> {
    audit::record(conn, tenant, &Entry::of("exported", "calls").after(json!({ "filter": query })))
}

/// The head of the table.
pub fn head() -> Result<Vec<u8>> {
    sheet::csv(HEAD, [])
}

pub fn lines(calls: &[Call], parties: &Parties) -> Result<Vec<u8>> {
    sheet::more(calls.iter().map(|call| line(call, parties)))
}

fn line(call: &Call, parties: &Parties) -> [String; 16] {
    let customer = parties.customer(call.customer_id);
    let moment =
        |at: Option<DateTime<Utc>>| at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default();
    let user = |id| parties.user(id).unwrap_or_default().to_owned();
    [
        call.id.to_string(),
        moment(Some(call.started_at)),
        call.direction.word().into(),
        call.status.word().into(),
        if call.is_video { "video" } else { "voice" }.into(),
        customer.and_then(|customer| customer.name()).unwrap_or_default(),
        call.customer_id.map(|id| id.to_string()).unwrap_or_default(),
        customer.and_then(|customer| customer.phone.clone()).unwrap_or_default(),
        user(call.caller_id),
        user(call.receiver_id),
        parties.number(call.session_id).unwrap_or_default().to_owned(),
        call.duration_seconds.map(|seconds| seconds.to_string()).unwrap_or_default(),
        call.note.clone().unwrap_or_default(),
        if call.is_missed() { "yes" } else { "no" }.into(),
        if call.callback_done_at.is_some() { user(call.callback_by) } else { String::new() },
        moment(call.callback_done_at),
    ]
}
