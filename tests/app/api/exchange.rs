//! Refresh tokens: one exchange each, and what a copy gives away.

use super::{pair, problem, refresh, revoke, signed_in};
use crate::support::{TestApp, Who, get};
use futures_util::future::join_all;

const ME: &str = "/api/v1/me";

/// So long ago that two requests at once are out of the question.
fn pass_grace(app: &TestApp) {
    app.sql("UPDATE spent_refresh_tokens SET spent_at = now() - interval '6 seconds'");
}

#[actix_web::test]
async fn a_refresh_token_is_exchanged_for_the_next_pair() {
    let app = TestApp::new().await;
    let (_, first) = signed_in(&app, Who::Bob).await;
    let ends = "SELECT expires_at::text AS text FROM user_sessions";
    let before = app.text(ends);

    let answer = app.anybody(refresh(&first)).await;

    let (access, second) = pair(&answer);
    assert_ne!(first, second);
    assert_eq!(app.anybody(get(ME).bearer(&access)).await.status, 200);
    assert_eq!(app.anybody(refresh(&second)).await.status, 200);
    assert_eq!(app.count("FROM user_sessions"), 1);
    assert_eq!(app.text(ends), before, "the end does not move");
    let kept = app.count("FROM user_sessions WHERE refresh_token_hash = sha256(convert_to('x', 'UTF8'))");
    assert_eq!(kept, 0);
}

#[actix_web::test]
async fn of_two_exchanges_at_once_one_wins_and_nothing_is_lost() {
    let app = TestApp::new().await;
    let (_, token) = signed_in(&app, Who::Bob).await;

    let answers = join_all((0..4).map(|_| app.anybody(refresh(&token)))).await;

    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 3));
    for answer in &lost {
        assert_eq!(problem(answer), (401, "refresh_token_spent".into()));
    }
    let (access, next) = pair(&won[0]);
    assert_eq!(app.anybody(get(ME).bearer(&access)).await.status, 200);
    assert_eq!(app.anybody(refresh(&next)).await.status, 200);
    assert!(!app.audited().contains(&"refresh_token_reused user_sessions".to_owned()));
}

#[actix_web::test]
async fn a_token_that_comes_a_second_time_ends_the_client_and_alarms_its_user() {
    let app = TestApp::new().await;
    let (_, stolen) = signed_in(&app, Who::Bob).await;
    let (access, next) = pair(&app.anybody(refresh(&stolen)).await);
    pass_grace(&app);

    let answer = app.anybody(refresh(&stolen).from([203, 0, 113, 6])).await;

    assert_eq!(problem(&answer), (401, "refresh_token_reused".into()));
    assert_eq!(app.anybody(get(ME).bearer(&access)).await.status, 401);
    assert_eq!(problem(&app.anybody(refresh(&next)).await), (401, "invalid_refresh_token".into()));
    let noted = "SELECT count(*)::text AS text FROM audit_entries WHERE action = 'refresh_token_reused'";
    assert_eq!(app.text(noted), "1");
    app.bob(get("/account/api-tokens/alarm")).await.shows("That program is signed out");
    app.bob(get("/account/api-tokens")).await.shows("was used a second time");
    assert_eq!(app.eve(get("/account/api-tokens/alarm")).await.status, 204, "it is nobody else's trouble");
    app.eve(get("/account/api-tokens")).await.hides("was used a second time");
    app.anybody(refresh(&stolen)).await;
    assert_eq!(app.text(noted), "1", "told once");
}

#[actix_web::test]
async fn browsers_hear_of_a_copy_at_once() {
    let app = TestApp::new().await;
    app.hub_is_up().await;
    let (_, stolen) = signed_in(&app, Who::Bob).await;
    app.anybody(refresh(&stolen)).await;
    pass_grace(&app);
    let mut events = app.parts.hub.watch();

    app.anybody(refresh(&stolen)).await;

    let heard = async {
        loop {
            if let Ok(switchboard::kit::live::Signal::Event(event)) = events.recv().await
                && &*event.kind == "token_reused"
            {
                return event.tenant;
            }
        }
    };
    assert_eq!(tokio::time::timeout(crate::support::app::PATIENCE, heard).await.unwrap(), app.acme);
}

