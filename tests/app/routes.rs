//! Every route against every role, token and stranger, out of the program's own route table: a new route without a line
//! in `table` fails.

mod bobs;
mod headers;
mod matrix;
mod origins;
mod privacy;
mod states;
pub mod table;

use super::support::talk::ANA;
use super::support::{Answer, Ask, TestApp, Who, form};
use actix_web::http::Method;
use actix_web::introspection::IntrospectionTree;
use actix_web::test::TestRequest;
use actix_web::web::Data;
use switchboard::customer_exports::model::Export;
use switchboard::customer_exports::sheets::Format;
use switchboard::customers::filter::Filter;
use switchboard::customers::listing::Order;
use switchboard::kit::assets;
use switchboard::tasks::model::NewTask;
use table::Line;
use uuid::Uuid;

/// Acme with a row for every id that a route can name.
struct Acme {
    app: TestApp,
    /// What in a path names a row of a tenant, and Acme's.
    ids: Vec<(&'static str, String)>,
    /// A message that came in, with a file.
    heard: String,
}

impl Acme {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let number = app.number("Workshop").await;
        let conversation = app.conversation(number, ANA, &["Hello"]).await;
        app.bob(form(&format!("/conversations/{conversation}/messages"), &[("body", "Hi")])).await;
        let id = |from: &str| app.text(&format!("SELECT id::text AS text FROM {from}"));
        let heard = id("messages WHERE direction = 'inbound'");
        let name = format!("{}/media/{heard}", app.acme);
        app.parts.storage.put(&name, b"file".to_vec()).await.unwrap();
        let message: switchboard::messages::model::MessageId = heard.parse().unwrap();
        app.within(move |conn, tenant| switchboard::messages::media::fetched(conn, tenant, message, Ok(name))).await;
        app.bob(form(&format!("/conversations/{conversation}/priority"), &[("to", "high")])).await;
        let user = id("users WHERE email = 'eve@acme.test'");
        app.ada(form("/settings/teams", &[("name", "Service"), (&format!("member.{user}"), "on")])).await;
        app.token(Who::Bob);
        let session = app.signed_in(Who::Bob).session.to_string();
        let customer = id("customers");
        app.ada(form(&format!("/customers/{customer}/addresses"), &[("address", "ana@example.org")])).await;
        app.ada(form("/settings/labels", &[("name", "VIP")])).await;
        app.ada(form("/settings/customer-fields", &[("name", "Tier"), ("kind", "text")])).await;
        let other = app.customer(&[("first_name", "Ana")]).await;
        let merge = app.join(customer.parse().unwrap(), other).await.unwrap();
        app.part(merge).await.unwrap();
        // None that would open anything.
        app.sql(
            "INSERT INTO passkeys (tenant_id, id, user_id, name, user_handle, credential_id, credential) \
             SELECT tenant_id, gen_random_uuid(), id, 'Laptop', gen_random_uuid(), '\\x00', '{}' FROM users \
             WHERE email = 'bob@acme.test'",
        );
        let change = changed_by_ada(&app, &customer).await;
        let about = privacy::rows(&app, &customer).await;
        let mut ids = vec![
            ("{number}", number.to_string()),
            ("{conversation}", conversation.to_string()),
            // Went out and failed.
            ("{message}", id("messages WHERE direction = 'outbound'")),
            // Nobody's.
            ("{attachment}", Uuid::now_v7().to_string()),
            // Eve, who asks for nothing here.
            ("{user}", user),
            // That Bob has made the priority high.
            ("{activity}", app.text("SELECT change_id::text AS text FROM conversation_activities")),
            ("{team}", id("teams")),
            // Bob's.
            ("{api_token}", id("api_tokens")),
            ("{session}", session),
            ("{passkey}", id("passkeys")),
            ("{tenant}", app.acme.to_string()),
            ("{grant}", ended_grant(&app).await),
            // Two whom a merge had joined, and a split told apart.
            ("{customer}", customer),
            ("{other}", other.to_string()),
            ("{merge}", merge.to_string()),
            ("{identity}", id("customer_identities WHERE NOT is_primary")),
            ("{label}", id("labels")),
            ("{field}", id("attribute_definitions")),
            ("{task}", asked_task(&app).await),
            ("{import}", checked_import(&app)),
            ("{export}", made_export(&app).await),
            // Of the import, and faulty.
            ("{row}", "2".to_owned()),
            // Ada's, which everybody sees.
            ("{filter}", SHARED.to_owned()),
            ("{change}", change),
            ("{call}", bobs::call(&app)),
            ("{notification}", bobs::notification(&app)),
        ];
        ids.extend(about);
        Self { ids, heard, app }
    }

