//! Passkeys: made by who is signed in, and a way in for their owner alone.

mod account;
mod factor;
mod first;
mod refusals;

use super::sign_in::Browser;
use super::support::authenticator::Authenticator;
use super::support::cast::PASSWORD;
use super::support::{Answer, TestApp, form, get, post};
use serde_json::Value;
use switchboard::kit::public_url::PublicUrl;

const BOB: &str = "bob@acme.test";

/// A desk whose address has a name.
async fn desk() -> TestApp {
    let mut app = TestApp::new().await;
    app.change(|parts| parts.public_url = PublicUrl("https://desk.test".into()));
    app.hub_is_up().await;
    app
}

/// Somebody with a password, at their browser.
async fn signed_in<'a>(app: &'a TestApp, email: &str) -> Browser<'a> {
    let browser = Browser::new(app);
    assert_eq!(browser.sign_in(email, PASSWORD).await.location(), "/");
    browser.ask(get("/account/security")).await;
    browser
}

/// What the button asks the device for.
fn options(page: &Answer) -> Value {
    let (_, rest) = page.html.split_once(r#"data-options=""#).unwrap_or_else(|| panic!("no options in {page:?}"));
    let text = rest.split_once('"').unwrap().0.replace("&#34;", "\"").replace("&#38;", "&");
    serde_json::from_str(&text).unwrap()
}

/// The first of two steps.
async fn begin(browser: &Browser<'_>, name: &str) -> Answer {
    browser.ask(form("/account/passkeys/challenge", &[("name", name), ("password", PASSWORD)])).await
}

async fn add(browser: &Browser<'_>, device: &mut Authenticator, name: &str) -> Answer {
    let made = device.create(&options(&begin(browser, name).await));
    browser.ask(form("/account/passkeys", &[("credential", &made)])).await
}

/// Bob has made a passkey.
async fn bobs_device(app: &TestApp) -> Authenticator {
    let (bob, mut device) = (signed_in(app, BOB).await, Authenticator::new());
    add(&bob, &mut device, "Laptop").await.shows("Your recovery codes");
    device
}

async fn challenge(browser: &Browser<'_>) -> Value {
    browser.ask(get("/login")).await;
    let answer = browser.ask(post("/login/passkey/challenge")).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"), "{answer:?}");
    answer.json()
}

/// By the passkey alone.
async fn sign_in(browser: &Browser<'_>, device: &mut Authenticator, next: &str) -> Answer {
    let used = device.get(&challenge(browser).await);
    browser.ask(form("/login/passkey", &[("credential", &used), ("next", next)])).await
}

fn id(app: &TestApp) -> String {
    app.text("SELECT id::text AS text FROM passkeys")
}

#[actix_web::test]
async fn a_passkey_is_added_listed_used_and_removed() {
    let app = desk().await;
    let (bob, mut device) = (signed_in(&app, BOB).await, Authenticator::new());

    let page = begin(&bob, " Laptop ").await;
    page.shows("Add “Laptop”").hides(PASSWORD);
    assert_eq!(options(&page)["rp"]["id"], "desk.test");
    let made = device.create(&options(&page));
    let added = bob.ask(form("/account/passkeys", &[("credential", &made)])).await;
    assert_eq!(added.shows("Your recovery codes").html.matches("<li><code>").count(), 10);
    let page = bob.ask(get("/account/security")).await;
    page.shows("<strong>Laptop</strong>").shows("not used yet").shows(">On<");
    let asked = page.html.find("The ones you have no longer work.").unwrap();
    assert!(asked > page.html.find(r#"<dialog id="renew_codes""#).unwrap(), "asked in the dialog, not on the page");

    let browser = Browser::new(&app);
    let answer = sign_in(&browser, &mut device, "/inbox?queue=all").await;
    assert_eq!((answer.status, answer.location()), (303, "/inbox?queue=all"));
    browser.ask(get("/inbox")).await.shows("Bob Baker");
    browser.ask(get("/account/security")).await.hides("not used yet").shows("last used");

    let removal = format!("/account/passkeys/{}/removal", id(&app));
    let gone = browser.ask(form(&removal, &[("password", PASSWORD)])).await;
    assert_eq!((gone.status, gone.location()), (303, "/account/security"));
    assert_eq!(sign_in(&Browser::new(&app), &mut device, "").await.location(), "/login?refused=passkey");
    assert_eq!(Browser::new(&app).sign_in(BOB, PASSWORD).await.location(), "/", "nothing else is asked for");
    assert_eq!(app.count("FROM recovery_codes"), 0);
    let expected = [
        "signed_in users",
        "added passkeys",
        "renewed_recovery_codes users",
        "used passkeys",
        "signed_in users",
        "removed passkeys",
        "signed_in users",
    ];
    assert_eq!(app.audited(), expected);
}

#[actix_web::test]
async fn the_device_learns_nothing_of_its_owner_but_their_name() {
    let app = desk().await;
    let (mut laptop, mut phone) = (bobs_device(&app).await, Authenticator::new());
    let bob = Browser::new(&app);
    sign_in(&bob, &mut laptop, "").await;
    bob.ask(get("/account/security")).await;

    let asked = options(&begin(&bob, "Phone").await);
    phone.create(&asked);

    assert_eq!((&asked["user"]["name"], &asked["user"]["displayName"]), (&BOB.into(), &"Bob Baker".into()));
    assert_eq!(phone.user, laptop.user, "one handle for all devices");
    let users = app.texts("SELECT replace(encode(uuid_send(id), 'base64'), '=', '') AS text FROM users");
    assert!(!users.contains(&laptop.user.replace('-', "+").replace('_', "/")), "random, not the id");
    assert_eq!(asked["excludeCredentials"].as_array().unwrap().len(), 1, "no device twice");
}

#[actix_web::test]
async fn a_passkey_stands_for_both_factors() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    app.sql(r#"UPDATE tenants SET settings = '{"second_factor_roles": ["AGENT"]}' WHERE slug = 'acme'"#);
    let browser = Browser::new(&app);

    sign_in(&browser, &mut device, "").await;

    assert_eq!(browser.ask(get("/inbox")).await.status, 200);
    assert_eq!(app.count("FROM user_sessions WHERE is_pending"), 0);
    assert_eq!(app.count("FROM users WHERE last_login_at IS NOT NULL AND email = 'bob@acme.test'"), 1);
}

#[actix_web::test]
async fn whoever_stays_signed_in_keeps_the_cookie() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    for (stay, kept) in [("", false), ("on", true)] {
        let browser = Browser::new(&app);
        let used = device.get(&challenge(&browser).await);

        let answer = browser.ask(form("/login/passkey", &[("credential", &used), ("stay", stay)])).await;

        assert_eq!(answer.cookie("switchboard").unwrap().max_age().is_some(), kept);
    }
}

#[actix_web::test]
async fn a_platform_administrator_signs_in_by_one_too() {
    let app = desk().await;
    let (pat, mut device) = (signed_in(&app, "pat@switchboard.test").await, Authenticator::new());
    add(&pat, &mut device, "Key").await.shows("Your recovery codes");
    let browser = Browser::new(&app);

    assert_eq!(sign_in(&browser, &mut device, "/platform/tenants").await.location(), "/platform/tenants");
    assert_eq!(browser.ask(get("/platform/tenants")).await.status, 200);
}

#[actix_web::test]
async fn passkeys_are_offered_only_where_browsers_allow_them() {
    let (with, without) = (desk().await, TestApp::new().await);

    with.anybody(get("/login")).await.shows("Sign in with a passkey").shows("username webauthn");
    without.anybody(get("/login")).await.hides("passkey").hides("webauthn");
    with.bob(get("/account/security")).await.shows("Add a passkey").hides("SWITCHBOARD_PUBLIC_URL");
    for path in ["/account/security", "/account/passkeys/new"] {
        without.bob(get(path)).await.shows("SWITCHBOARD_PUBLIC_URL").hides("Continue").hides("/account/passkeys/new\"");
    }
    let refused = without.bob(form("/account/passkeys/challenge", &[("name", "x"), ("password", PASSWORD)])).await;
    assert_eq!(refused.shows("SWITCHBOARD_PUBLIC_URL").status, 422);
}
