//! Users and teams.

use super::{problem, refused};
use crate::support::{Answer, Ask, TestApp, Who, delete, get, post};
use actix_web::http::Method;
use serde_json::{Value, json};

fn patch(uri: &str, body: &Value) -> Ask {
    Ask::new(Method::PATCH, uri).json(body)
}

fn user(app: &TestApp, who: Who) -> String {
    let id = app.text(&format!("SELECT id::text AS text FROM users WHERE email = '{}'", who.email()));
    format!("/api/v1/users/{id}")
}

async fn invite(app: &TestApp, email: &str) -> Answer {
    let body = json!({ "email": email, "first_name": "Nora", "last_name": "Null", "role": "AGENT" });
    app.program(Who::Ada, post("/api/v1/users").json(&body)).await
}

fn names(list: &Value, name: &str) -> Vec<String> {
    list["data"].as_array().unwrap().iter().map(|item| item[name].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn somebody_is_asked_in_and_gets_a_link_that_works() {
    let app = TestApp::new().await;

    let answer = invite(&app, " Nora@Acme.Test ").await;

    assert_eq!(answer.status, 201);
    let body = answer.json();
    assert_eq!(
        (body["user"]["email"].as_str(), body["user"]["state"].as_str()),
        (Some("nora@acme.test"), Some("invited"))
    );
    assert_eq!(answer.location(), format!("/api/v1/users/{}", body["user"]["id"].as_str().unwrap()));
    assert_eq!(app.program(Who::Ada, get(answer.location())).await.json(), body["user"]);
    let link = body["invitation_url"].as_str().unwrap().strip_prefix("http://desk.test").unwrap();
    assert_eq!(app.anybody(get(link)).await.status, 200);
    assert!(app.audited().contains(&"invited users".to_owned()));
}

#[actix_web::test]
async fn a_person_that_is_not_possible_is_refused_by_member() {
    let app = TestApp::new().await;
    let before = app.count("FROM users");
    let body = json!({ "email": "nora at acme", "first_name": "", "last_name": "x".repeat(51), "role": "PLATFORM_ADMIN",
                       "time_zone": "Mars/Olympus" });

    let answer = app.program(Who::Ada, post("/api/v1/users").json(&body)).await;

    assert_eq!(problem(&answer), (422, "invalid_values".into()));
    let pointers: Vec<_> = refused(&answer).iter().map(|line| line.split(':').next().unwrap().to_owned()).collect();
    assert_eq!(pointers, ["#/email", "#/first_name", "#/last_name", "#/role", "#/time_zone"]);
    assert_eq!(
        refused(&invite(&app, "bob@acme.test").await),
        ["#/email: Somebody in your organisation has this address."]
    );
    assert_eq!(app.count("FROM users"), before);
}

#[actix_web::test]
async fn what_is_absent_from_a_change_stays_and_null_goes() {
    let app = TestApp::new().await;
    app.sql("UPDATE users SET company_name = 'Acme', time_zone = 'Europe/Lisbon' WHERE email = 'bob@acme.test'");
    let bob = user(&app, Who::Bob);

    let answer = app.program(Who::Ada, patch(&bob, &json!({ "last_name": "O'Brien", "time_zone": null }))).await;

    let body = answer.json();
    assert_eq!((body["first_name"].as_str(), body["last_name"].as_str()), (Some("Bob"), Some("O'Brien")));
    assert_eq!((&body["company_name"], &body["time_zone"]), (&json!("Acme"), &Value::Null));
    assert_eq!(app.program(Who::Ada, patch(&bob, &json!({ "role": 1 }))).await.status, 422);
    assert_eq!(app.program(Who::Ada, patch(&bob, &json!({ "email": "eve@acme.test" }))).await.status, 422);
    assert_eq!(app.program(Who::Max, patch(&bob, &json!({ "role": "TENANT_ADMIN" }))).await.status, 403);
    assert_eq!(app.program(Who::Carol, patch(&bob, &json!({ "role": "TENANT_ADMIN" }))).await.status, 404);
    assert_eq!(app.text("SELECT role::text AS text FROM users WHERE email = 'bob@acme.test'"), "AGENT");
}

#[actix_web::test]
async fn who_is_shut_out_is_out_with_their_programs_and_browsers() {
    let app = TestApp::new().await;
    let (token, browser) = (app.token(Who::Bob), app.signed_in(Who::Bob));
    let bob = user(&app, Who::Bob);
    let me = || get("/api/v1/me").bearer(&token);
    assert_eq!(app.anybody(me()).await.status, 200);

    let answer = app.program(Who::Ada, patch(&bob, &json!({ "is_active": false }))).await;

    assert_eq!(answer.json()["state"], "deactivated");
    assert_eq!(app.anybody(me()).await.status, 401);
    assert_eq!(app.anybody(get("/inbox").cookie(browser.cookie)).await.status, 303);
    app.program(Who::Ada, patch(&bob, &json!({ "is_active": true }))).await;
    assert_eq!(app.anybody(me()).await.status, 200, "personal tokens wait for their user");
    assert_eq!(app.program(Who::Ada, delete(&bob)).await.status, 204);
    assert_eq!(app.anybody(me()).await.status, 401);
    assert_eq!(app.program(Who::Ada, get(&bob)).await.json()["state"], "deleted");
}

#[actix_web::test]
async fn the_last_administrator_stays() {
    let app = TestApp::new().await;
    let ada = user(&app, Who::Ada);

    let asks = [patch(&ada, &json!({ "role": "AGENT" })), patch(&ada, &json!({ "is_active": false })), delete(&ada)];
    for ask in asks {
        let answer = app.program(Who::Ada, ask).await;
        assert_eq!(answer.status, 422, "{answer:?}");
    }

    assert_eq!(app.program(Who::Ada, get(&ada)).await.json()["state"], "active");
}

#[actix_web::test]
async fn people_are_found_by_pages_words_role_and_state() {
    let app = TestApp::new().await;
    invite(&app, "nora@acme.test").await;
    let list = async |who, query: &str| app.program(who, get(&format!("/api/v1/users{query}"))).await.json();

    let all = names(&list(Who::Ada, "").await, "first_name");
    assert_eq!(all, ["Ada", "Bob", "Eve", "Max", "Nora", "Olga"]);
    let first = list(Who::Ada, "?limit=4").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = list(Who::Ada, &format!("?limit=4&cursor={cursor}")).await;
    assert_eq!(names(&rest, "first_name"), ["Nora", "Olga"]);
    assert_eq!(names(&list(Who::Ada, "?role=AGENT&q=ev").await, "first_name"), ["Eve"]);
    assert_eq!(names(&list(Who::Ada, "?state=invited").await, "first_name"), ["Nora"]);
    assert_eq!(names(&list(Who::Olga, "?q=bob").await, "email"), ["b•••@acme.test"], "auditors see masked addresses");
    assert_eq!(names(&list(Who::Carol, "").await, "first_name"), ["Carol"]);
    for query in ["role=KING", "role=PLATFORM_ADMIN", "state=gone", "cursor=x", "sort=password_hash", "limit=101"] {
        let answer = app.program(Who::Ada, get(&format!("/api/v1/users?{query}"))).await;
        assert_eq!(problem(&answer), (422, "invalid_values".into()), "{query}");
    }
}

#[actix_web::test]
async fn a_team_is_made_changed_and_taken_away() {
    let app = TestApp::new().await;
    let id = |who| user(&app, who).rsplit('/').next().unwrap().to_owned();
    let (bob, eve) = (id(Who::Bob), id(Who::Eve));
    let body = json!({ "name": "Service", "members": [bob], "lead": eve });

    let made = app.program(Who::Ada, post("/api/v1/teams").json(&body)).await;

    assert_eq!(made.status, 201);
    let team = made.location().to_owned();
    assert_eq!(
        made.json()["members"],
        json!([
            { "id": eve, "name": "Eve Evans", "is_lead": true }, { "id": bob, "name": "Bob Baker", "is_lead": false }
        ])
    );
    let changed = app.program(Who::Ada, patch(&team, &json!({ "name": "Repairs", "lead": null }))).await.json();
    assert_eq!((changed["name"].as_str(), changed["members"].as_array().unwrap().len()), (Some("Repairs"), 2));
    assert!(!changed.to_string().contains(r#""is_lead":true"#));
    assert_eq!(app.program(Who::Olga, get(&team)).await.json(), changed);
    assert_eq!(app.program(Who::Carol, get(&team)).await.status, 404);
    assert_eq!(app.program(Who::Ada, delete(&team)).await.status, 204);
    assert_eq!(app.program(Who::Ada, get(&team)).await.status, 404);
    assert_eq!(app.program(Who::Ada, patch(&team, &json!({ "name": "x" }))).await.status, 404);
}

#[actix_web::test]
async fn a_team_that_is_not_possible_is_refused_by_member() {
    let app = TestApp::new().await;
    let make = async |body: Value| app.program(Who::Ada, post("/api/v1/teams").json(&body)).await;
    assert_eq!(make(json!({ "name": "Service" })).await.status, 201);
    let carol = user(&app, Who::Carol).rsplit('/').next().unwrap().to_owned();

    assert_eq!(refused(&make(json!({ "name": "Service" })).await), ["#/name: Another team has this name."]);
    assert!(refused(&make(json!({})).await)[0].starts_with("#/name: "));
    assert!(refused(&make(json!({ "name": "x", "members": ["bob"] })).await)[0].starts_with("#/members/0: "));
    assert_eq!(make(json!({ "name": "x", "members": [carol] })).await.status, 422, "a stranger is nobody here");
    assert!(refused(&make(json!({ "name": "x", "colour": "red" })).await)[0].starts_with("#/colour: "));
    assert_eq!(app.count("FROM teams"), 1);
}

#[actix_web::test]
async fn teams_go_by_pages_in_the_order_of_their_names() {
    let app = TestApp::new().await;
    for name in ["alpha", "Beta", "Änderungen", "gamma"] {
        app.program(Who::Ada, post("/api/v1/teams").json(&json!({ "name": name }))).await;
    }

    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = app.program(Who::Max, get(&format!("/api/v1/teams?limit=3{next}"))).await.json();
        seen.extend(names(&page, "name"));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }

    assert_eq!(seen, ["alpha", "Beta", "gamma", "Änderungen"]);
}
