//! A forgotten password: a letter, a link, a new password, and nobody learns whether there was an account.

use super::Browser;
use crate::support::cast::PASSWORD;
use crate::support::{TestApp, form, get};

const CHOSEN: &str = "four unrelated words here";

async fn asked_for(app: &TestApp, email: &str) -> crate::support::Answer {
    let browser = Browser::new(app);
    browser.ask(get("/login/reset")).await;
    let answer = browser.ask(form("/login/reset", &[("email", email)])).await;
    app.run_jobs().await;
    answer
}

#[actix_web::test]
async fn a_letter_leads_to_a_new_password_and_ends_every_session() {
    let (app, mailbox) = TestApp::with_mail().await;
    app.hub_is_up().await;
    assert_eq!(app.bob(get("/inbox")).await.status, 200);
    Browser::new(&app).ask(get("/login")).await.shows("Forgotten password?");

    asked_for(&app, " Bob@acme.test ").await.shows("If there is an account for bob@acme.test");
    let link = mailbox.to("bob@acme.test").link("/login/reset/");
    let browser = Browser::new(&app);
    browser.ask(get(&link)).await.shows("Choose a new password");
    let answer = browser.ask(form(&link, &[("password", CHOSEN)])).await;

    assert_eq!((answer.status, answer.location()), (303, "/login?reset=true"));
    browser.ask(get("/login?reset=true")).await.shows("Your password is changed.");
    app.until("his session is over", async || app.bob(get("/inbox")).await.status == 303).await;
    assert_eq!(Browser::new(&app).sign_in("bob@acme.test", PASSWORD).await.status, 401);
    assert_eq!(Browser::new(&app).sign_in("bob@acme.test", CHOSEN).await.status, 303);
    assert!(app.audited().starts_with(&["asked_for_reset users".into(), "reset_password users".into()]));
}

#[actix_web::test]
async fn the_link_leads_to_us_whatever_host_the_request_names() {
    let (app, mailbox) = TestApp::with_mail().await;
    let browser = Browser::new(&app);
    browser.ask(get("/login/reset")).await;

    let ask = form("/login/reset", &[("email", "bob@acme.test")]);
    browser.ask(ask.header("host", "evil.test").header("x-forwarded-host", "evil.test")).await;
    app.run_jobs().await;

    let mail = mailbox.to("bob@acme.test");
    assert!(mail.text.contains("http://desk.test/login/reset/") && !mail.text.contains("evil.test"), "{mail:?}");
}

#[actix_web::test]
async fn known_and_unknown_addresses_are_answered_alike() {
    let (app, mailbox) = TestApp::with_mail().await;

    let known = asked_for(&app, "bob@acme.test").await;
    let unknown = asked_for(&app, "nobody@acme.test").await;

    assert_eq!((known.status, unknown.status), (200, 200));
    let words = |answer: &crate::support::Answer, email: &str| {
        let token = answer.html.split_once(r#"name="csrf-token" content=""#).unwrap().1.split_once('"').unwrap().0;
        answer.html.replace(token, "").replace(email, "")
    };
    assert_eq!(words(&known, "bob@acme.test"), words(&unknown, "nobody@acme.test"));
    assert_eq!(mailbox.mails().len(), 1);
}

#[actix_web::test]
async fn a_link_works_once_for_half_an_hour_and_only_the_newest() {
    let (app, mailbox) = TestApp::with_mail().await;
    let ask = async || {
        asked_for(&app, "bob@acme.test").await;
        mailbox.mails().last().unwrap().link("/login/reset/")
    };
    let (older, newer) = (ask().await, ask().await);
    let browser = Browser::new(&app);
    browser.ask(get("/login")).await;
    let choose = |link: String| form(&link, &[("password", CHOSEN)]);

    assert_eq!(browser.ask(choose(older)).await.status, 404, "a newer one was asked for");
    assert_eq!(browser.ask(choose(newer.replace("/login/reset/", "/welcome/"))).await.status, 404, "it invites nobody");
    assert_eq!(browser.ask(choose(newer.clone())).await.status, 303);
    assert_eq!(browser.ask(choose(newer)).await.status, 404, "used");

    let late = ask().await;
    app.sql("UPDATE sign_in_links SET expires_at = now() - interval '1 second'");
    assert_eq!(browser.ask(choose(late)).await.status, 404, "expired");
}

#[actix_web::test]
async fn one_link_in_two_hands_sets_one_password() {
    let (app, mailbox) = TestApp::with_mail().await;
    asked_for(&app, "bob@acme.test").await;
    let link = mailbox.to("bob@acme.test").link("/login/reset/");
    let (one, other) = (Browser::new(&app), Browser::new(&app));
    one.ask(get(&link)).await;
    other.ask(get(&link)).await;

    let mine = one.ask(form(&link, &[("password", "the first of the two")]));
    let theirs = other.ask(form(&link, &[("password", "the second of the two")]));
    let (first, second) = futures_util::join!(mine, theirs);

    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404]);
}

#[actix_web::test]
async fn a_bad_password_is_refused_and_the_link_stays_good() {
    let (app, mailbox) = TestApp::with_mail().await;
    asked_for(&app, "bob@acme.test").await;
    let link = mailbox.to("bob@acme.test").link("/login/reset/");
    let browser = Browser::new(&app);
    browser.ask(get(&link)).await;

    for (bad, why) in
        [("short", "at least 12"), ("passwordpassword", "among the first"), ("bob@acme.test", "among the first")]
    {
        let answer = browser.ask(form(&link, &[("password", bad)])).await;
        assert_eq!(answer.status, 422, "{bad}");
        answer.shows(why).hides(&format!(r#"value="{bad}""#));
    }
    assert_eq!(browser.ask(form(&link, &[("password", CHOSEN)])).await.status, 303);
}

#[actix_web::test]
async fn asking_again_and_again_is_slowed_down_for_strangers_too() {
    let (app, _mailbox) = TestApp::with_mail().await;
    let browser = Browser::new(&app);
    browser.ask(get("/login/reset")).await;
    for _ in 0..5 {
        assert_eq!(browser.ask(form("/login/reset", &[("email", "nobody@acme.test")])).await.status, 200);
    }
    app.sql("UPDATE tries SET last_at = now()");

    assert_eq!(browser.ask(form("/login/reset", &[("email", "nobody@acme.test")])).await.status, 429);
}

#[actix_web::test]
async fn without_a_mail_server_the_page_says_so() {
    let app = TestApp::new().await;
    let browser = Browser::new(&app);
    browser.ask(get("/login")).await.hides("Forgotten password?");

    browser.ask(get("/login/reset")).await.shows("not configured: SMTP_URL, MAIL_FROM").hides("<form");

    assert_eq!(browser.ask(form("/login/reset", &[("email", "bob@acme.test")])).await.status, 422);
    assert_eq!(app.count("FROM sign_in_links"), 0);
}
