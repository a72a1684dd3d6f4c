//! Erasure leaves no trace: a marker in every column that could hold it, and none in a whole dump afterwards.

use super::columns::planted;
use super::{customer, work};
use crate::support::talk::{ANA, event, said, with};
use crate::support::{TestApp, form};
use serde_json::json;
use std::process::Command;

/// Part of no word and no id of ours.
const MARKER: &str = "zqxmarkerzqx";

/// Ana, with the marker everywhere.
async fn marked() -> (TestApp, String) {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let marked = json!({ "_data": { "Info": { "PushName": format!("{MARKER} Ana") } } });
    app.hears(number, with(said(ANA, &format!("I am {MARKER}")), marked)).await;
    let group = "120363041234567890@g.us";
    let message = json!({
        "id": format!("false_{group}_3AGROUP1_{ANA}@c.us"), "timestamp": chrono::Utc::now().timestamp(), "from": group,
        "participant": format!("{ANA}@c.us"), "fromMe": false, "body": format!("{MARKER} in a group"), "hasMedia": false,
    });
    app.told(number, &event("message.any", message)).await;
    app.take_jobs();
    let ana = customer(&app, ANA);
    let thread = app.conversation_with(ANA).to_string();
    let (tenant, m) = (app.acme, MARKER);
    let vault = app.parts.vault.clone();
    let typed = switchboard::customers::data::Typed {
        first_name: m.into(),
        last_name: format!("{m}son"),
        phone: format!("+{ANA}"),
        email: format!("{m}@example.org"),
        company: format!("{m} Ltd"),
        note: format!("{m} likes tea"),
        external_id: format!("{m}-1"),
        ..Default::default()
    };
    let data = switchboard::customers::data::read(&typed, None, &[]).unwrap();
    let id = ana.parse().unwrap();
    app.within(move |conn, tenant| switchboard::customers::changes::edit(conn, tenant, &vault, id, &data, None)).await;
    app.ada(form(&format!("/customers/{ana}/state"), &[("state", "suspended"), ("reason", &format!("{m} asked"))]))
        .await;
    let today = chrono::Utc::now().date_naive().to_string();
    let consent = [
        ("purpose", "marketing"),
        ("channel", "email"),
        ("state", "given"),
        ("lawful_basis", "consent"),
        ("source", m),
        ("evidence", &format!("{m} said so")),
        ("occurred_on", &today),
    ];
    app.ada(form(&format!("/customers/{ana}/consents"), &consent)).await;
    let case = [("kind", "erasure"), ("requester", m), ("details", m), ("customer", &ana), ("received_on", &today)];
    let case = app.ada(form("/gdpr/requests", &case)).await.location().to_owned();
    app.ada(form(&format!("{case}/notes"), &[("note", &format!("{m} called"))])).await;
    app.ada(form(&format!("{case}/extension"), &[("extension", &format!("{m} is slow"))])).await;
    app.ada(form(&format!("{case}/refusal"), &[("refusal", &format!("{m} is unknown"))])).await;
    app.ada(form(&format!("/customers/{ana}/holds"), &[("hold_reason", &format!("{m} sues"))])).await;
    let hold = app.text("SELECT id::text AS text FROM legal_holds");
    app.ada(form(&format!("/gdpr/holds/{hold}/release"), &[("reason", &format!("{m} settled"))])).await;
    for sql in [
        format!(
            "UPDATE customers SET display_name = '{m}', locale = '{m}', time_zone = '{m}', sealed_attributes = '{m}', \
                 attributes = '{{\"x\": \"{m}\"}}', sealed_note = sealed_note || '{m}'::bytea WHERE id = '{ana}'"
        ),
        format!("UPDATE customer_identities SET source = '{m}' WHERE customer_id = '{ana}'"),
        format!(
            "INSERT INTO customer_identities (tenant_id, id, customer_id, kind, value, source, deleted_at) \
                 VALUES ('{tenant}', gen_random_uuid(), '{ana}', 'lid', '{m}@lid', 'x', now())"
        ),
        format!(
            "UPDATE conversations SET title = '{m}', chat_id = '{m}@lid', last_message_preview = '{m}' WHERE id = '{thread}'"
        ),
        format!(
            "INSERT INTO drafts (tenant_id, conversation_id, user_id, body, note) \
                 SELECT '{tenant}', '{thread}', id, '{m}', '{m}' FROM users WHERE email = 'bob@acme.test'"
        ),
        format!(
            "UPDATE messages SET to_msisdn = '{m}', media_url = '{m}', waha_message_id = '{m}' || id, \
                 message_key = '{m}' || id, sender_name = '{m}', raw_payload = '{{\"x\": \"{m}\"}}', error_message = '{m}', \
                 metadata = '{{\"cards\": [\"{m}\"], \"quoted\": {{\"key\": \"k\", \"body\": \"{m}\"}}}}'"
        ),
        format!("UPDATE messages SET sender_chat_id = '{m}@lid' WHERE conversation_id = '{thread}'"),
        format!(
            "INSERT INTO message_reactions (tenant_id, session_id, message_key, sender, emoji, occurred_at) \
                 SELECT tenant_id, session_id, message_key, '{m}@c.us', '{m}', now() FROM messages"
        ),
        format!(
            "INSERT INTO message_signals (tenant_id, session_id, message_key, edited_body) \
                 SELECT tenant_id, session_id, message_key, '{m}' FROM messages"
        ),
        format!(
            "INSERT INTO calls (tenant_id, id, direction, status, customer_id, session_id, waha_call_id, chat_id, started_at, ended_at, note) \
                 VALUES ('{tenant}', gen_random_uuid(), 'inbound', 'failed', '{ana}', '{number}', '{m}', '{m}@lid', now(), now(), '{m} called')"
        ),
        // In a group, where nobody knows whose it is.
        format!(
            "INSERT INTO calls (tenant_id, id, direction, status, session_id, waha_call_id, chat_id, started_at, ended_at, is_group) \
                 VALUES ('{tenant}', gen_random_uuid(), 'inbound', 'failed', '{number}', '{m}2', '{ANA}@c.us', now(), now(), true)"
        ),
        format!("UPDATE audit_entries SET before = '{{\"x\": \"{m}\"}}' WHERE entity_id = '{ana}'"),
        format!(
            "UPDATE webhook_events SET error = '{m}', payload = payload || '{{\"x\": \"{m}\"}}' WHERE payload::text LIKE '%{ANA}%'"
        ),
        format!(
            "INSERT INTO audit_entries (tenant_id, id, action, entity, after) \
                 VALUES ('{tenant}', gen_random_uuid(), 'exported', 'customers', '{{\"filter\": \"q={ANA} {m}\"}}')"
        ),
        format!(
            "INSERT INTO background_tasks (tenant_id, id, kind, title, state, params, result, error_message, created_by, ended_at, created_at) \
                 SELECT '{tenant}', gen_random_uuid(), 'x', '{m} {ANA}', 'failed', '{{\"q\": \"{m}\"}}', '{{\"q\": \"{m}\"}}', '{m}', id, now(), now() - interval '1 day' \
                 FROM users WHERE email = 'ada@acme.test'"
        ),
    ] {
        assert!(app.sql(&sql) > 0, "{sql}");
    }
    let merged = format!(
        "INSERT INTO customers (tenant_id, id, first_name, customer_type, state, deleted_at, merged_into_id) \
         VALUES ('{tenant}', gen_random_uuid(), '{m}', 'unregistered', 'deleted', now(), '{ana}')"
    );
    app.sql(&merged);
    listed(&app, &ana);
    files(&app, &thread).await;
    app.take_jobs();
    (app, ana)
}

