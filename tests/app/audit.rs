//! The audit log: who stands in it, its page, its export, and how long it is kept.

mod actors;
mod export;
mod kept;
mod page;
mod reads;
mod secrets;

use super::support::TestApp;
use chrono::{DateTime, Utc};
use switchboard::audit::model::AuditEntryId;

/// An entry of Acme's as the owner writes it: (by whom, action, table, when).
fn entry(app: &TestApp, by: Option<&str>, action: &str, entity: &str, at: DateTime<Utc>) -> AuditEntryId {
    // Ids of one millisecond differ in their last part only.
    let (first, last) = (AuditEntryId::at(at).to_string(), AuditEntryId::new().to_string());
    let id = format!("{}{}", &first[..24], &last[24..]);
    let (actor, kind) = match by {
        Some(email) => (format!("(SELECT id FROM users WHERE email = '{email}')"), "user"),
        None => ("NULL".to_owned(), "desk"),
    };
    app.sql(&format!(
        "INSERT INTO audit_entries (tenant_id, id, actor_kind, actor_id, action, entity, entity_id, created_at) \
         VALUES ('{}', '{id}', '{kind}', {actor}, '{action}', '{entity}', '{id}', '{}')",
        app.acme,
        at.to_rfc3339()
    ));
    id.parse().unwrap()
}
