//! Joining two records and taking them apart leaves every row of every table as it was.

use super::{TestApp, typed};
use crate::support::talk::{ANA, BEN, named, said, with};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use switchboard::customers::changes;
use switchboard::customers::data;
use switchboard::customers::model::{CustomerId, CustomerState};
use switchboard::customers::states;
use switchboard::duplicates::choice::{Choice, FIELDS, NoteChoice, Side};
use switchboard::numbers::model::NumberId;

/// What is there of one of the two.
#[derive(Debug, Clone)]
struct Life {
    first_name: String,
    company: String,
    note: String,
    has_email: bool,
    /// (which number, whether it is ours)
    messages: Vec<(usize, bool)>,
    /// Of three.
    labels: Vec<usize>,
    /// (channel, given)
    consents: Vec<(usize, bool)>,
    state: CustomerState,
    /// Of each number: resolved, read by Bob, drafted by Bob.
    threads: [(bool, bool, bool); 2],
}

fn life() -> impl Strategy<Value = Life> {
    let words = prop_oneof![Just(String::new()), "[A-Z][a-zé]{1,8}"];
    let states =
        prop_oneof![Just(CustomerState::Active), Just(CustomerState::Suspended), Just(CustomerState::Archived)];
    let record = (words.clone(), words, prop_oneof![Just(String::new()), "[a-z ]{1,20}"], any::<bool>());
    let of_thread = any::<(bool, bool, bool)>();
    let rows = (
        prop::collection::vec((0..2usize, any::<bool>()), 0..6),
        prop::collection::vec(0..3usize, 0..3),
        prop::collection::vec((0..3usize, any::<bool>()), 0..4),
    );
    (record, rows, states, [of_thread, of_thread]).prop_map(|(record, (messages, labels, consents), state, threads)| {
        let (first_name, company, note, has_email) = record;
        Life {
            first_name,
            company,
            note: note.trim().to_owned(),
            has_email,
            messages,
            labels,
            consents,
            state,
            threads,
        }
    })
}

fn choice() -> impl Strategy<Value = (bool, Choice)> {
    let side = || prop_oneof![Just(Side::Kept), Just(Side::Lost)];
    let own = FIELDS.iter().filter(|field| !["customer_type", "email", "phone"].contains(field));
    let fields = prop::collection::btree_map(prop::sample::select(own.copied().collect::<Vec<_>>()), side(), 0..6);
    let note = prop_oneof![Just(NoteChoice::Kept), Just(NoteChoice::Lost), Just(NoteChoice::Both)];
    (any::<bool>(), fields, note).prop_map(|(swaps, fields, note)| {
        let fields = fields.into_iter().map(|(field, side)| (field.to_owned(), side)).collect();
        (swaps, Choice { fields, note, ..Choice::default() })
    })
}

/// The rows of every table of the tenants, but for when they were last touched and for what only tells of changes.
fn dump(app: &TestApp) -> BTreeMap<String, Vec<Value>> {
    let memory =
        ["audit_entries", "customer_merges", "customer_merge_rows", "duplicate_pairs", "customer_state_changes"];
    let tables = app.texts(
        "SELECT relname::text AS text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
    );
    let mut dump = BTreeMap::new();
    for table in tables.into_iter().filter(|table| !memory.contains(&table.as_str())) {
        let sql = format!("SELECT (to_jsonb(t) - 'updated_at')::text AS text FROM {table} t ORDER BY 1");
        dump.insert(table, app.texts(&sql).iter().map(|row| serde_json::from_str(row).unwrap()).collect());
    }
    let history = "SELECT (to_jsonb(t))::text AS text FROM customer_state_changes t \
                   WHERE COALESCE(reason, '') !~ '^(Joined with|Taken apart)' ORDER BY 1";
    let history = app.texts(history).iter().map(|row| serde_json::from_str(row).unwrap()).collect();
    dump.insert("customer_state_changes".into(), history);
    dump
}

/// A note is sealed anew whenever it is written, so its text is compared.
fn unsealed(dump: &mut BTreeMap<String, Vec<Value>>, notes: &BTreeMap<CustomerId, Option<String>>) {
    for row in dump.get_mut("customers").unwrap() {
        let id: CustomerId = row["id"].as_str().unwrap().parse().unwrap();
        row["sealed_note"] = json!(notes[&id]);
    }
}

async fn notes(app: &TestApp, ids: &[CustomerId]) -> BTreeMap<CustomerId, Option<String>> {
    let mut notes = BTreeMap::new();
    for id in ids.iter().copied() {
        let record = app.within(move |conn, tenant| changes::find(conn, tenant, id)).await;
        notes.insert(id, record.note(&app.parts.vault).unwrap());
    }
    notes
}

