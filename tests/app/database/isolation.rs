//! Tenants are kept apart twice; this is the second time.

use super::{NO_TENANT, nothing, texts};
use crate::support::TestApp;
use crate::support::database::migrated;
use crate::support::talk::ANA;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

const TABLES: &str =
    "SELECT relname::text AS text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')";

#[test]
fn every_table_has_a_tenant_and_is_closed_to_the_others() {
    let database = migrated();
    let open =
        |condition: &str| texts(&database, &format!("{TABLES} AND relname NOT IN {NO_TENANT} AND NOT ({condition})"));

    assert!(texts(&database, TABLES).len() > 10);
    let has_tenant = "EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'tenant_id' \
                      AND attnotnull AND atttypid = 'uuid'::regtype)";
    assert_eq!(open(has_tenant), nothing());
    assert_eq!(open("relrowsecurity AND relforcerowsecurity"), nothing());
    let policy = "EXISTS (SELECT FROM pg_policies WHERE tablename = relname AND roles = '{switchboard_app}' \
                  AND cmd = 'ALL' AND permissive = 'PERMISSIVE' AND qual LIKE '(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant_id''%' \
                  AND with_check IS NULL)";
    assert_eq!(open(policy), nothing());
    let others = "SELECT tablename || ' ' || policyname AS text FROM pg_policies \
                  WHERE NOT roles <@ '{switchboard_app,switchboard_platform}' OR (roles = '{switchboard_app}' AND policyname <> 'tenant')";
    assert_eq!(texts(&database, others), nothing());
    let tenants =
        "SELECT 'closed' AS text FROM pg_class WHERE relname = 'tenants' AND relrowsecurity AND relforcerowsecurity";
    assert_eq!(texts(&database, tenants), ["closed"]);
}

#[test]
fn every_key_begins_with_the_tenant() {
    let database = migrated();
    // Looked up before the tenant is known; what they name is random and secret, or an id of ours.
    let before_the_tenant = "('user_sessions_token', 'user_sessions_access_token', 'user_sessions_refresh_token', 'spent_refresh_tokens_token', \
          'api_tokens_token', 'sign_in_links_token', 'waha_sessions_routing', \
          'passkeys_credential_taken')";
    let first = "(SELECT attname FROM pg_attribute WHERE attrelid = indrelid AND attnum = indkey[0])";
    let keys = format!(
        "SELECT indexrelid::regclass::text AS text FROM pg_index JOIN pg_class ON pg_class.oid = indrelid \
         WHERE relnamespace = 'public'::regnamespace AND indisunique AND relname NOT IN {NO_TENANT} \
         AND {first} <> 'tenant_id' AND indexrelid::regclass::text NOT IN {before_the_tenant}"
    );
    assert_eq!(texts(&database, &keys), nothing());

    let foreign = "SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) AS text FROM pg_constraint \
                   WHERE contype = 'f' AND connamespace = 'public'::regnamespace \
                   AND pg_get_constraintdef(oid) !~ '^FOREIGN KEY \\(tenant_id(, [a-z_]+)?\\) REFERENCES ([a-z_]+\\(tenant_id, [a-z_]+\\)|tenants\\(id\\))'";
    assert_eq!(texts(&database, foreign), nothing());
    let cascading = "SELECT conname::text AS text FROM pg_constraint WHERE contype = 'f' \
                     AND connamespace = 'public'::regnamespace AND confdeltype NOT IN ('c', 'n')";
    assert_eq!(texts(&database, cascading), nothing(), "a tenant can be deleted");
    let to_tenant = format!(
        "{TABLES} AND relname NOT IN {NO_TENANT} AND NOT EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND conrelid = pg_class.oid)"
    );
    assert_eq!(texts(&database, &to_tenant), nothing(), "a row hangs on its tenant, or on a row that does");
}

#[test]
fn every_table_says_what_it_holds() {
    let database = migrated();
    let silent =
        format!("{TABLES} AND relname <> '__diesel_schema_migrations' AND obj_description(oid, 'pg_class') IS NULL");

    assert_eq!(texts(&database, &silent), nothing());
}

/// Each keeps what whoever writes must not have to think of, whichever part of the program that is.
const TRIGGERS: &[&str] = &[
    "consents_count",    // the newest word of the ledger
    "consents_stand",    // the ledger is added to and never changed
    "customers_came",    // counts by type and state
    "customers_renamed", // threads are called like the customer
    "customers_step",    // which states follow each other
    "customers_turned",  // as customers_came
    "customers_went",    // as customers_came
];

#[test]
fn there_are_few_triggers_no_sequences_and_no_views() {
    let database = migrated();
    let found = "SELECT tgname::text AS text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid \
                 WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal \
                 UNION ALL SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('S', 'v', 'm')";

    let mut found = texts(&database, found);
    found.sort();
    assert_eq!(found, TRIGGERS);
}

/// Acme with a row in every table, or nearly.
async fn filled() -> TestApp {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello"]).await;
    app
}

/// As a connection of the program's pool begins, before any transaction.
fn powerless(app: &TestApp) -> PgConnection {
    let mut conn = PgConnection::establish(app.url()).unwrap();
    conn.batch_execute("SET ROLE switchboard_app").unwrap();
    conn
}

