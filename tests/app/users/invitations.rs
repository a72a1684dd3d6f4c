//! Asking somebody in, and the one-time link that lets them.

use super::{ROSA, TestApp, Who, form, get, id_of, page_of, post, rows};
use crate::support::Answer;

/// The path of the link on the page.
fn link(answer: &Answer) -> String {
    let (_, rest) =
        answer.html.split_once(r#"value="http://desk.test/welcome/"#).unwrap_or_else(|| panic!("{answer:?}"));
    format!("/welcome/{}", rest.split('"').next().unwrap())
}

#[actix_web::test]
async fn somebody_new_gets_a_link_that_is_shown_once() {
    let app = TestApp::new().await;

    let answer = app.ada(form("/settings/users", &ROSA)).await;

    assert_eq!(answer.status, 200);
    answer.shows("Link for Rosa Ríos").shows("rosa@acme.test").shows("It works once, for 72 hours.");
    assert_eq!(app.anybody(get(&link(&answer))).await.status, 200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let token = link(&answer).replace("/welcome/", "");
    app.ada(get("/settings/users?state=invited")).await.shows("Rosa Ríos").hides(&token);
    assert_eq!(app.count(&format!("FROM audit_entries WHERE audit_entries::text LIKE '%{token}%'")), 0);
    assert_eq!(app.audited(), ["invited users"]);
    let state = app.text("SELECT is_active || ' ' || is_verified || ' ' || (password_hash IS NULL) AS text FROM users WHERE email = 'rosa@acme.test'");
    assert_eq!(state, "true false true");
}

#[actix_web::test]
async fn where_mail_is_configured_the_link_comes_by_letter_and_is_on_no_page() {
    let (app, mailbox) = TestApp::with_mail().await;

    let answer = app.ada(form("/settings/users", &ROSA)).await;

    answer.shows("A letter with the link is on its way to rosa@acme.test.").hides("/welcome/");
    app.run_jobs().await;
    let letter = mailbox.to("rosa@acme.test");
    assert!(letter.text.contains("Ada Arnold invites you to work with Acme Bikes"), "{}", letter.text);
    assert_eq!(app.anybody(get(&letter.link("/welcome/"))).await.status, 200);
}

#[actix_web::test]
async fn a_rejected_invitation_sends_no_letter() {
    let (app, mailbox) = TestApp::with_mail().await;

    app.ada(form("/settings/users", &ROSA[..2]).fields(&[("email", "bob@acme.test"), ("role", "AGENT")])).await;

    assert_eq!((app.take_jobs(), mailbox.mails().len()), (Vec::new(), 0));
}

#[actix_web::test]
async fn all_that_is_typed_about_somebody_new_is_kept() {
    let app = TestApp::new().await;
    let more = [("company_name", "Rent a Desk"), ("time_zone", "America/Lima"), ("locale", "es")];

    app.ada(form("/settings/users", &ROSA).fields(&more)).await;

    let kept =
        "SELECT company_name || ' ' || time_zone || ' ' || locale AS text FROM users WHERE email = 'rosa@acme.test'";
    assert_eq!(app.text(kept), "Rent a Desk America/Lima es");
}

#[actix_web::test]
async fn a_rejected_invitation_keeps_what_was_typed_and_makes_nobody() {
    let app = TestApp::new().await;
    let before = rows(&app);

    let answer = app.ada(form("/settings/users", &[("first_name", "Rosa"), ("email", "rosa"), ("role", "KING")])).await;

    assert_eq!(answer.status, 422);
    answer.shows("This is no email address").shows("Enter a last name.").shows("Choose a role.");
    answer.shows(r#"value="Rosa""#).shows(r#"value="rosa""#);
    let taken =
        app.ada(form("/settings/users", &ROSA[..2]).fields(&[("email", "bob@acme.test"), ("role", "AGENT")])).await;
    assert_eq!(taken.shows("Somebody in your organisation has this address.").status, 422);
    assert_eq!((rows(&app), app.count("FROM sign_in_links")), (before, 0));
}

#[actix_web::test]
async fn only_administrators_invite() {
    let app = TestApp::new().await;
    let before = rows(&app);

    for answer in [app.max(form("/settings/users", &ROSA)).await, app.olga(form("/settings/users", &ROSA)).await] {
        assert_eq!(answer.status, 403);
    }
    assert_eq!(app.anybody(form("/settings/users", &ROSA)).await.status, 303);

    assert_eq!(rows(&app), before);
    let refused = "FROM audit_entries WHERE action = 'refused' AND after ->> 'permission' = 'users:write'";
    assert_eq!(app.count(refused), 2);
}

#[actix_web::test]
async fn a_new_link_makes_the_older_one_void() {
    let app = TestApp::new().await;
    let first = link(&app.ada(form("/settings/users", &ROSA)).await);
    let url = app.text("SELECT '/settings/users/' || id AS text FROM users WHERE email = 'rosa@acme.test'");

    let second = link(&app.ada(post(&format!("{url}/invitation"))).await);

    assert_eq!(app.anybody(get(&first)).await.status, 404);
    assert_eq!(app.anybody(get(&second)).await.status, 200);
}

#[actix_web::test]
async fn two_links_asked_for_at_once_leave_one() {
    let app = TestApp::new().await;
    let url = format!("{}/invitation", page_of(&app, Who::Eve));

    let answers = futures_util::future::join_all((0..4).map(|_| app.ada(post(&url)))).await;

    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(app.count("FROM sign_in_links WHERE used_at IS NULL AND expires_at > now()"), 1);
}

#[actix_web::test]
async fn a_changed_address_voids_what_was_sent_to_the_old_one() {
    let app = TestApp::new().await;
    let first = link(&app.ada(form("/settings/users", &ROSA)).await);
    let url = app.text("SELECT '/settings/users/' || id AS text FROM users WHERE email = 'rosa@acme.test'");

    app.ada(form(&url, &ROSA[..2]).fields(&[("email", "rosa.rios@acme.test"), ("role", "AGENT")])).await;

    assert_eq!(app.anybody(get(&first)).await.status, 404);
}

#[actix_web::test]
async fn who_was_shut_out_gets_no_link_and_loses_the_open_one() {
    for step in ["deactivation", "deletion"] {
        let app = TestApp::new().await;
        let url = page_of(&app, Who::Eve);
        let open = link(&app.ada(post(&format!("{url}/invitation"))).await);

        app.ada(post(&format!("{url}/{step}"))).await;

        assert_eq!(app.anybody(get(&open)).await.status, 404, "{step}");
        let refused = app.ada(post(&format!("{url}/invitation"))).await;
        assert_eq!(refused.shows("Eve Evans may not sign in").status, 422);
        app.sql("UPDATE users SET is_active = true, deleted_at = NULL");
        assert_eq!(app.anybody(get(&open)).await.status, 404, "{step}: it stays void");
        assert!(!id_of(&app, Who::Eve).is_empty());
    }
}
