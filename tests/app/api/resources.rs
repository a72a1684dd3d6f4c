//! Sessions and tenants.

use super::{problem, refused, signed_in};
use crate::support::{TestApp, Who, delete, get};
use serde_json::Value;

fn ids(list: &Value) -> Vec<String> {
    list["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_program_sees_where_its_user_is_signed_in() {
    let app = TestApp::new().await;
    let browser = app.signed_in(Who::Bob).session.to_string();
    app.signed_in(Who::Eve);
    let (access, _) = signed_in(&app, Who::Bob).await;

    let list = app.anybody(get("/api/v1/sessions").bearer(&access)).await.json();

    assert_eq!(list["data"].as_array().unwrap().len(), 2);
    let is = |at: usize, name: &str| list["data"][at][name].clone();
    assert_eq!((is(0, "kind"), is(0, "is_current")), ("api".into(), true.into()));
    assert_eq!((is(1, "kind"), is(1, "is_current"), is(1, "id")), ("browser".into(), false.into(), browser.into()));
    assert_eq!(list["next_cursor"], Value::Null);
}

#[actix_web::test]
async fn a_session_is_ended_by_whose_it_is() {
    let app = TestApp::new().await;
    app.hub_is_up().await;
    let (browser, eves) = (app.signed_in(Who::Bob), app.signed_in(Who::Eve));
    assert_eq!(app.bob(get("/inbox")).await.status, 200);
    let end = |id| delete(&format!("/api/v1/sessions/{id}"));

    assert_eq!(app.program(Who::Bob, end(browser.session)).await.status, 204);

    assert_eq!(app.anybody(get("/inbox").cookie(browser.cookie)).await.status, 303, "on the next request");
    assert_eq!(app.audited(), ["ended user_sessions"]);
    assert_eq!(problem(&app.program(Who::Bob, end(browser.session)).await), (404, "about:blank".into()), "once");
    assert_eq!(app.program(Who::Bob, end(eves.session)).await.status, 404);
    assert_eq!(app.program(Who::Carol, end(eves.session)).await.status, 404);
    assert_eq!(app.eve(get("/inbox")).await.status, 200);
    assert_eq!(app.program(Who::Ada, end(eves.session)).await.status, 204, "who changes users ends theirs");
}

#[actix_web::test]
async fn lists_go_by_pages_that_follow_on_each_other() {
    let app = TestApp::new().await;
    app.sql(
        "INSERT INTO user_sessions (tenant_id, id, user_id, token_hash, expires_at, created_at) \
         SELECT tenant_id, gen_random_uuid(), id, sha256(n::text::bytea), now() + interval '1 hour', \
         now() - make_interval(mins => n / 2) FROM users, generate_series(1, 7) AS n WHERE email = 'bob@acme.test'",
    );
    let (mut seen, mut next) = (Vec::new(), String::new());
    for _ in 0..4 {
        let page = app.program(Who::Bob, get(&format!("/api/v1/sessions?limit=2{next}"))).await.json();
        seen.extend(ids(&page));
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }

    let all = ids(&app.program(Who::Bob, get("/api/v1/sessions?limit=100")).await.json());
    assert_eq!((seen.len(), &seen), (7, &all));
}

#[actix_web::test]
async fn a_limit_or_a_cursor_that_is_none_is_refused_by_name() {
    let app = TestApp::new().await;

    for limit in ["0", "101", "-1", "1.5", "1e2", "x", "99999999999999999999"] {
        let answer = app.program(Who::Bob, get(&format!("/api/v1/sessions?limit={limit}"))).await;
        assert_eq!(refused(&answer), ["#/limit: A limit is a whole number from 1 to 100."], "{limit}");
    }
    for query in ["cursor=x", "cursor=%00", "limit=1&limit=2", "page=2", "cursor=%ff"] {
        let answer = app.program(Who::Bob, get(&format!("/api/v1/sessions?{query}"))).await;
        assert_eq!(problem(&answer), (422, "invalid_values".into()), "{query}");
    }
    assert_eq!(app.program(Who::Bob, get("/api/v1/sessions?limit=&cursor=")).await.status, 200, "empty is absent");
}

#[actix_web::test]
async fn everybody_sees_their_own_tenant_and_the_platform_all() {
    let app = TestApp::new().await;
    let list = async |who| ids(&app.program(who, get("/api/v1/tenants")).await.json());
    let show = |id| get(&format!("/api/v1/tenants/{id}"));

    assert_eq!(list(Who::Olga).await, [app.acme.to_string()]);
    assert_eq!(list(Who::Carol).await, [app.globex.to_string()]);
    assert_eq!(list(Who::Pat).await, [app.acme.to_string(), app.globex.to_string()]);
    assert_eq!(app.program(Who::Bob, show(app.acme)).await.json()["slug"], "acme");
    assert_eq!(app.program(Who::Bob, show(app.globex)).await.status, 404);
    assert_eq!(app.program(Who::Pat, show(app.globex)).await.json()["name"], "Globex Travel");
    let narrow = app.token_for(Who::Pat, &["account:read"]);
    assert_eq!(app.anybody(show(app.globex).bearer(&narrow)).await.status, 404, "without tenants:read only one's own");
}
