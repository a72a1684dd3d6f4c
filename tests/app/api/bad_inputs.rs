//! tests/data/bad-inputs.json against every operation: into each member of each body, each parameter, each id.

use super::description::{document, operations, scope};
use super::problem;
use crate::support::bad_inputs::{Input, inputs};
use crate::support::{Answer, Ask, TestApp, Who};
use serde_json::json;
use std::cell::Cell;
use url::form_urlencoded::byte_serialize;

/// Asks each time from another address, so that no limit answers instead.
struct Asker<'a> {
    app: &'a TestApp,
    count: Cell<u32>,
}

impl<'a> Asker<'a> {
    fn new(app: &'a TestApp) -> Self {
        app.token(Who::Ada);
        Self { app, count: Cell::new(0) }
    }

    async fn ask(&self, ask: Ask) -> Answer {
        self.count.set(self.count.get() + 1);
        let [_, a, b, c] = self.count.get().to_be_bytes();
        self.app.program(Who::Ada, ask.from([10, a, b, c])).await
    }
}

/// How many rows there are that a program can make.
fn rows(app: &TestApp) -> i64 {
    let people = ["users", "teams", "team_members", "user_sessions", "api_tokens", "token_blacklist", "audit_entries"];
    let customers = ["customers", "consents", "customer_merges", "customer_imports", "background_tasks"];
    let tables = people.iter().chain(&customers);
    tables.map(|table| app.count(&format!("FROM {table}"))).sum()
}

/// Refused plainly, or taken; never a failure of ours, and never the parser's own words.
#[track_caller]
fn is_plain(answer: &Answer, at: &str) {
    assert!(answer.status < 500, "{at}: {answer:?}");
    if answer.status >= 400 {
        problem(answer);
        for word in ["serde", "panicked", "SELECT", "diesel", "byte index"] {
            answer.hides(word);
        }
    }
}

#[actix_web::test]
async fn no_body_at_all_fits_that_is_none() {
    let app = TestApp::new().await;
    let (document, asker) = (document(&app).await, Asker::new(&app));
    let before = rows(&app);
    let bodies: Vec<_> = inputs().into_iter().filter_map(|input| input.body().map(|body| (input, body))).collect();
    assert!(bodies.len() >= 10);

    for (method, path, _) in operations(&document).iter().filter(|(.., operation)| operation["requestBody"].is_object())
    {
        for (input, (body, kind)) in &bodies {
            let ask = Ask::new(method.parse().unwrap(), &filled(&app, path)).header("content-type", kind);
            let answer = asker.ask(ask.body(body.clone())).await;
            is_plain(&answer, &format!("{method} {path} {}", input.id));
            assert!([400, 413, 415, 422].contains(&answer.status), "{method} {path} {}: {answer:?}", input.id);
        }
    }

    assert_eq!(rows(&app), before, "nothing was stored");
}

/// Some operations each, so that they run side by side.
macro_rules! every_member_of_a_body_bears_every_input {
    ($($name:ident: $part:expr;)+) => {$(
        #[actix_web::test]
        async fn $name() {
            every_member_bears_every_input($part).await;
        }
    )+};
}

every_member_of_a_body_bears_every_input! {
    every_member_of_a_customers_body_bears_every_input: "customer";
    every_member_of_what_is_done_with_customers_bears_every_input: "more";
    every_member_of_another_body_bears_every_input: "other";
}

fn part_of(path: &str) -> &'static str {
    let customers = ["/api/v1/customers", "/api/v1/customers/{customer}", "/api/v1/customers/{customer}/identities"];
    match path.starts_with("/api/v1/customers") {
        true if customers.contains(&path) => "customer",
        true => "more",
        false => "other",
    }
}

async fn every_member_bears_every_input(part: &str) {
    let app = TestApp::new().await;
    let (document, asker) = (document(&app).await, Asker::new(&app));
    let values: Vec<_> = inputs().iter().filter_map(|input| Some((input.id.clone(), input.value()?))).collect();
    assert!(values.len() > 60);

    for (method, path, operation) in operations(&document).into_iter().filter(|(_, path, _)| part_of(path) == part) {
        let Some(reference) = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str() else {
            continue;
        };
        let members = document.pointer(&reference[1..]).unwrap()["properties"].as_object().unwrap();
        for member in members.keys() {
            let (before, mut taken) = (rows(&app), 0);
            for (id, value) in &values {
                let ask = Ask::new(method.parse().unwrap(), &filled(&app, &path)).json(&json!({ member: value }));
                let answer = asker.ask(ask).await;
                is_plain(&answer, &format!("{method} {path} {member} {id}"));
                taken += i64::from(answer.status < 400);
            }
            assert!(rows(&app) <= before + 3 * taken, "{method} {path} {member}: what was refused was stored");
        }
    }
}

#[actix_web::test]
async fn every_parameter_bears_every_input() {
    let app = TestApp::new().await;
    let (document, asker) = (document(&app).await, Asker::new(&app));
    let raw = |input: &Input| input.text.strip_prefix("@query:").map(str::to_owned);

    for (method, path, operation) in operations(&document) {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let names =
            parameters.filter(|parameter| parameter["in"] == "query").map(|parameter| parameter["name"].as_str());
        for name in names.flatten() {
            for input in inputs() {
                let value = input.value().filter(|value| value.len() < 4000);
                let escaped = |value: String| byte_serialize(value.as_bytes()).collect::<String>();
                let query = raw(&input).or_else(|| Some(format!("{name}={}", escaped(value?))));
                let Some(query) = query else { continue };
                let ask = Ask::new(method.parse().unwrap(), &format!("{}?{query}", filled(&app, &path)));
                is_plain(&asker.ask(ask).await, &format!("{method} {path}?{query}"));
            }
        }
    }
}

#[actix_web::test]
async fn what_is_no_id_of_ours_is_not_found() {
    let app = TestApp::new().await;
    let (document, asker) = (document(&app).await, Asker::new(&app));
    let before = rows(&app);
    let with_ids = operations(&document)
        .into_iter()
        .filter(|(_, path, operation)| path.contains('{') && scope(operation).is_some());

    for (method, path, _) in with_ids {
        for input in inputs().iter().filter(|input| input.field.starts_with("path:")) {
            let escaped: String = byte_serialize(input.text.as_bytes()).collect();
            let (head, rest) = path.split_once('{').unwrap();
            let address = format!("{head}{escaped}{}", filled(&app, rest.split_once('}').unwrap().1));
            let answer = asker.ask(Ask::new(method.parse().unwrap(), &address).json(&json!({}))).await;
            assert_eq!(problem(&answer), (404, "about:blank".into()), "{method} {path} {}", input.id);
        }
    }

    assert_eq!(rows(&app), before);
}

/// With the asker's own organisation for each id: there for `{tenant}`, unknown to the others.
fn filled(app: &TestApp, path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { app.acme.to_string() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}