#[actix_web::test]
async fn without_a_tenant_there_are_no_rows() {
    let app = filled().await;
    let tables: Vec<String> = app
        .texts(TABLES)
        .into_iter()
        .filter(|table| !["__diesel_schema_migrations", "tries", "passkey_ceremonies"].contains(&&**table))
        .collect();
    let nobody = "00000000-0000-7000-8000-000000000000";
    let mut conn = powerless(&app);

    for set in ["SELECT 1", "SET app.tenant_id = ''", &format!("SET app.tenant_id = '{nobody}'")] {
        conn.batch_execute(set).unwrap();
        for table in &tables {
            let seen = diesel::sql_query(format!("SELECT 1 FROM {table}")).execute(&mut conn).unwrap();
            assert_eq!(seen, 0, "{table} after {set:?}");
        }
    }
    assert!(conn.batch_execute("SET app.tenant_id = 'nonsense'; SELECT FROM users").is_err());
}

#[actix_web::test]
async fn with_a_tenant_there_are_its_rows_and_no_others() {
    let app = filled().await;
    let mut conn = powerless(&app);
    conn.batch_execute(&format!("SET app.tenant_id = '{}'", app.globex)).unwrap();
    let mut run = |sql: &str| diesel::sql_query(sql).execute(&mut conn);

    assert_eq!(run("SELECT 1 FROM users").unwrap(), 1, "Carol");
    assert_eq!(run("SELECT 1 FROM messages").unwrap(), 0);
    assert_eq!(run("UPDATE messages SET body = 'mine'").unwrap(), 0);
    assert_eq!(run("DELETE FROM conversations").unwrap(), 0);
    let stolen = format!("UPDATE users SET tenant_id = '{}'", app.acme);
    assert!(run(&stolen).unwrap_err().to_string().contains("row-level security"));
    let planted = format!(
        "INSERT INTO customers (tenant_id, id, customer_type) VALUES ('{}', gen_random_uuid(), 'anonymous')",
        app.acme
    );
    assert!(run(&planted).unwrap_err().to_string().contains("row-level security"));
    let acme = app.text("SELECT id::text AS text FROM conversations");
    let linked = format!(
        "INSERT INTO drafts (tenant_id, conversation_id, user_id, body) \
         SELECT tenant_id, '{acme}', id, 'x' FROM users"
    );
    assert!(run(&linked).unwrap_err().to_string().contains("foreign key"), "no row points into another tenant");
}

#[actix_web::test]
async fn the_policies_alone_hide_every_foreign_row() {
    let app = filled().await;
    let mut conn = powerless(&app);
    conn.batch_execute(&format!("SET app.tenant_id = '{}'", app.globex)).unwrap();
    let sql = format!("{TABLES} AND relname NOT IN {NO_TENANT} ORDER BY 1");
    let (tables, mut held) = (app.texts(&sql), 0);

    for table in &tables {
        held += app.count(&format!("FROM {table} WHERE tenant_id <> '{}'", app.globex)).min(1);
        let foreign = format!("SELECT 1 FROM {table} WHERE tenant_id <> '{}'", app.globex);
        assert_eq!(diesel::sql_query(foreign).execute(&mut conn).unwrap(), 0, "{table}");
    }

    assert!(tables.len() > 20 && held >= 8, "{held} of {} tables hold a stranger's row", tables.len());
}

#[actix_web::test]
async fn the_search_looks_into_the_own_tenant_only() {
    let app = filled().await;
    let mut conn = powerless(&app);
    let mut found = |tenant: uuid::Uuid, of: uuid::Uuid| {
        conn.batch_execute(&format!("SET app.tenant_id = '{tenant}'")).unwrap();
        let sql = format!("SELECT 1 FROM unnest(switchboard_search_conversations('{of}', 'ana', true))");
        diesel::sql_query(sql).execute(&mut conn).unwrap()
    };

    assert_eq!(found(app.acme, app.acme), 1);
    assert_eq!((found(app.globex, app.acme), found(app.globex, app.globex)), (0, 0));
}

#[actix_web::test]
async fn a_setting_ends_with_its_transaction() {
    let app = filled().await;
    let mut conn = powerless(&app);
    let begin = format!("BEGIN; SET LOCAL app.tenant_id = '{}'", app.acme);

    for end in ["COMMIT", "ROLLBACK"] {
        conn.batch_execute(&begin).unwrap();
        assert!(diesel::sql_query("SELECT 1 FROM messages").execute(&mut conn).unwrap() > 0);
        conn.batch_execute(end).unwrap();
        assert_eq!(diesel::sql_query("SELECT 1 FROM messages").execute(&mut conn).unwrap(), 0, "{end}");
    }
}

#[actix_web::test]
async fn what_was_audited_cannot_be_changed() {
    let app = filled().await;
    let mut conn = powerless(&app);
    conn.batch_execute(&format!("SET app.tenant_id = '{}'", app.acme)).unwrap();

    for sql in ["UPDATE audit_entries SET action = 'nothing'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"] {
        let refused = diesel::sql_query(sql).execute(&mut conn).unwrap_err();
        assert!(refused.to_string().contains("permission denied"), "{sql}: {refused}");
    }
}
