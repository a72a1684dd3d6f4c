//! What counts as a token, and what it opens.

use super::{problem, signed_in};
use crate::support::{TestApp, Who, delete, get, post};

const ME: &str = "/api/v1/me";

#[actix_web::test]
async fn a_personal_token_is_its_user_within_its_scopes() {
    let app = TestApp::new().await;
    let token = app.token_for(Who::Bob, &["account:read", "numbers:write", "no:such"]);

    let me = app.anybody(get(ME).bearer(&token)).await;

    assert_eq!((me.status, me.header("cache-control")), (200, "no-store"));
    let me = me.json();
    assert_eq!((me["email"].as_str(), me["role"].as_str()), (Some("bob@acme.test"), Some("AGENT")));
    assert_eq!(me["scopes"], serde_json::json!(["account:read"]), "an agent's token carries no administrator's rights");
    assert_eq!((me["token"]["kind"].as_str(), me["tenant"]["name"].as_str()), (Some("personal"), Some("Acme Bikes")));
}

#[actix_web::test]
async fn without_a_token_of_ours_nobody_is_let_in() {
    let app = TestApp::new().await;
    let token = app.token(Who::Bob);
    let ada = app.signed_in(Who::Ada);
    let with = |header: &str| get(ME).header("authorization", header);
    let wrong = [
        get(ME),
        get(ME).cookie(ada.cookie.clone()),
        get(&format!("{ME}?access_token={token}")),
        with("Bearer"),
        with(&format!("Basic {token}")),
        with(&token),
        with(&format!("Bearer {token}")).header("authorization", &format!("Bearer {token}")),
    ];

    for ask in wrong {
        let answer = app.anybody(ask.clone()).await;
        assert_eq!(problem(&answer), (401, "token_missing".into()), "{ask:?}");
        assert_eq!(answer.header("www-authenticate"), r#"Bearer realm="switchboard""#);
    }
    let last = if token.ends_with('0') { "1" } else { "0" };
    for token in
        ["", "x", "a.b.c", &format!("{}{last}", &token[..75]), &token.to_uppercase(), "swb_", &"a".repeat(9000)]
    {
        let answer = app.anybody(with(&format!("Bearer {token}"))).await;
        assert_eq!(problem(&answer), (401, "invalid_token".into()), "{token}");
        assert!(answer.header("www-authenticate").contains(r#"error="invalid_token""#));
    }
}

#[actix_web::test]
async fn what_the_token_does_not_carry_is_refused_by_name_and_written_down() {
    let app = TestApp::new().await;
    let token = app.token_for(Who::Ada, &["dashboard:read"]);

    let answer = app.anybody(get(ME).bearer(&token)).await;

    assert_eq!(problem(&answer), (403, "permission_missing".into()));
    assert_eq!(answer.json()["permission"], "account:read");
    assert!(answer.header("www-authenticate").contains(r#"error="insufficient_scope", scope="account:read""#));
    answer.shows("this token does not carry it");
    let noted = "SELECT (after ->> 'permission') || ' ' || (after ->> 'path') || ' ' || ip_address AS text \
                 FROM audit_entries WHERE action = 'refused'";
    assert_eq!(app.text(noted), "account:read /api/v1/me 192.0.2.1");
}

#[actix_web::test]
async fn a_token_that_is_revoked_or_has_expired_counts_no_more() {
    let app = TestApp::new().await;
    app.hub_is_up().await;
    for end in ["revoked_at = now()", "expires_at = now() - interval '1 second'"] {
        let token = app.token_for(Who::Bob, &["account:read"]);
        app.sql(&format!("UPDATE api_tokens SET {end}"));
        assert_eq!(app.anybody(get(ME).bearer(&token)).await.status, 401, "{end}");
    }

    let token = app.token_for(Who::Eve, &["account:read"]);
    assert_eq!(app.anybody(get(ME).bearer(&token)).await.status, 200);
    let id = app.text("SELECT id::text AS text FROM api_tokens WHERE revoked_at IS NULL AND expires_at > now()");
    app.eve(post(&format!("/account/api-tokens/{id}/revocation"))).await;

    assert_eq!(app.anybody(get(ME).bearer(&token)).await.status, 401, "on the next request, though it was just kept");
}

#[actix_web::test]
async fn another_process_hears_of_a_revoked_token() {
    let app = TestApp::new().await;
    let other = app.another_process();
    let token = app.token_for(Who::Bob, &["account:read"]);
    let ask = || get(ME).bearer(&token).build(None);
    app.until("it counts there", async || TestApp::send_to(&other, ask()).await.status == 200).await;

    let id = app.text("SELECT id::text AS text FROM api_tokens");
    app.bob(post(&format!("/account/api-tokens/{id}/revocation"))).await;

    app.until("it counts there no more", async || TestApp::send_to(&other, ask()).await.status == 401).await;
}

#[actix_web::test]
async fn the_tokens_of_whoever_may_not_sign_in_count_for_nothing() {
    let states = [
        "UPDATE users SET is_active = false WHERE email = 'bob@acme.test'",
        "UPDATE users SET deleted_at = now() WHERE email = 'bob@acme.test'",
        "UPDATE tenants SET status = 'inactive' WHERE slug = 'acme'",
        "UPDATE tenants SET deleted_at = now() WHERE slug = 'acme'",
    ];
    for state in states {
        let app = TestApp::new().await;
        let (access, refresh) = signed_in(&app, Who::Bob).await;
        let personal = app.token(Who::Bob);
        app.sql(state);

        for token in [&access, &personal] {
            assert_eq!(app.anybody(get(ME).bearer(token)).await.status, 401, "{state}");
        }
        assert_eq!(app.anybody(super::refresh(&refresh)).await.status, 401, "{state}");
    }
}

#[actix_web::test]
async fn a_role_that_is_taken_away_takes_its_rights_along() {
    let app = TestApp::new().await;
    let (access, _) = signed_in(&app, Who::Ada).await;
    app.sql("UPDATE users SET role = 'AGENT' WHERE email = 'ada@acme.test'");

    let me = app.anybody(get(ME).bearer(&access)).await.json();

    assert_eq!(me["role"], "AGENT");
    assert!(!me["scopes"].as_array().unwrap().iter().any(|scope| scope == "numbers:write"), "{me}");
}

#[actix_web::test]
async fn use_is_written_down_once_a_minute() {
    let app = TestApp::new().await;
    let token = app.token_for(Who::Bob, &["account:read"]);
    let used = "SELECT last_used_at::text || ' ' || last_used_ip AS text FROM api_tokens";

    app.anybody(get(ME).bearer(&token)).await;
    let first = app.text(used);
    app.parts.callers.forget();
    app.anybody(get(ME).bearer(&token)).await;

    assert!(first.ends_with(" 192.0.2.1"));
    assert_eq!(app.text(used), first);
    app.sql("UPDATE api_tokens SET last_used_at = now() - interval '2 minutes'");
    app.parts.callers.forget();
    app.anybody(get(ME).bearer(&token).from([192, 0, 2, 9])).await;
    assert!(app.text(used).ends_with(" 192.0.2.9"));
}

#[actix_web::test]
async fn an_address_or_a_method_that_is_not_there_is_a_problem_too() {
    let app = TestApp::new().await;

    assert_eq!(problem(&app.program(Who::Ada, get("/api/v1/nowhere")).await), (404, "about:blank".into()));
    let answer = app.program(Who::Ada, delete(ME)).await;
    assert_eq!(problem(&answer), (405, "about:blank".into()));
    assert_eq!(answer.header("allow"), "GET");
}
