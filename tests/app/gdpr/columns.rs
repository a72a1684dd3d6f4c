//! Every column that can hold words about somebody: planted by `traces`, or explained here.

use crate::support::TestApp;
use std::collections::BTreeSet;

/// (table, column, why it holds nothing of a customer). A new column that can hold text is here, or is planted.
const OTHERS: &[(&str, &str)] = &[
    ("api_tokens", "users' own: names of their programs"),
    ("attribute_definitions", "names of the tenant's fields"),
    ("authenticators", "users' second factors"),
    ("attachments.media_type", "what the bytes are"),
    ("attachments.message_type", "a word of ours"),
    ("audit_entries.ip_address", "users' addresses"),
    ("audit_entries.action", "a word of ours"),
    ("audit_entries.entity", "a table's name"),
    ("background_tasks.kind", "a word of ours"),
    ("background_tasks.file", "a name of our making; the file itself is looked for in the storage"),
    ("background_tasks.file_name", "goes with the file"),
    ("call_rules", "the organisation's words to whoever calls"),
    ("customers.phone", "digits only: looked for in the dump"),
    ("bulk_changes.change", "what became of many: a label, a type, a state"),
    ("bulk_change_rows.before", "a type or a state"),
    ("customer_imports", "files and their headings; what they hold is in import_rows"),
    ("customers.search_text", "made by the database of the other columns"),
    ("customers.sort_company", "made by the database of the company"),
    ("customers.sort_name", "made by the database of the names"),
    ("customer_identities.match_key", "made by the database of the value"),
    ("customer_merge_rows.relation", "a table's name"),
    ("customer_merges.source", "a word of ours"),
    ("customers.name_sound", "made by the database of the names"),
    ("duplicate_pairs.reasons", "words of ours"),
    ("duplicate_scans.stage", "a word of ours"),
    ("import_mappings", "what columns of a file mean"),
    ("passkey_ceremonies", "users' own"),
    ("passkeys", "users' own"),
    ("saved_filters.list", "a word of ours"),
    ("erased_addresses.hash", "a keyed hash"),
    ("erasures.counts", "counts by table"),
    ("labels", "words of the tenant, on many"),
    ("messages.message_type", "a word of ours"),
    ("microsoft_accounts", "users' own"),
    ("recovery_codes", "users' own"),
    ("retention_rules", "words about customers in general"),
    ("retention_runs.counts", "counts"),
    ("sign_in_links", "users' own"),
    ("spent_refresh_tokens", "users' own"),
    ("support_grants", "the organisation's words to the platform"),
    ("support_visits", "platform administrators"),
    ("team_members", "users' own"),
    ("teams", "users' own"),
    ("tenant_days", "figures"),
    ("tenants", "the organisation itself"),
    ("tries", "users' own"),
    ("user_sessions", "users' own"),
    ("users", "users' own"),
    ("waha_sessions", "our numbers"),
    ("webhook_events.event_id", "the gateway's own number of the event"),
    ("webhook_events.event", "a word of the gateway"),
];

/// What is planted, as "table.column".
pub fn planted() -> BTreeSet<String> {
    let columns = [
        (
            "customers",
            "first_name last_name display_name email company locale time_zone external_id attributes sealed_note sealed_attributes",
        ),
        ("customer_identities", "value source"),
        ("customer_state_changes", "reason"),
        ("conversations", "title chat_id last_message_preview"),
        ("attachments", "name"),
        ("calls", "waha_call_id chat_id note"),
        ("drafts", "body note"),
        (
            "messages",
            "body to_msisdn from_msisdn media_url waha_message_id message_key sender_name sender_chat_id raw_payload metadata error_message",
        ),
        ("message_reactions", "message_key sender emoji"),
        ("message_signals", "message_key edited_body"),
        ("webhook_events", "payload error"),
        ("audit_entries", "before after"),
        ("background_tasks", "title params result error_message"),
        ("consents", "source evidence"),
        ("legal_holds", "reason end_reason"),
        ("privacy_cases", "requester details extension_reason outcome"),
        ("privacy_case_events", "words"),
        ("import_rows", "cells problems"),
        ("saved_filters", "name query"),
        ("bulk_changes", "filter"),
        ("bulk_change_rows", "reason"),
        ("customer_merges", "threads sealed_words"),
        ("customer_merge_rows", "row_key before after"),
        ("duplicate_scans", "after_key"),
    ];
    let of = |(table, columns): (&str, &str)| {
        columns.split(' ').map(|column| format!("{table}.{column}")).collect::<Vec<_>>()
    };
    columns.into_iter().flat_map(of).collect()
}

#[actix_web::test]
async fn every_column_that_can_hold_text_is_planted_or_explained() {
    let app = TestApp::new().await;
    let columns = "SELECT table_name || '.' || column_name AS text FROM information_schema.columns \
                   WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations' \
                   AND (data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea') \
                        OR udt_name IN ('_text', '_varchar', 'tsvector', 'citext')) ORDER BY 1";
    let (planted, columns) = (planted(), app.texts(columns));
    let is_explained =
        |column: &String| OTHERS.iter().any(|(other, _)| other == column || column.split('.').next() == Some(*other));

    let forgotten: Vec<&String> =
        columns.iter().filter(|column| !planted.contains(*column) && !is_explained(column)).collect();
    let gone: Vec<&String> = planted.iter().filter(|column| !columns.contains(column)).collect();
    assert!(columns.len() > 80, "only {} columns were found", columns.len());
    assert_eq!(forgotten, Vec::<&String>::new(), "plant a marker there and let switchboard_forget_person take it out");
    assert_eq!(gone, Vec::<&String>::new(), "no such column");
    for (other, why) in OTHERS {
        let is_there = columns.iter().any(|column| column == other || column.split('.').next() == Some(*other));
        assert!(is_there || ["team_members", "tenant_days"].contains(other), "{other} ({why}) is not there any more");
    }
}