/// In a file that was imported, in a filter that was saved, in a change of many.
fn listed(app: &TestApp, ana: &str) {
    let (tenant, m) = (app.acme, MARKER);
    let (import, bulk) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7());
    let ada = "SELECT id FROM users WHERE email = 'ada@acme.test'";
    for sql in [
        format!(
            "INSERT INTO customer_imports (tenant_id, id, file_name, state, created_by, ended_at) \
             VALUES ('{tenant}', '{import}', 'x.csv', 'completed', ({ada}), now())"
        ),
        format!(
            "INSERT INTO import_rows (tenant_id, import_id, number, cells, problems, state) \
             VALUES ('{tenant}', '{import}', 1, ARRAY['{m}', '+{ANA}'], '{{\"1\": \"{m}\"}}', 'refused')"
        ),
        format!(
            "INSERT INTO import_rows (tenant_id, import_id, number, cells, state, customer_id) \
             VALUES ('{tenant}', '{import}', 2, ARRAY['{m}'], 'updated', '{ana}')"
        ),
        format!(
            "INSERT INTO saved_filters (tenant_id, id, list, name, query, created_by) \
             VALUES ('{tenant}', gen_random_uuid(), 'customers', '{m}', 'q={m}', ({ada}))"
        ),
        format!(
            "INSERT INTO bulk_changes (tenant_id, id, change, filter, created_by, ended_at) \
             VALUES ('{tenant}', '{bulk}', '{{}}', '{{\"words\": \"{m} {ANA}\"}}', ({ada}), now())"
        ),
        format!(
            "INSERT INTO bulk_change_rows (tenant_id, bulk_change_id, customer_id, outcome, reason) \
             VALUES ('{tenant}', '{bulk}', '{ana}', 'skipped', '{m}')"
        ),
        format!(
            "INSERT INTO customer_merges (tenant_id, id, kept_id, lost_id, source, lost_state, threads, sealed_words) \
             SELECT '{tenant}', id, '{ana}', id, 'form', 'active', '[\"{m}\"]', '{m}' FROM customers WHERE merged_into_id = '{ana}'"
        ),
        format!(
            "INSERT INTO customer_merge_rows (tenant_id, merge_id, relation, row_key, before, after) \
             SELECT '{tenant}', id, 'x', '{{\"x\": \"{m}\"}}', '{{\"x\": \"{m}\"}}', '{{\"x\": \"{m}\"}}' FROM customer_merges"
        ),
        format!(
            "INSERT INTO duplicate_scans (tenant_id, id, stage, ended_at, after_key) \
             VALUES ('{tenant}', gen_random_uuid(), 'done', now(), '{m}')"
        ),
    ] {
        assert!(app.sql(&sql) > 0, "{sql}");
    }
}