#[actix_web::test]
async fn where_mail_is_configured_its_user_gets_a_letter() {
    let (app, mailbox) = TestApp::with_mail().await;
    let (_, stolen) = signed_in(&app, Who::Bob).await;
    app.anybody(refresh(&stolen)).await;
    pass_grace(&app);

    app.anybody(refresh(&stolen)).await;
    app.run_jobs().await;

    let letter = mailbox.to("bob@acme.test");
    assert!(letter.text.contains("was signed out") && letter.text.contains("/account/api-tokens"), "{letter:?}");
}

#[actix_web::test]
async fn whatever_is_no_refresh_token_is_refused() {
    let app = TestApp::new().await;
    let (access, token) = signed_in(&app, Who::Bob).await;
    let last = if token.ends_with('0') { "1" } else { "0" };

    for wrong in [&access[..150], &app.token(Who::Bob), &format!("{}{last}", &token[..75]), "swr_", "x"] {
        let answer = app.anybody(refresh(wrong)).await;
        assert_eq!(problem(&answer), (401, "invalid_refresh_token".into()), "{wrong}");
    }
    app.sql("UPDATE user_sessions SET expires_at = now() - interval '1 second'");
    assert_eq!(problem(&app.anybody(refresh(&token)).await), (401, "invalid_refresh_token".into()));
}

#[actix_web::test]
async fn a_revoked_client_is_out_at_once_and_its_access_token_is_noted() {
    let app = TestApp::new().await;
    app.hub_is_up().await;
    let (access, token) = signed_in(&app, Who::Bob).await;
    assert_eq!(app.anybody(get(ME).bearer(&access)).await.status, 200);

    let answer = app.anybody(revoke(&token)).await;

    assert_eq!((answer.status, answer.html.as_str()), (204, ""));
    assert_eq!(problem(&app.anybody(get(ME).bearer(&access)).await), (401, "invalid_token".into()));
    assert_eq!(app.anybody(refresh(&token)).await.status, 401);
    let noted = "FROM token_blacklist AS gone JOIN user_sessions AS session ON gone.jti = session.access_token_jti \
                 WHERE gone.expires_at > now() AND gone.expires_at <= now() + interval '15 minutes'";
    assert_eq!(app.count(noted), 1);
    assert_eq!(app.audited(), ["signed_in users", "ended user_sessions"]);
    assert_eq!(app.anybody(revoke(&token)).await.status, 204, "twice is no other answer");
    assert_eq!(app.anybody(revoke("swr_nobodys")).await.status, 204, "nor is nobody's");
}

#[actix_web::test]
async fn a_revoked_jti_counts_for_nothing_even_while_its_session_goes_on() {
    let app = TestApp::new().await;
    let (access, token) = signed_in(&app, Who::Bob).await;
    app.sql(
        "INSERT INTO token_blacklist (tenant_id, id, jti, user_id, expires_at) \
         SELECT tenant_id, gen_random_uuid(), access_token_jti, user_id, now() + interval '15 minutes' FROM user_sessions",
    );

    assert_eq!(app.anybody(get(ME).bearer(&access)).await.status, 401);

    let (next, _) = pair(&app.anybody(refresh(&token)).await);
    assert_eq!(app.anybody(get(ME).bearer(&next)).await.status, 200);
}

#[actix_web::test]
async fn what_counts_for_nothing_any_more_is_purged() {
    let app = TestApp::new().await;
    let (_, first) = signed_in(&app, Who::Bob).await;
    let (_, second) = signed_in(&app, Who::Eve).await;
    app.anybody(revoke(&first)).await;
    app.anybody(revoke(&second)).await;
    let bobs = "user_id = (SELECT id FROM users WHERE email = 'bob@acme.test')";
    app.sql(&format!("UPDATE token_blacklist SET expires_at = now() - interval '1 second' WHERE {bobs}"));

    let purged = app.within(switchboard::api_clients::model::purge).await;

    assert_eq!((purged, app.count("FROM token_blacklist")), (1, 1));
}
