//! Getting tokens for address and password.

use super::{PASSWORD, problem, refused, sign_in, signed_in};
use crate::support::{Answer, TestApp, Who, get, post};
use serde_json::{Value, json};
use switchboard::security::codes;
use switchboard::users::model as users;

#[actix_web::test]
async fn the_right_password_gives_tokens_that_work() {
    let app = TestApp::new().await;

    let answer = app.anybody(sign_in(" Bob@ACME.test ", PASSWORD).header("user-agent", "exporter/1.0")).await;

    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    let tokens = answer.json();
    assert_eq!((tokens["token_type"].as_str(), tokens["expires_in"].as_i64()), (Some("Bearer"), Some(900)));
    let access = tokens["access_token"].as_str().unwrap();
    let me = app.anybody(get("/api/v1/me").bearer(access)).await.json();
    assert_eq!((me["email"].as_str(), me["token"]["kind"].as_str()), (Some("bob@acme.test"), Some("access")));
    assert_eq!(tokens["scope"].as_str().unwrap().split(' ').count(), me["scopes"].as_array().unwrap().len());
    assert_eq!(app.audited(), ["signed_in users"]);
    let row = "FROM user_sessions WHERE token_hash IS NULL AND user_agent = 'exporter/1.0' AND ip_address = '192.0.2.1' \
               AND expires_at BETWEEN now() + interval '29 days' AND now() + interval '30 days'";
    assert_eq!(app.count(row), 1);
    assert_eq!(app.count("FROM users WHERE email = 'bob@acme.test' AND last_login_at IS NOT NULL"), 1);
    assert_eq!(
        app.count("FROM audit_entries WHERE actor_id IS NOT NULL AND ip_address IS NOT NULL AND action = 'signed_in'"),
        1
    );
}

#[actix_web::test]
async fn known_and_unknown_addresses_get_the_same_words() {
    let app = TestApp::new().await;

    let known = app.anybody(sign_in("bob@acme.test", "not his password")).await;
    let unknown = app.anybody(sign_in("nobody@acme.test", "not his password")).await;

    assert_eq!(problem(&known), (401, "invalid_credentials".into()));
    let words = |answer: &Answer| answer.html.replace(answer.header("x-request-id"), "");
    assert_eq!(words(&known), words(&unknown));
    assert_eq!(app.count("FROM user_sessions"), 0);
}

#[actix_web::test]
async fn what_is_missing_is_named() {
    let app = TestApp::new().await;

    let answer = app.anybody(post("/api/v1/auth/token").json(&json!({}))).await;

    assert_eq!(problem(&answer), (422, "invalid_values".into()));
    assert_eq!(
        refused(&answer),
        ["#/email: Send the account's email address.", "#/password: Send the account's password."]
    );
    let unknown = app.anybody(post("/api/v1/auth/token").json(&json!({ "user": "bob" }))).await;
    assert!(refused(&unknown)[0].starts_with("#/user: "), "{unknown:?}");
    let long = app.anybody(sign_in(&"x".repeat(300), &"y".repeat(300))).await;
    assert_eq!(refused(&long).len(), 2);
    long.hides("yyy");
}

#[actix_web::test]
async fn guessing_has_to_wait_as_at_the_sign_in_page() {
    let app = TestApp::new().await;
    for _ in 0..5 {
        assert_eq!(app.anybody(sign_in("bob@acme.test", "wrong password")).await.status, 401);
    }

    let answer = app.anybody(sign_in("bob@acme.test", PASSWORD)).await;

    assert_eq!(problem(&answer), (429, "about:blank".into()));
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
    let elsewhere = app.anybody(sign_in("bob@acme.test", PASSWORD).from([192, 0, 2, 77])).await;
    assert_eq!(elsewhere.status, 200, "its owner elsewhere is not locked out");
}

#[actix_web::test]
async fn an_address_that_asks_too_often_has_to_wait() {
    let app = TestApp::new().await;
    let ask = || post("/api/v1/auth/refresh").json(&json!({ "refresh_token": "swr_none" }));
    let mut last = app.anybody(ask()).await;
    for _ in 0..31 {
        last = app.anybody(ask()).await;
    }

    assert_eq!(problem(&last), (429, "about:blank".into()));
    assert!(last.header("retry-after").parse::<u64>().is_ok());
    assert_eq!(app.anybody(ask().from([192, 0, 2, 77])).await.status, 401, "a neighbour is not held up");
    assert_eq!(app.anybody(get("/api/v1/me")).await.status, 401, "nor is anything else");
}

/// Carol has an account at Acme, too.
async fn twice() -> TestApp {
    let app = TestApp::new().await;
    app.sql(
        "INSERT INTO users (tenant_id, id, email, password_hash, first_name, last_name, role) \
         SELECT acme.id, gen_random_uuid(), email, password_hash, first_name, last_name, 'AGENT' \
         FROM users, tenants AS acme WHERE email = 'carol@globex.test' AND acme.slug = 'acme'",
    );
    app
}