    /// Undoes what an earlier request may have done, so that each asker finds the same.
    fn reset(&self) {
        self.app.sql("UPDATE waha_sessions SET deleted_at = NULL, wanted = 'run', status = 'working'");
        self.app.sql("UPDATE messages SET status = 'failed' WHERE direction = 'outbound'");
        self.app.sql("UPDATE conversations SET status = 'open', snoozed_until = NULL, priority = 'high'");
        self.app.sql("UPDATE user_sessions SET is_revoked = false");
        self.app.sql("UPDATE users SET is_active = true, deleted_at = NULL");
        self.app.sql("UPDATE customers SET state = 'active', deleted_at = NULL WHERE state = 'deleted'");
        self.app.sql("UPDATE notifications SET read_at = NULL WHERE kind = 'mention'");
        self.app.sql("UPDATE calls SET callback_by = NULL, callback_done_at = NULL");
        for table in ["calls", "teams", "labels", "attribute_definitions", "customer_identities"] {
            self.app.sql(&format!("UPDATE {table} SET deleted_at = NULL"));
        }
        self.app.sql(
            "UPDATE background_tasks SET state = 'queued', ended_at = NULL, cancel_requested_at = NULL WHERE kind = 'test'",
        );
        self.app.sql("UPDATE customer_imports SET state = 'checked', deleted_at = NULL");
        self.app.sql("UPDATE import_rows SET state = 'refused', problems = '{\"0\": \"Wrong.\"}'");
        self.app.sql("UPDATE api_tokens SET revoked_at = NULL");
        self.app.sql("UPDATE tenants SET status = 'active', deleted_at = NULL");
        self.app.sql(&format!(
            "INSERT INTO saved_filters (tenant_id, id, list, name, query, is_shared, created_by) \
             SELECT tenant_id, '{SHARED}', 'customers', 'Shared', 'type=new', true, id FROM users \
             WHERE email = 'ada@acme.test' ON CONFLICT DO NOTHING"
        ));
        self.app.sql("UPDATE bulk_changes SET undone_at = NULL");
        self.app.sql("DELETE FROM authenticators");
        self.app.sql("DELETE FROM tries");
        self.app.sql("UPDATE duplicate_pairs SET state = 'dismissed', score = 50");
        privacy::reset(&self.app);
        self.app.parts.sessions.forget();
        self.app.take_jobs();
    }

    /// The line's request, with Acme's own ids.
    fn ask(&self, line: &Line) -> Ask {
        let path = line.path.replace("{token}", "0123456789abcdef").replace("{job}", "999999999");
        let path = path.replace("{name}", assets::APP_CSS.trim_start_matches("/assets/"));
        let path = if path.ends_with("/media") { path.replace("{message}", &self.heard) } else { path };
        asked(line, &self.ids.iter().fold(path, |path, (name, id)| path.replace(name, id)))
    }

    /// The same with an id that nobody has.
    fn ask_at_random(&self, line: &Line) -> Ask {
        let at_random = |path: String, name: &str| path.replace(name, &Uuid::now_v7().to_string());
        asked(line, &self.ids.iter().fold(line.path.to_owned(), |path, (name, _)| at_random(path, name)))
    }

    /// As the line's callers ask: people with their browser, programs with a token.
    async fn asks(&self, who: Who, line: &Line, ask: Ask) -> Answer {
        match line.is_api() {
            true => self.app.program(who, ask).await,
            false => self.app.ask(who, ask).await,
        }
    }

    /// Without the body: one of them is a stream.
    async fn status(&self, who: Option<Who>, line: &Line, ask: Ask) -> u16 {
        if let (Some(who), true) = (who, line.is_api()) {
            return self.app.program(who, ask).await.status;
        }
        let req = match who.map(|who| self.app.signed_in(who)) {
            Some(signed_in) => ask.cookie(signed_in.cookie).build(Some(&signed_in.csrf)),
            None => ask.build(None),
        };
        self.app.open(req).await.status().as_u16()
    }

    /// Changes with every row of every table but sessions' times and the refusals that are written down.
    fn checksum(&self) -> String {
        let jobs = self.app.text("SELECT count(*)::text AS text FROM graphile_worker._private_jobs");
        self.checksum_but(&[]) + &jobs
    }

    /// Of all tables but these, and not of the jobs.
    fn checksum_but(&self, left_out: &[&str]) -> String {
        let tables = "SELECT relname::text AS text FROM pg_class WHERE relnamespace = 'public'::regnamespace \
                      AND relkind = 'r' ORDER BY 1";
        let tables = self.app.texts(tables).into_iter().filter(|table| !left_out.contains(&table.as_str()));
        let sums = tables.map(|table| {
            let but = match table.as_str() {
                "user_sessions" => "WHERE is_revoked",
                "api_tokens" => "WHERE revoked_at IS NOT NULL",
                "audit_entries" => "WHERE action <> 'refused'",
                _ => "",
            };
            let row = format!(
                "SELECT md5(COALESCE(string_agg(t::text, '' ORDER BY t::text), '')) AS text FROM {table} AS t {but}"
            );
            self.app.text(&row)
        });
        sums.collect()
    }
}

