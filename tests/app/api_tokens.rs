//! Account → API tokens, and Settings → API tokens.

use super::support::{Answer, TestApp, Who, form, get, post};

const OWN: &str = "/account/api-tokens";
const ALL: &str = "/settings/api-tokens";

/// The text of the token that was just made.
fn shown(answer: &Answer) -> String {
    let (_, rest) = answer.html.split_once(r#"id="token_text" value=""#).unwrap_or_else(|| panic!("{answer:?}"));
    rest.split_once('"').unwrap().0.to_owned()
}

fn id(app: &TestApp) -> String {
    app.text("SELECT id::text AS text FROM api_tokens")
}

#[actix_web::test]
async fn a_token_is_shown_once_and_works() {
    let app = TestApp::new().await;
    let fields =
        [("name", "Nightly export"), ("expires", "30"), ("account:read", "yes"), ("conversations:read", "yes")];

    let answer = app.bob(form(OWN, &fields)).await;

    assert_eq!(answer.status, 201);
    let token = shown(&answer);
    answer.shows("http://desk.test/api/v1/me").shows("Nightly export is ready");
    let me = app.anybody(get("/api/v1/me").bearer(&token)).await.json();
    assert_eq!(me["scopes"], serde_json::json!(["account:read", "conversations:read"]));
    let list = app.bob(get(OWN)).await;
    list.shows("Nightly export").shows(&format!("swb_…{}", &token[token.len() - 4..])).hides(&token);
    let row = "FROM api_tokens WHERE expires_at BETWEEN now() + interval '29 days' AND now() + interval '30 days'";
    assert_eq!(app.count(row), 1);
    assert_eq!(app.audited(), ["created api_tokens"]);
    let secrets = format!("FROM audit_entries WHERE after::text LIKE '%{token}%'");
    assert_eq!(app.count(&secrets), 0);
    assert_eq!(app.count(&format!("FROM api_tokens AS t WHERE t::text LIKE '%{token}%'")), 0);
}

#[actix_web::test]
async fn a_rejected_form_keeps_what_was_typed() {
    let app = TestApp::new().await;
    let fields = [("name", ""), ("expires", "date"), ("expires_on", "2020-01-01"), ("account:read", "yes")];

    let answer = app.bob(form(OWN, &fields)).await;

    assert_eq!(answer.status, 422);
    answer.shows("Enter a name").shows("Choose a day from today").shows(r#"value="2020-01-01""#);
    answer.shows(r#"name="account:read" value="yes" checked"#).shows(r#"<option value="date" selected>"#);
    assert_eq!(app.bob(form(OWN, &[("name", "a\0b"), ("expires", "30"), ("account:read", "yes")])).await.status, 422);
    assert_eq!(app.bob(form(OWN, &[("name", &"x".repeat(101))])).await.status, 422);
    assert_eq!(app.bob(form(OWN, &[])).await.shows("at least one thing").status, 422);
    assert_eq!(app.count("FROM api_tokens"), 0);
}

#[actix_web::test]
async fn nobody_gives_a_token_what_they_do_not_have() {
    let app = TestApp::new().await;
    app.bob(get("/account/api-tokens/new")).await.shows("conversations:write").hides("numbers:write");

    let answer = app.bob(form(OWN, &[("name", "More"), ("expires", "30"), ("numbers:write", "yes")])).await;

    assert_eq!(answer.status, 422);
    answer.shows("Your role does not hold numbers:write");
    assert_eq!(app.count("FROM api_tokens"), 0);
}

#[actix_web::test]
async fn fifty_tokens_are_enough() {
    let app = TestApp::new().await;
    (0..50).for_each(|_| drop(app.token_for(Who::Bob, &["account:read"])));

    let answer = app.bob(form(OWN, &[("name", "One more"), ("expires", "30"), ("account:read", "yes")])).await;

    assert_eq!(answer.status, 422);
    answer.shows("You have 50 tokens already").shows(r#"value="One more""#);
}

#[actix_web::test]
async fn ones_own_token_is_revoked_once() {
    let app = TestApp::new().await;
    app.token(Who::Bob);
    let revocation = || post(&format!("{OWN}/{}/revocation", id(&app)));

    assert_eq!(app.eve(revocation()).await.status, 404);
    assert_eq!(app.ada(revocation()).await.status, 404, "hers is the other page");
    let answer = app.bob(revocation()).await;

    assert_eq!((answer.status, answer.location()), (303, OWN));
    app.bob(get(OWN)).await.shows("No tokens yet");
    assert_eq!(app.bob(revocation()).await.status, 404);
    assert_eq!(app.audited(), ["revoked api_tokens"]);
}

#[actix_web::test]
async fn administrators_see_and_revoke_everybodys_and_auditors_see() {
    let app = TestApp::new().await;
    app.token(Who::Bob);
    let revocation = || post(&format!("{ALL}/{}/revocation", id(&app)));

    app.ada(get(ALL)).await.shows("Bob Baker").shows("Revoke");
    app.olga(get(ALL)).await.shows("Bob Baker").hides("Revoke");
    app.carol(get(ALL)).await.hides("Bob Baker");
    assert_eq!(app.olga(revocation()).await.status, 403);
    assert_eq!(app.carol(revocation()).await.status, 404);
    let answer = app.ada(revocation()).await;

    assert_eq!((answer.status, answer.location()), (303, ALL));
    assert_eq!(app.program(Who::Bob, get("/api/v1/me")).await.status, 401);
}

#[actix_web::test]
async fn the_list_of_everybodys_goes_by_pages() {
    let app = TestApp::new().await;
    (0..51).for_each(|_| drop(app.token_for(Who::Bob, &["account:read"])));

    let first = app.ada(get(ALL)).await;

    let count = |answer: &Answer| answer.html.matches("class=\"card-box token\"").count();
    assert_eq!(count(&first), 50);
    let (_, rest) = first.html.split_once("/settings/api-tokens?after=").unwrap();
    let after = rest.split_once('"').unwrap().0;
    assert_eq!(count(&app.ada(get(&format!("{ALL}?after={after}"))).await), 1);
    assert_eq!(count(&app.ada(get(&format!("{ALL}?after=nonsense"))).await), 50);
}

#[actix_web::test]
async fn a_token_that_ends_soon_is_marked() {
    let app = TestApp::new().await;
    app.token(Who::Bob);
    app.bob(get(OWN)).await.shows("Expires soon").shows("Never");

    app.sql(
        "UPDATE api_tokens SET expires_at = now() - interval '1 day', last_used_at = now(), last_used_ip = '192.0.2.7'",
    );

    app.bob(get(OWN)).await.shows("Expired").shows("192.0.2.7");
}
