//! Rows of the GDPR desk for the routes that name one.

use crate::support::{TestApp, Who, form};

/// A case, a rule and a hold of `customer`; somebody else was erased.
pub async fn rows(app: &TestApp, customer: &str) -> Vec<(&'static str, String)> {
    let today = chrono::Utc::now().date_naive().to_string();
    let fields = [("kind", "access"), ("requester", "Ana"), ("customer", customer), ("received_on", &today)];
    app.ask(Who::Ada, form("/gdpr/requests", &fields)).await;
    let fields = [("name", "Old"), ("action", "archive"), ("idle_days", "730")];
    app.ask(Who::Ada, form("/gdpr/retention", &fields)).await;
    app.sql(&format!(
        "INSERT INTO customers (tenant_id, id, customer_type, state, deleted_at) \
         VALUES ('{}', gen_random_uuid(), 'anonymous', 'erased', now())",
        app.acme
    ));
    app.sql(
        "INSERT INTO erasures (tenant_id, id, customer_id, keeps_messages, stage, completed_at) \
         SELECT tenant_id, gen_random_uuid(), id, false, 'done', now() FROM customers WHERE state = 'erased'",
    );
    app.sql(&format!(
        "INSERT INTO legal_holds (tenant_id, id, customer_id, reason) \
         VALUES ('{}', gen_random_uuid(), '{customer}', 'Claim')",
        app.acme
    ));
    let id = |table: &str| app.text(&format!("SELECT id::text AS text FROM {table}"));
    vec![
        ("{case}", id("privacy_cases")),
        ("{rule}", id("retention_rules")),
        ("{hold}", id("legal_holds")),
        ("{erasure}", id("erasures")),
    ]
}

/// Undoes what an earlier request may have done.
pub fn reset(app: &TestApp) {
    app.sql("UPDATE privacy_cases SET state = 'open', closed_at = NULL, outcome = NULL, package_id = NULL");
    app.sql("UPDATE retention_rules SET is_active = false, deleted_at = NULL");
    app.sql("UPDATE legal_holds SET ended_at = NULL, end_reason = NULL, ended_by = NULL");
    app.sql("DELETE FROM background_tasks WHERE kind LIKE 'gdpr%'");
}