/// A grant of support access that was ended.
async fn ended_grant(app: &TestApp) -> String {
    let grant = app.within(|conn, tenant| {
        let ada = switchboard::users::model::by_email(conn, tenant, Who::Ada.email())?.unwrap();
        let grant = switchboard::support::model::grant(conn, tenant, ada, 1, "Help")?;
        switchboard::support::model::end(conn, tenant, grant, switchboard::support::model::End::Tenant)?;
        Ok(grant.to_string())
    });
    grant.await
}

/// The id of a saved filter.
const SHARED: &str = "0199a000-0000-7000-8000-000000000001";

/// A change of many that Ada made.
async fn changed_by_ada(app: &TestApp, customer: &str) -> String {
    let (id, pick) = (Uuid::now_v7().to_string(), format!("pick.{customer}"));
    let fields = [("id", id.as_str()), ("change", "set_type:anonymous"), (&pick, "on")];
    assert_eq!(app.ada(form("/customers/changes", &fields)).await.status, 303);
    id
}

/// Work in the background that Ada asked for and nobody has begun; it made a file nevertheless.
async fn asked_task(app: &TestApp) -> String {
    let task = app.within(|conn, tenant| {
        let by = switchboard::users::model::by_email(conn, tenant, Who::Ada.email())?.unwrap();
        let new = NewTask { kind: "test", title: "Work", total: Some(10), params: serde_json::json!({}), by };
        Ok(switchboard::tasks::model::create(conn, tenant, &new)?.to_string())
    });
    let task = task.await;
    app.parts.storage.put(&format!("tasks/{task}"), b"file".to_vec()).await.unwrap();
    app.sql(&format!(
        "UPDATE background_tasks SET file = 'tasks/{task}', file_name = 'work.csv', \
         file_expires_at = now() + interval '1 hour' WHERE id = '{task}'"
    ));
    task
}

/// A file of customers that Ada has asked for.
async fn made_export(app: &TestApp) -> String {
    let task = app.within(|conn, tenant| {
        let by = switchboard::users::model::by_email(conn, tenant, Who::Ada.email())?.unwrap();
        let (filter, order, columns) = (Filter::default(), Order::default(), Vec::new());
        let export = Export { filter, order, columns, format: Format::Csv, is_masked: true };
        Ok(switchboard::customer_exports::model::ask(conn, tenant, &export, by)?.to_string())
    });
    let task = task.await;
    app.run_jobs().await;
    task
}

/// A file that Ada has brought, with one row, which is faulty.
fn checked_import(app: &TestApp) -> String {
    let choices = r#"{"columns": ["phone"], "mode": "create"}"#;
    app.sql(&format!(
        "INSERT INTO customer_imports (tenant_id, id, file_name, file, state, headings, choices, counts, created_by) \
         SELECT tenant_id, gen_random_uuid(), 'people.csv', 'nowhere', 'checked', '[\"Phone\"]', '{choices}', \
         '{{\"rows\": 1, \"faulty\": 1}}', id FROM users WHERE email = '{}'",
        Who::Ada.email()
    ));
    app.sql("INSERT INTO import_rows (tenant_id, import_id, number, cells, state) SELECT tenant_id, id, 2, '{12}', 'refused' FROM customer_imports");
    app.text("SELECT id::text AS text FROM customer_imports")
}

/// The line's request, with an empty form or an empty object.
fn asked(line: &Line, path: &str) -> Ask {
    let ask = Ask::new(line.method.parse().unwrap(), path);
    if line.is_api() && is_unsafe(line) { ask.json(&serde_json::json!({})) } else { ask }
}

/// (method, path) of everything that the program answers.
pub async fn routes(app: &TestApp) -> Vec<(String, String)> {
    let response = app.open(TestRequest::with_uri("/healthz")).await;
    let tree = response.request().app_data::<Data<IntrospectionTree>>().unwrap().report_as_json();
    let report: serde_json::Value = serde_json::from_str(&tree).unwrap();
    let mut routes = Vec::new();
    for item in report.as_array().unwrap() {
        let methods = item["methods"].as_array().unwrap();
        let path = item["full_path"].as_str().unwrap().to_owned();
        routes.extend(methods.iter().map(|method| (method.as_str().unwrap().to_owned(), path.clone())));
    }
    routes.sort();
    routes
}

fn is_unsafe(line: &Line) -> bool {
    !line.method.parse::<Method>().unwrap().is_safe()
}
