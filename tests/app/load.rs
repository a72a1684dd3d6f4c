//! `switchboard seed`: the rows must be as many as asked, fit together, and be the same for the same seed.

use crate::support::cluster::Database;
use crate::support::database::migrated;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use switchboard::demo::load::{Load, Summary, fill};
use switchboard::kit::secret::Secret;
use switchboard::kit::vault::Vault;
use switchboard::numbers::model as numbers;
use uuid::Uuid;

const SMALL: Load = Load { tenants: 3, customers: 200, messages: 1_500, seed: 7 };

/// Everything of a row but what is made anew for each load: salts and keys.
const ROWS: &[(&str, &str)] = &[
    ("tenants", "to_jsonb(r)"),
    ("users", "to_jsonb(r) - 'password_hash'"),
    ("waha_sessions", "to_jsonb(r) - 'hmac_key'"),
    ("customers", "to_jsonb(r)"),
    ("customer_identities", "to_jsonb(r)"),
    ("conversations", "to_jsonb(r)"),
    ("conversation_readers", "to_jsonb(r)"),
    ("messages", "to_jsonb(r)"),
];

fn vault() -> Vault {
    Vault::new(&Secret::new("7".repeat(64))).unwrap()
}

fn loaded(load: &Load) -> (Database, Summary) {
    let database = migrated();
    let summary = fill(database.url(), &vault(), load).unwrap();
    (database, summary)
}

