//! Every route against every role, token and stranger, out of the program's own route table: a new route without a line
//! in `table` fails.

mod headers;
mod matrix;
mod origins;
mod states;
mod table;

use super::support::talk::ANA;
use super::support::{Answer, Ask, TestApp, Who, form};
use actix_web::http::Method;
use actix_web::introspection::IntrospectionTree;
use actix_web::test::TestRequest;
use actix_web::web::Data;
use switchboard::kit::assets;
use table::Line;
use uuid::Uuid;

/// Acme with a row for every id that a route can name.
struct Acme {
    app: TestApp,
    number: String,
    conversation: String,
    /// Came in, with a file.
    heard: String,
    /// Went out and failed.
    failed: String,
    /// A grant of support access that was ended.
    grant: String,
    /// Eve, who asks for nothing here.
    user: String,
    team: String,
    /// Bob's.
    api_token: String,
    /// Bob's browser.
    session: String,
    /// Two whom a merge had joined, and a split told apart.
    customer: String,
    other: String,
    merge: String,
}

impl Acme {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let number = app.number("Workshop").await;
        let conversation = app.conversation(number, ANA, &["Hello"]).await;
        app.bob(form(&format!("/conversations/{conversation}/messages"), &[("body", "Hi")])).await;
        let id = |direction: &str| {
            app.text(&format!("SELECT id::text AS text FROM messages WHERE direction = '{direction}'"))
        };
        let (heard, failed) = (id("inbound"), id("outbound"));
        let name = format!("{}/media/{heard}", app.acme);
        app.parts.storage.put(&name, b"file".to_vec()).await.unwrap();
        let message: switchboard::messages::model::MessageId = heard.parse().unwrap();
        app.within(move |conn, tenant| switchboard::messages::media::fetched(conn, tenant, message, Ok(name))).await;
        let grant = app.within(|conn, tenant| {
            let ada = switchboard::users::model::by_email(conn, tenant, Who::Ada.email())?.unwrap();
            let grant = switchboard::support::model::grant(conn, tenant, ada, 1, "Help")?;
            switchboard::support::model::end(conn, tenant, grant, switchboard::support::model::End::Tenant)?;
            Ok(grant.to_string())
        });
        let grant = grant.await;
        let user = app.text("SELECT id::text AS text FROM users WHERE email = 'eve@acme.test'");
        app.ada(form("/settings/teams", &[("name", "Service"), (&format!("member.{user}"), "on")])).await;
        let team = app.text("SELECT id::text AS text FROM teams");
        app.token(Who::Bob);
        let api_token = app.text("SELECT id::text AS text FROM api_tokens");
        let session = app.signed_in(Who::Bob).session.to_string();
        let (number, conversation) = (number.to_string(), conversation.to_string());
        let (customer, other) = (app.customer_of(ANA), app.customer(&[("first_name", "Ana")]).await);
        let merge = app.join(customer, other).await.unwrap();
        app.part(merge).await.unwrap();
        let (customer, other, merge) = (customer.to_string(), other.to_string(), merge.to_string());
        Self { customer, other, merge, grant, number, conversation, heard, failed, api_token, session, user, team, app }
    }

    /// Undoes what an earlier request may have done, so that each asker finds the same.
    fn reset(&self) {
        self.app.sql("UPDATE waha_sessions SET deleted_at = NULL, wanted = 'run', status = 'working'");
        self.app.sql("UPDATE messages SET status = 'failed' WHERE direction = 'outbound'");
        self.app.sql("UPDATE conversations SET status = 'open'");
        self.app.sql("UPDATE user_sessions SET is_revoked = false");
        self.app.sql("UPDATE users SET is_active = true, deleted_at = NULL");
        self.app.sql("UPDATE teams SET deleted_at = NULL");
        self.app.sql("UPDATE api_tokens SET revoked_at = NULL");
        self.app.sql("UPDATE tenants SET status = 'active', deleted_at = NULL");
        self.app.sql("DELETE FROM authenticators");
        self.app.sql("DELETE FROM tries");
        self.app.sql("UPDATE duplicate_pairs SET state = 'dismissed', score = 50");
        self.app.parts.sessions.forget();
        self.app.take_jobs();
    }

    /// The line's request, with Acme's own ids.
    fn ask(&self, line: &Line) -> Ask {
        let message = if line.path.ends_with("/media") { &self.heard } else { &self.failed };
        let path = line.path.replace("{number}", &self.number).replace("{conversation}", &self.conversation);
        let path = path.replace("{message}", message).replace("{name}", assets::APP_CSS.trim_start_matches("/assets/"));
        let path = path.replace("{user}", &self.user).replace("{team}", &self.team).replace("{grant}", &self.grant);
        let path = path.replace("{token}", "0123456789abcdef").replace("{job}", "999999999");
        let path = path.replace("{api_token}", &self.api_token).replace("{session}", &self.session);
        let path = path.replace("{customer}", &self.customer).replace("{other}", &self.other);
        let path = path.replace("{merge}", &self.merge);
        asked(line, &path.replace("{tenant}", &self.app.acme.to_string()))
    }

    /// The same with an id that nobody has.
    fn ask_at_random(&self, line: &Line) -> Ask {
        let at_random = |path: &str, name: &str| path.replace(name, &Uuid::now_v7().to_string());
        asked(line, &NAMED.iter().fold(line.path.to_owned(), |path, name| at_random(&path, name)))
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

/// What in a path names a row of a tenant.
const NAMED: [&str; 12] = [
    "{number}",
    "{conversation}",
    "{message}",
    "{user}",
    "{team}",
    "{api_token}",
    "{session}",
    "{tenant}",
    "{grant}",
    "{customer}",
    "{other}",
    "{merge}",
];

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
