//! Shutting out and letting in again.

use super::{ROSA, TestApp, Who, form, get, id_of, page_of, post, rows};
use switchboard::kit::live::Signal;

#[actix_web::test]
async fn whoever_is_deactivated_is_out_everywhere_at_once() {
    for step in ["deactivation", "deletion"] {
        let app = TestApp::new().await;
        app.hub_is_up().await;
        assert_eq!(app.bob(get("/inbox")).await.status, 200);
        let elsewhere = app.another_process();
        app.until("the other process hears", async || elsewhere.hub.is_up()).await;
        let signed_in = app.signed_in(Who::Bob);
        let ask = || get("/inbox").cookie(signed_in.cookie.clone()).build(None);
        assert_eq!(TestApp::send_to(&elsewhere, ask()).await.status, 200);
        let mut events = app.parts.hub.watch();

        let url = page_of(&app, Who::Bob);
        let answer = app.ada(post(&format!("{url}/{step}"))).await;

        assert_eq!((answer.status, answer.location()), (303, url.as_str()));
        assert_eq!(app.bob(get("/inbox")).await.status, 303, "{step}: on the next request");
        app.until("the other process forgets", async || TestApp::send_to(&elsewhere, ask()).await.status == 303).await;
        let mut kinds = Vec::new();
        while kinds.len() < 2 {
            if let Ok(Signal::Event(event)) = events.recv().await {
                kinds.push(event.kind.to_string());
            }
        }
        kinds.sort();
        assert_eq!(kinds, ["session_ended", "user"], "{step}: open pages are told");
        assert_eq!(
            app.count(
                "FROM user_sessions JOIN users ON users.id = user_id WHERE first_name = 'Bob' AND NOT is_revoked"
            ),
            0
        );
    }
}

#[actix_web::test]
async fn a_deactivated_account_can_be_let_in_again_but_stays_signed_out() {
    let app = TestApp::new().await;
    let url = page_of(&app, Who::Bob);
    app.bob(get("/inbox")).await;
    app.ada(post(&format!("{url}/deactivation"))).await;
    app.ada(get(&url)).await.shows("Deactivated").shows("/activation").hides("/deactivation");

    app.ada(post(&format!("{url}/activation"))).await;

    app.ada(get(&url)).await.shows("Active").shows("/deactivation").hides("/activation");
    assert_eq!(app.bob(get("/inbox")).await.status, 303, "the old session stays ended");
    assert_eq!(app.audited(), ["deactivated users", "activated users"]);
}

#[actix_web::test]
async fn a_deleted_account_leaves_the_lists_and_can_be_restored() {
    let app = TestApp::new().await;
    let url = page_of(&app, Who::Bob);

    app.ada(post(&format!("{url}/deletion"))).await;

    app.ada(get("/settings/users")).await.hides("Bob Baker");
    let page = app.ada(get(&url)).await;
    page.shows("This account was deleted").shows("/restoration").hides("Save");
    let edit = app.ada(form(&url, &ROSA)).await;
    assert_eq!(edit.status, 422, "a deleted account cannot be changed");
    app.ada(post(&format!("{url}/restoration"))).await;
    app.ada(get("/settings/users")).await.shows("Bob Baker");
    let role = app.text("SELECT role::text AS text FROM users WHERE first_name = 'Bob' AND deleted_at IS NULL");
    assert_eq!((role.as_str(), app.audited()), ("AGENT", vec!["deleted users".into(), "restored users".into()]));
}

#[actix_web::test]
async fn a_deleted_accounts_address_is_free_and_then_it_cannot_come_back() {
    let app = TestApp::new().await;
    let url = page_of(&app, Who::Bob);
    app.ada(post(&format!("{url}/deletion"))).await;
    let fields = [("first_name", "Rob"), ("last_name", "Baker"), ("email", "bob@acme.test"), ("role", "AGENT")];
    assert_eq!(app.ada(form("/settings/users", &fields)).await.status, 200);

    let answer = app.ada(post(&format!("{url}/restoration"))).await;

    assert_eq!(answer.status, 422);
    answer.shows("bob@acme.test is somebody else&#39;s address by now. Change it there, then restore Bob Baker.");
    assert_eq!(app.count("FROM users WHERE email = 'bob@acme.test' AND deleted_at IS NULL"), 1);
}

#[actix_web::test]
async fn doing_it_twice_is_doing_it_once() {
    let app = TestApp::new().await;
    let url = page_of(&app, Who::Bob);

    for step in ["deactivation", "deactivation", "activation", "activation", "deletion", "deletion", "deactivation"] {
        assert_eq!(app.ada(post(&format!("{url}/{step}"))).await.status, 303, "{step}");
    }
    for _ in 0..2 {
        assert_eq!(app.ada(post(&format!("{url}/restoration"))).await.status, 303);
    }

    let once = ["deactivated users", "activated users", "deleted users", "restored users"];
    assert_eq!(app.audited(), once);
    assert_eq!(app.text("SELECT is_active::text AS text FROM users WHERE first_name = 'Bob'"), "true");
}

#[actix_web::test]
async fn lesser_roles_and_visitors_shut_nobody_out() {
    let app = TestApp::new().await;
    let (url, before) = (page_of(&app, Who::Eve), rows(&app));

    for step in ["invitation", "activation", "deactivation", "deletion", "restoration"] {
        let step = format!("{url}/{step}");
        assert_eq!(app.max(post(&step)).await.status, 403);
        assert_eq!(app.bob(post(&step)).await.status, 403);
        assert_eq!(app.olga(post(&step)).await.status, 403);
        assert_eq!(app.pat(post(&step)).await.status, 403);
        assert_eq!(app.anybody(post(&step)).await.status, 303);
        assert_eq!(app.ada(get(&step)).await.status, 405, "a link does not do it");
    }

    assert_eq!(rows(&app), before);
    assert!(!id_of(&app, Who::Eve).is_empty());
}
