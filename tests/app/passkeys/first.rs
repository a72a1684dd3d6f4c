//! A first passkey in the midst of signing in, where the organisation wants a second factor.

use super::*;

/// Bob has shown his password; his organisation wants more, and he has nothing more.
async fn asked<'a>(app: &'a TestApp) -> Browser<'a> {
    app.sql(r#"UPDATE tenants SET settings = '{"second_factor_roles": ["AGENT"]}' WHERE slug = 'acme'"#);
    let browser = Browser::new(app);
    assert_eq!(browser.sign_in(BOB, PASSWORD).await.location(), "/login/factor?next=%2F");
    browser.ask(get("/login/factor?next=%2Finbox")).await.shows("Set up a second factor");
    browser
}

async fn challenge(browser: &Browser<'_>) -> Value {
    let answer = browser.ask(post("/login/factor/set-up/passkey/challenge")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

async fn keep(browser: &Browser<'_>, credential: &str) -> Answer {
    browser.ask(form("/login/factor/set-up/passkey", &[("credential", credential), ("next", "/inbox")])).await
}

#[actix_web::test]
async fn a_passkey_is_made_and_completes_the_sign_in() {
    let app = desk().await;
    let (browser, mut device) = (asked(&app).await, Authenticator::new());
    let pending = browser.cookie("switchboard").unwrap();

    let done = keep(&browser, &device.create(&challenge(&browser).await)).await;

    assert_eq!((done.status, done.html.matches("<li><code>").count()), (200, 10), "{done:?}");
    done.shows("Your recovery codes").shows(r#"href="/inbox""#);
    browser.ask(get("/inbox")).await.shows("Bob Baker");
    assert_ne!(browser.cookie("switchboard").unwrap().value(), pending.value());
    assert_eq!(app.text("SELECT name AS text FROM passkeys"), "Unknown program");
    assert_eq!(app.audited(), ["added passkeys", "renewed_recovery_codes users", "signed_in users"]);
    assert_eq!(sign_in(&Browser::new(&app), &mut device, "/inbox").await.location(), "/inbox", "and signs in alone");
}

#[actix_web::test]
async fn it_is_offered_beside_the_app_before_and_after_that_was_begun() {
    let (with, without) = (desk().await, TestApp::new().await);
    for (app, shown) in [(&with, 1), (&without, 0)] {
        let browser = asked(app).await;
        let page = browser.ask(get("/login/factor")).await;
        assert_eq!(page.html.matches("/login/factor/set-up/passkey/challenge").count(), shown);
        browser.ask(form("/login/factor/set-up", &[("next", "/inbox")])).await;
        let page = browser.ask(get("/login/factor")).await;
        assert_eq!(
            page.shows("Scan this picture").html.matches("/login/factor/set-up/passkey/challenge").count(),
            shown
        );
    }
    let refused = asked(&without).await.ask(post("/login/factor/set-up/passkey/challenge")).await;
    assert!(refused.status >= 400, "{refused:?}");
}

#[actix_web::test]
async fn lies_and_old_answers_make_nothing() {
    let app = desk().await;
    let (one, other) = (asked(&app).await, asked(&app).await);
    let made = Authenticator::new().create(&challenge(&one).await);
    let foreign = Authenticator { origin: "https://evil.test".into(), ..Authenticator::new() };
    let (unverified, late) = (Authenticator { verifies: false, ..Authenticator::new() }, Authenticator::new());

    assert_eq!(keep(&other, &made).await.status, 422, "another browser's");
    for mut device in [foreign, unverified] {
        assert_eq!(keep(&one, &device.create(&challenge(&one).await)).await.shows("begin again").status, 422);
    }
    for nonsense in ["", "{}", "null", "\u{0}"] {
        assert_eq!(keep(&one, nonsense).await.status, 422);
    }
    let mut device = late;
    let made = device.create(&challenge(&one).await);
    app.sql("UPDATE passkey_ceremonies SET expires_at = now()");
    assert_eq!(keep(&one, &made).await.status, 422, "too late");

    assert_eq!(app.count("FROM passkeys") + app.count("FROM recovery_codes"), 0);
    assert_eq!(one.ask(get("/inbox")).await.status, 303, "still nobody");
}

#[actix_web::test]
async fn the_answer_counts_once() {
    let app = desk().await;
    let (browser, mut device) = (asked(&app).await, Authenticator::new());
    let made = device.create(&challenge(&browser).await);
    assert_eq!(keep(&browser, &made).await.status, 200);

    let again = keep(&browser, &made).await;

    assert_eq!(again.status, 303, "no longer between the factors");
    assert_eq!(app.count("FROM passkeys"), 1);
}

#[actix_web::test]
async fn whoever_has_a_factor_by_now_has_to_show_it() {
    let app = desk().await;
    let (slow, quick) = (asked(&app).await, asked(&app).await);
    let asked_slow = challenge(&slow).await;
    let mut first = Authenticator::new();
    assert_eq!(keep(&quick, &first.create(&challenge(&quick).await)).await.status, 200);

    let second = keep(&slow, &Authenticator::new().create(&asked_slow)).await;

    assert!([303, 422].contains(&second.status), "{second:?}");
    assert_eq!(app.count("FROM passkeys"), 1);
    assert_eq!(slow.ask(get("/inbox")).await.status, 303, "the password alone is not enough");
}