/// A photo of theirs, and an export in which they stand.
async fn files(app: &TestApp, thread: &str) {
    let message = app.text(&format!("SELECT id::text AS text FROM messages WHERE conversation_id = '{thread}'"));
    let (media, export) = (format!("{}/media/{message}", app.acme), format!("tasks/{}/export.csv", app.acme));
    let attached = uuid::Uuid::now_v7();
    let unsent = format!("{}/media/{attached}", app.acme);
    let small = format!("{media}.small");
    for name in [&media, &small, &export, &unsent] {
        app.parts.storage.put(name, MARKER.as_bytes().to_vec()).await.unwrap();
    }
    app.sql(&format!(
        "UPDATE messages SET metadata = metadata || '{{\"file\": {{\"stored\": \"{media}\", \"name\": \"{MARKER}.jpg\", \"size\": 12}}}}' WHERE id = '{message}'"
    ));
    app.sql(&format!("INSERT INTO tenant_storage (tenant_id, bytes) VALUES ('{}', 24)", app.acme));
    app.sql(&format!(
        "INSERT INTO attachments (tenant_id, id, conversation_id, user_id, name, media_type, message_type, bytes) \
         SELECT tenant_id, '{attached}', '{thread}', id, '{MARKER}.txt', 'text/plain', 'document', 12 \
         FROM users WHERE email = 'bob@acme.test'"
    ));
    app.sql(&format!(
        "INSERT INTO background_tasks (tenant_id, id, kind, title, state, created_by, ended_at, file, file_name, file_expires_at, created_at) \
         SELECT tenant_id, gen_random_uuid(), 'customers_export', 'Export', 'completed', id, now(), '{export}', 'export.csv', now() + interval '1 day', now() - interval '1 hour' \
         FROM users WHERE email = 'ada@acme.test'"
    ));
}