async fn live(app: &TestApp, phone: &'static str, life: &Life, numbers: [NumberId; 2], run: usize) -> CustomerId {
    for (at, (number, is_ours)) in life.messages.iter().enumerate() {
        let message = match is_ours {
            false => said(phone, &format!("{phone} {at}")),
            true => {
                let key = format!("3E{run:04}{at:04}{}", &phone[..6]);
                let id = format!("true_{phone}@c.us_{key}");
                with(named(phone, "Ours", &key), json!({ "id": id, "fromMe": true }))
            }
        };
        app.hears(numbers[*number], message).await;
    }
    let id = match app.count(&format!("FROM customer_identities WHERE value = '{phone}'")) {
        0 => app.customer(&[("phone", &format!("+{phone}"))]).await,
        _ => app.customer_of(phone),
    };
    let (vault, life_of) = (app.parts.vault.clone(), life.clone());
    let email = if life.has_email { format!("{phone}@x.test") } else { String::new() };
    app.within(move |conn, tenant| {
        let phone = format!("+{phone}");
        let fields = [
            ("first_name", life_of.first_name.as_str()),
            ("company", &life_of.company),
            ("note", &life_of.note),
            ("phone", &phone),
            ("email", &email),
        ];
        let data = data::read(&typed(&fields), None, &[]).unwrap();
        changes::edit(conn, tenant, &vault, id, &data, None)
    })
    .await;
    // Threads are called like their customer.
    app.sql(&format!(
        "UPDATE conversations SET title = COALESCE(p.first_name, p.display_name, '+' || p.phone) \
         FROM customers p WHERE p.id = customer_id AND p.id = '{id}'"
    ));
    grow(app, id, life, numbers).await;
    id
}

/// Labels, consents, states, and what was done with the threads.
async fn grow(app: &TestApp, id: CustomerId, life: &Life, numbers: [NumberId; 2]) {
    for label in &life.labels {
        app.sql(&format!(
            "INSERT INTO customer_labels (tenant_id, customer_id, label_id) SELECT tenant_id, '{id}', id FROM labels \
             WHERE name = 'L{label}' ON CONFLICT DO NOTHING"
        ));
    }
    for (at, (channel, is_given)) in life.consents.iter().enumerate() {
        let (channel, state) = (["whatsapp", "email", "sms"][*channel], if *is_given { "given" } else { "withdrawn" });
        app.sql(&format!(
            "INSERT INTO consents (tenant_id, id, customer_id, purpose, channel, state, lawful_basis, source, occurred_at) \
             SELECT tenant_id, '{}', id, 'marketing', '{channel}', '{state}', 'consent', 'form', now() - interval '{at} days' \
             FROM customers WHERE id = '{id}'",
            uuid::Uuid::now_v7(),
        ));
    }
    for ((is_resolved, is_read, is_drafted), number) in life.threads.iter().zip(numbers) {
        let of = format!("FROM conversations WHERE customer_id = '{id}' AND session_id = '{number}'");
        let bob = "(SELECT id FROM users WHERE email = 'bob@acme.test')";
        if *is_resolved {
            let sql = "UPDATE conversations SET status = 'resolved', resolved_at = now(), waiting_since = NULL";
            app.sql(&format!("{sql} WHERE customer_id = '{id}' AND session_id = '{number}'"));
        }
        if *is_read {
            app.sql(&format!(
                "INSERT INTO conversation_readers (tenant_id, conversation_id, user_id, inbound_seen) \
                 SELECT tenant_id, id, {bob}, inbound_count {of}"
            ));
        }
        if *is_drafted {
            app.sql(&format!(
                "INSERT INTO drafts (tenant_id, conversation_id, user_id, body) SELECT tenant_id, id, {bob}, 'x' {of}"
            ));
        }
    }
    let state = life.state;
    app.within(move |conn, tenant| states::go(conn, tenant, id, state, None, None)).await;
}

#[actix_web::test]
async fn apart_again_everything_is_as_it_was() {
    let seed =
        std::env::var("PROPTEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random::<u64>);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed.to_le_bytes(); 4].concat());
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);

    for run in 0..12 {
        let (one, other) =
            (life().new_tree(&mut runner).unwrap().current(), life().new_tree(&mut runner).unwrap().current());
        let (swaps, choice) = choice().new_tree(&mut runner).unwrap().current();
        let app = TestApp::new().await;
        let numbers = [app.number("Workshop").await, app.number("Shop").await];
        app.sql(
            "INSERT INTO labels (tenant_id, id, name) SELECT id, gen_random_uuid(), 'L' || word FROM tenants, \
                 generate_series(0, 2) AS word WHERE slug = 'acme'",
        );
        let ana = live(&app, ANA, &one, numbers, run).await;
        let ben = live(&app, BEN, &other, numbers, run).await;
        let (kept, lost) = if swaps { (ben, ana) } else { (ana, ben) };
        let told = format!("PROPTEST_SEED={seed}, run {run}: {one:?} {other:?} {swaps} {choice:?}");
        let (mut before, notes_before) = (dump(&app), notes(&app, &[ana, ben]).await);

        let merge = app.join_as(kept, lost, choice).await.unwrap_or_else(|error| panic!("{told}: {error}"));
        let in_between = dump(&app);
        app.part(merge).await.unwrap_or_else(|error| panic!("{told}: {error}"));

        let (mut after, notes_after) = (dump(&app), notes(&app, &[ana, ben]).await);
        assert_ne!(in_between["customers"], before["customers"], "{told}");
        unsealed(&mut before, &notes_before);
        unsealed(&mut after, &notes_after);
        for (table, rows) in &before {
            assert_eq!(&after[table], rows, "{table}: {told}");
        }
        assert_eq!(app.count("FROM customer_merge_rows"), 0);
    }
}