fn connect(database: &Database) -> PgConnection {
    PgConnection::establish(database.url()).unwrap()
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

fn count(conn: &mut PgConnection, from: &str) -> i64 {
    let query = format!("SELECT count(*) AS count FROM {from}");
    diesel::sql_query(query).get_result::<Count>(conn).unwrap().count
}

fn word(conn: &mut PgConnection, query: &str) -> String {
    diesel::sql_query(format!("SELECT ({query})::text AS word")).get_result::<Word>(conn).unwrap().word
}

#[test]
fn a_load_is_as_large_as_asked() {
    let (database, summary) = loaded(&SMALL);
    let conn = &mut connect(&database);

    assert_eq!((summary.tenants, summary.customers, summary.messages), (3, 200, 1_500));
    let platform_too = summary.tenants as i64 + 1;
    let counts = ["tenants", "users", "waha_sessions", "customers", "customer_identities", "conversations", "messages"]
        .map(|table| count(conn, table));
    let told = [summary.users, summary.numbers, summary.customers, summary.identities, summary.conversations];
    let [users, numbers, customers, identities, conversations] = told.map(|n| n as i64);
    assert_eq!(counts, [platform_too, users, numbers, customers, identities, conversations, 1_500]);
    assert_eq!(count(conn, &format!("users WHERE email = '{}' AND role = 'AGENT'", summary.agent)), 1);
}

#[test]
fn conversations_show_what_their_messages_say() {
    let (database, _) = loaded(&SMALL);
    let conn = &mut connect(&database);
    let wrong = "conversations c WHERE (last_message_id, last_message_at, last_message_direction, last_message_status)
        IS DISTINCT FROM (SELECT (id, occurred_at, direction, status) FROM messages m
            WHERE (m.tenant_id, m.conversation_id) = (c.tenant_id, c.id) ORDER BY occurred_at DESC, id DESC LIMIT 1)
        OR inbound_count <> (SELECT count(*) FROM messages m
            WHERE (m.tenant_id, m.conversation_id) = (c.tenant_id, c.id) AND direction = 'inbound')
        OR waiting_since IS DISTINCT FROM (SELECT min(occurred_at) FROM messages m
            WHERE (m.tenant_id, m.conversation_id) = (c.tenant_id, c.id) AND c.status <> 'resolved'
            AND NOT EXISTS (SELECT FROM messages o WHERE (o.tenant_id, o.conversation_id) = (c.tenant_id, c.id)
                AND o.direction = 'outbound' AND o.occurred_at > m.occurred_at) AND direction = 'inbound')
        OR (status = 'resolved') <> (resolved_at IS NOT NULL)";

    assert_eq!(count(conn, wrong), 0);
    let ahead = "conversation_readers r JOIN conversations c ON (c.tenant_id, c.id) = (r.tenant_id, r.conversation_id)
        WHERE inbound_seen > inbound_count";
    assert_eq!(count(conn, ahead), 0);
    assert!(count(conn, "conversation_readers") > 0);
    for status in ["open", "resolved"] {
        assert!(count(conn, &format!("conversations WHERE status = '{status}'")) > 0, "{status}");
    }
    assert_eq!(count(conn, "messages WHERE (direction = 'inbound') <> (author_id IS NULL)"), 0);
}

#[test]
fn the_same_seed_gives_the_same_rows_and_another_seed_others() {
    let print = |load: &Load| {
        let (database, _) = loaded(load);
        let conn = &mut connect(&database);
        let of = |(table, row): &(&str, &str)| {
            word(conn, &format!("SELECT md5(string_agg(({row})::text, '' ORDER BY r)) FROM {table} r"))
        };
        ROWS.iter().map(of).collect::<Vec<_>>()
    };
    let first = print(&SMALL);
    assert_eq!(first, print(&SMALL));
    let other = print(&Load { seed: 8, ..SMALL });
    assert!(first.iter().zip(&other).all(|(one, other)| one != other));
}

#[test]
fn a_second_load_comes_beside_the_first_and_a_repeated_one_is_refused() {
    let (database, _) = loaded(&SMALL);

    fill(database.url(), &vault(), &Load { seed: 8, ..SMALL }).unwrap();
    let repeated = fill(database.url(), &vault(), &SMALL).unwrap_err();

    assert_eq!(repeated.to_string(), "this load is there already; choose another seed");
    assert_eq!(count(&mut connect(&database), "messages"), 3_000);
}

#[test]
fn each_tenant_sees_its_own_rows_and_no_others() {
    let (database, summary) = loaded(&SMALL);
    let conn = &mut connect(&database);
    let tenants: Vec<Id> = diesel::sql_query("SELECT id FROM tenants WHERE slug LIKE 'load-%'").load(conn).unwrap();
    conn.batch_execute("SET ROLE switchboard_app").unwrap();

    let mut seen = Vec::new();
    for tenant in tenants {
        conn.batch_execute(&format!("SET app.tenant_id = '{}'", tenant.id)).unwrap();
        seen.push(count(conn, "conversations"));
        assert!(count(conn, "messages") > 0);
    }

    assert!(seen.iter().all(|count| *count > 0));
    assert_eq!(seen.iter().sum::<i64>(), summary.conversations as i64);
    conn.batch_execute("SET app.tenant_id = ''").unwrap();
    assert_eq!(count(conn, "messages"), 0);
}

#[test]
fn the_webhook_keys_of_its_numbers_open_with_the_vault() {
    let (database, summary) = loaded(&SMALL);
    let conn = &mut connect(&database);

    let all = numbers::everywhere(conn).unwrap();

    assert_eq!(all.len(), summary.numbers);
    for (_, id) in all {
        let (_, number) = numbers::route(conn, id).unwrap();
        assert_eq!(number.hmac_key(&vault()).unwrap().expose().len(), 64);
    }
}

#[test]
fn an_owner_that_policies_hold_for_can_load_too_and_policies_hold_again_afterwards() {
    let database = migrated();
    let conn = &mut connect(&database);
    let owner = format!("owner_{}", Uuid::now_v7().simple());
    conn.batch_execute(&format!(
        "CREATE ROLE {owner} LOGIN; GRANT ALL ON SCHEMA public TO {owner};
         DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('ALTER TABLE %I OWNER TO {owner}', t); END LOOP; END $$"
    ))
    .unwrap();
    let url = database.url().replacen("switchboard@", &format!("{owner}@"), 1);

    let summary = fill(&url, &vault(), &SMALL);

    conn.batch_execute(&format!("REASSIGN OWNED BY {owner} TO switchboard; DROP OWNED BY {owner}; DROP ROLE {owner}"))
        .unwrap();
    assert_eq!(summary.unwrap().messages, 1_500);
    assert_eq!(
        count(
            conn,
            "pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity AND NOT relforcerowsecurity"
        ),
        0
    );
}

#[test]
fn an_impossible_load_is_refused() {
    let few = Load { tenants: 300, ..SMALL };
    let refused = fill("postgres://nowhere", &vault(), &few).unwrap_err();
    assert_eq!(refused.to_string(), "each tenant needs a customer; 50 million are the most");
}