/// Everything in the database as text.
fn dump(app: &TestApp) -> String {
    let binary = ["15", "16", "17"].map(|version| format!("/usr/lib/postgresql/{version}/bin/pg_dump"));
    let binary = binary.into_iter().find(|path| std::path::Path::new(path).exists()).unwrap_or("pg_dump".into());
    let run = Command::new(binary).args(["--data-only", "--inserts", app.url()]).output().unwrap();
    assert!(run.status.success(), "{run:?}");
    String::from_utf8_lossy(&run.stdout).into_owned()
}

/// Lines of the dump that tell of them; bytea is written as hexadecimal digits.
fn traces(dump: &str) -> Vec<String> {
    let words = [MARKER.to_owned(), hex::encode(MARKER), ANA.to_owned()];
    let line = |line: &&str| words.iter().any(|word| line.contains(word));
    dump.lines().filter(line).map(|line| line.chars().take(300).collect()).collect()
}

fn files_with_traces(app: &TestApp) -> Vec<String> {
    let run = Command::new("grep").args(["-rl", MARKER]).arg(app.media()).output().unwrap();
    String::from_utf8_lossy(&run.stdout).lines().map(str::to_owned).collect()
}

#[actix_web::test]
async fn whoever_is_erased_stands_nowhere_any_more() {
    for messages in ["delete", "keep"] {
        let (app, ana) = marked().await;
        for column in planted() {
            let (table, column) = column.split_once('.').unwrap();
            let held = format!(
                "FROM {table} WHERE {column}::text LIKE '%{MARKER}%' OR {column}::text LIKE '%{}%'",
                hex::encode(MARKER)
            );
            let is_phone = column == "from_msisdn" || column == "sender_chat_id";
            assert!(app.count(&held) > 0 || is_phone, "{table}.{column} was not planted");
        }
        assert!(traces(&dump(&app)).len() > 15 && files_with_traces(&app).len() == 4, "{messages}");

        let name = format!("{MARKER} {MARKER}son");
        let begun =
            app.ada(form(&format!("/customers/{ana}/erasure"), &[("messages", messages), ("name", &name)])).await;
        assert_eq!(begun.status, 303, "{}", begun.html);
        work(&app).await;

        assert_eq!(traces(&dump(&app)), Vec::<String>::new(), "{messages}");
        assert_eq!(files_with_traces(&app), Vec::<String>::new(), "{messages}");
        assert_eq!(app.text("SELECT bytes::text AS text FROM tenant_storage"), "0");
        assert_eq!(app.count("FROM customers WHERE state = 'erased'"), 2, "those merged into them, too");
        assert_eq!(app.count("FROM consents WHERE state = 'given'"), 1, "that it was said stays");
        assert!(app.count("FROM audit_entries WHERE action = 'read' OR action = 'moved'") > 0, "entries stay");
        let kept = app.count("FROM messages");
        assert_eq!(kept, if messages == "keep" { 2 } else { 0 });
    }
}

#[actix_web::test]
async fn the_audit_log_gives_up_nothing_without_an_erasure_under_way() {
    let app = TestApp::new().await;
    app.sql(&format!(
        "INSERT INTO customers (tenant_id, id, customer_type) VALUES ('{}', gen_random_uuid(), 'anonymous')",
        app.acme
    ));
    let call = |erasure: &str| {
        format!(
            "DO $$ BEGIN SET LOCAL ROLE switchboard_app; SET LOCAL app.tenant_id = '{}'; \
             PERFORM switchboard_forget_audited('{}', '{erasure}', ARRAY[]::uuid[]); RAISE EXCEPTION 'it was possible'; \
             EXCEPTION WHEN insufficient_privilege THEN END $$",
            app.acme, app.acme
        )
    };

    app.sql(&call("00000000-0000-7000-8000-000000000000"));
    app.sql(
        "INSERT INTO erasures (tenant_id, id, customer_id, keeps_messages, stage, completed_at) \
             SELECT tenant_id, id, id, false, 'done', now() FROM customers",
    );
    app.sql(&call(&app.text("SELECT id::text AS text FROM erasures")));
}