#[actix_web::test]
async fn who_fits_in_several_tenants_says_which() {
    let app = twice().await;
    let at = |tenant: &str| {
        let body = json!({ "email": "carol@globex.test", "password": PASSWORD, "tenant": tenant });
        post("/api/v1/auth/token").json(&body)
    };

    let answer = app.anybody(sign_in("carol@globex.test", PASSWORD)).await;

    assert_eq!(problem(&answer), (409, "several_tenants".into()));
    let slugs: Vec<_> =
        answer.json()["tenants"].as_array().unwrap().iter().map(|tenant| tenant["slug"].clone()).collect();
    assert_eq!(slugs, ["acme", "globex"]);
    for (tenant, role) in [("acme", "AGENT"), ("globex", "TENANT_ADMIN"), (&*app.globex.to_string(), "TENANT_ADMIN")] {
        let (access, _) = super::pair(&app.anybody(at(tenant)).await);
        let me: Value = app.anybody(get("/api/v1/me").bearer(&access)).await.json();
        assert_eq!(me["role"], role, "{tenant}");
    }
    assert_eq!(problem(&app.anybody(at("platform")).await), (401, "invalid_credentials".into()));
}

#[actix_web::test]
async fn the_tenants_are_told_to_nobody_who_only_guesses() {
    let app = twice().await;

    let answer = app.anybody(sign_in("carol@globex.test", "wrong password")).await;

    assert_eq!(problem(&answer), (401, "invalid_credentials".into()));
    answer.hides("globex").hides("acme");
}

#[actix_web::test]
async fn a_program_is_no_browser() {
    let app = TestApp::new().await;
    let (access, refresh) = signed_in(&app, Who::Ada).await;

    for token in [&access, &refresh, &app.token(Who::Ada)] {
        assert_eq!(app.anybody(get("/inbox").bearer(token)).await.status, 303, "pages take cookies only");
    }
    assert_eq!(app.anybody(get("/api/v1/me").bearer(&refresh)).await.status, 401);
}

/// Bob owes a second factor, and has these recovery codes.
async fn with_factor(app: &TestApp) -> Vec<String> {
    app.sql("UPDATE users SET second_factor_since = now() WHERE email = 'bob@acme.test'");
    let vault = app.parts.vault.clone();
    let codes = app.within(move |conn, tenant| {
        let bob = users::by_email(conn, tenant, "bob@acme.test")?.unwrap();
        codes::renew(conn, tenant, bob, &vault)
    });
    codes.await.iter().map(|code| code.expose().clone()).collect()
}

#[actix_web::test]
async fn who_has_a_second_factor_shows_it_here_too() {
    let app = TestApp::new().await;
    let codes = with_factor(&app).await;
    let with = |code: &str| {
        let body = json!({ "email": "bob@acme.test", "password": PASSWORD, "code": code });
        post("/api/v1/auth/token").json(&body)
    };

    assert_eq!(problem(&app.anybody(sign_in("bob@acme.test", PASSWORD)).await), (401, "second_factor_required".into()));
    assert_eq!(problem(&app.anybody(with("")).await), (401, "second_factor_required".into()));
    assert_eq!(problem(&app.anybody(with("000000")).await), (401, "second_factor_wrong".into()));
    assert_eq!(app.count("FROM user_sessions"), 0);
    assert_eq!(app.anybody(with(&codes[0])).await.status, 200);
    assert_eq!(
        problem(&app.anybody(with(&codes[0])).await),
        (401, "second_factor_wrong".into()),
        "a code is good once"
    );
    let guessed = app.anybody(sign_in("bob@acme.test", "wrong password")).await;
    assert_eq!(problem(&guessed), (401, "invalid_credentials".into()), "it is told to nobody who only guesses");
}

#[actix_web::test]
async fn codes_cannot_be_tried_out() {
    let app = TestApp::new().await;
    with_factor(&app).await;
    let mut last = 0;
    for at in 0..6 {
        let body = json!({ "email": "bob@acme.test", "password": PASSWORD, "code": "000000" });
        last = app.anybody(post("/api/v1/auth/token").json(&body).from([192, 0, 2, 10 + at])).await.status;
    }
    assert_eq!(last, 429);
}

#[actix_web::test]
async fn a_role_that_has_to_have_a_factor_gets_no_token_without() {
    let app = TestApp::new().await;
    app.sql(r#"UPDATE tenants SET settings = '{"second_factor_roles": ["AGENT"]}' WHERE slug = 'acme'"#);

    let bob = app.anybody(sign_in("bob@acme.test", PASSWORD)).await;

    assert_eq!(problem(&bob), (401, "second_factor_required".into()));
    assert_eq!(app.anybody(sign_in("ada@acme.test", PASSWORD)).await.status, 200);
}
