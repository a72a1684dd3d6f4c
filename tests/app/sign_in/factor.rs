//! The second factor: set up, asked for, used once, recovered, and taken away.

use super::Browser;
use crate::support::cast::PASSWORD;
use crate::support::{Answer, Ask, TestApp, Who, form, get, post};
use chrono::Utc;
use totp_rs::{Builder, Secret, Totp};

/// The app on somebody's phone.
struct Phone(Totp);

impl Phone {
    /// Types the key in that the page shows.
    fn scans(page: &Answer) -> Self {
        let (_, rest) = page.html.split_once(r#"<code class="secret">"#).expect("a page with a secret");
        let key = rest.split_once('<').unwrap().0.replace(' ', "");
        let secret = Secret::try_from_base32(key).unwrap();
        Self(Builder::new().with_secret(secret).with_account_name("phone").build().unwrap())
    }

    /// The code of now, or of so many half minutes later.
    fn shows(&self, later: u64) -> String {
        let now = u64::try_from(Utc::now().timestamp()).unwrap();
        self.0.generate(now + 30 * later).to_string()
    }
}

/// Bob with an app, and his recovery codes.
async fn bob_with_factor(app: &TestApp) -> (Phone, Vec<String>) {
    app.hub_is_up().await;
    app.bob(post("/account/second-factor")).await;
    let phone = Phone::scans(&app.bob(get("/account/second-factor")).await);
    let answer = app.bob(form("/account/second-factor/confirmation", &[("code", &phone.shows(0))])).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    (phone, codes(&answer))
}

fn codes(page: &Answer) -> Vec<String> {
    page.html.split("<li><code>").skip(1).map(|rest| rest.split_once('<').unwrap().0.to_owned()).collect()
}

async fn to_factor<'a>(app: &'a TestApp) -> Browser<'a> {
    let browser = Browser::new(app);
    let answer = browser.sign_in("bob@acme.test", PASSWORD).await;
    assert_eq!((answer.status, answer.location()), (303, "/login/factor?next=%2F"));
    browser.ask(get("/login/factor?next=%2Finbox")).await.shows("One more step");
    browser
}

fn code(code: &str) -> Ask {
    form("/login/factor", &[("code", code), ("next", "/inbox")])
}

#[actix_web::test]
async fn an_app_is_taken_into_use_by_its_first_code() {
    let app = TestApp::new().await;
    app.bob(post("/account/second-factor")).await;
    let page = app.bob(get("/account/second-factor")).await;
    page.shows("data:image/svg+xml;base64,");
    let phone = Phone::scans(&page);

    let wrong = app.bob(form("/account/second-factor/confirmation", &[("code", "000000")])).await;
    assert_eq!(wrong.status, 422);
    wrong.shows("This is not the code of now.").hides("000000");
    assert_eq!(Phone::scans(&wrong).shows(0), phone.shows(0), "the same secret");
    assert_eq!(app.count("FROM users WHERE second_factor_since IS NOT NULL"), 0);

    let right = app.bob(form("/account/second-factor/confirmation", &[("code", &phone.shows(0))])).await;

    assert_eq!(codes(&right).len(), 10);
    assert_eq!(app.audited(), ["added_second_factor users", "renewed_recovery_codes users"]);
    let stored = app.text("SELECT encode(secret, 'hex') AS text FROM authenticators");
    assert!(!stored.contains(&hex::encode(phone.0.secret())), "sealed");
    app.bob(get("/account/security")).await.shows("10 recovery codes are left.").shows("Turn off");
}

#[actix_web::test]
async fn between_the_factors_is_nobody() {
    let app = TestApp::new().await;
    bob_with_factor(&app).await;
    let browser = to_factor(&app).await;

    for path in ["/", "/inbox", "/account/security", "/events", "/settings/numbers"] {
        let answer = browser.ask(get(path)).await;
        assert!(answer.status == 303 && answer.location().starts_with("/login?next="), "{path}: {answer:?}");
    }
    assert_eq!(browser.ask(get("/login?next=%2Finbox")).await.location(), "/login/factor?next=%2Finbox");
    assert_eq!(app.count("FROM audit_entries WHERE action = 'signed_in'"), 0);
    assert_eq!(app.count("FROM users WHERE last_login_at IS NOT NULL"), 0);
}

#[actix_web::test]
async fn the_code_completes_the_sign_in_with_another_session() {
    let app = TestApp::new().await;
    let (phone, _) = bob_with_factor(&app).await;
    let browser = to_factor(&app).await;
    let pending = browser.cookie("switchboard").unwrap();

    let answer = browser.ask(code(&phone.shows(1))).await;

    assert_eq!((answer.status, answer.location()), (303, "/inbox"));
    browser.ask(get("/inbox")).await.shows("Bob Baker");
    assert_ne!(browser.cookie("switchboard").unwrap().value(), pending.value());
    let old = app.anybody(get("/inbox").cookie(pending)).await;
    assert_eq!(old.location(), "/login?next=%2Finbox", "what was copied between the factors is worth nothing");
}

#[actix_web::test]
async fn no_code_works_twice() {
    let app = TestApp::new().await;
    let (phone, recovery) = bob_with_factor(&app).await;
    let later = phone.shows(1);
    assert_eq!(to_factor(&app).await.ask(code(&later)).await.status, 303);

    let again = to_factor(&app).await.ask(code(&later)).await;
    assert_eq!(again.status, 422);
    again.shows("was used already").hides(&later);

    let capitals = recovery[0].to_uppercase().replace('-', " ");
    assert_eq!(to_factor(&app).await.ask(code(&capitals)).await.status, 303);
    assert_eq!(to_factor(&app).await.ask(code(&recovery[0])).await.status, 422);
    assert_eq!(app.count("FROM audit_entries WHERE action = 'used_recovery_code'"), 1);
    assert_eq!(app.count("FROM recovery_codes WHERE used_at IS NULL"), 9);
}

#[actix_web::test]
async fn one_code_at_two_doors_opens_one() {
    let app = TestApp::new().await;
    let (phone, recovery) = bob_with_factor(&app).await;
    for code_ in [phone.shows(1), recovery[3].clone()] {
        let (one, other) = (to_factor(&app).await, to_factor(&app).await);

        let (first, second) = futures_util::join!(one.ask(code(&code_)), other.ask(code(&code_)));

        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422], "{code_}");
    }
}

#[actix_web::test]
async fn guessing_codes_is_slowed_down() {
    let app = TestApp::new().await;
    let (phone, _) = bob_with_factor(&app).await;
    let browser = to_factor(&app).await;
    for _ in 0..5 {
        assert_eq!(browser.ask(code("000000")).await.status, 422);
    }
    app.sql("UPDATE tries SET last_at = now()");

    let refused = browser.ask(code(&phone.shows(1))).await;

    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[actix_web::test]
async fn an_organisation_may_require_a_factor_by_role() {
    let app = TestApp::new().await;
    app.hub_is_up().await;
    assert_eq!(app.bob(get("/inbox")).await.status, 200);

    let rules = [("session_idle_hours", "12"), ("session_days", "30"), ("agent", "on")];
    assert_eq!(app.ada(form("/settings/security", &rules)).await.status, 303);

    app.until("Bob is asked for one", async || app.bob(get("/inbox")).await.status == 303).await;
    assert_eq!(app.max(get("/inbox")).await.status, 200, "managers are not");
    let browser = Browser::new(&app);
    browser.sign_in("bob@acme.test", PASSWORD).await;
    browser.ask(get("/login/factor?next=%2Finbox")).await.shows("Your organisation asks for a second factor");
    let begun = browser.ask(form("/login/factor/set-up", &[("next", "/inbox")])).await;
    assert_eq!(begun.location(), "/login/factor?next=%2Finbox");
    let phone = Phone::scans(&browser.ask(get("/login/factor?next=%2Finbox")).await);
    let done = browser.ask(code(&phone.shows(0))).await;
    assert_eq!((done.status, codes(&done).len()), (200, 10));
    done.shows(r#"href="/inbox""#);
    browser.ask(get("/inbox")).await.shows("Bob Baker");
    let off = form("/account/second-factor/removal", &[("password", PASSWORD)]);
    browser.ask(get("/account/security")).await.hides("Turn off");
    assert_eq!(browser.ask(off).await.shows("Your organisation wants a second factor").status, 422);
}

#[actix_web::test]
async fn it_is_turned_off_and_renewed_by_the_password_only() {
    let app = TestApp::new().await;
    let (_, recovery) = bob_with_factor(&app).await;
    for step in ["codes", "removal"] {
        let path = format!("/account/second-factor/{step}");
        let answer = app.bob(form(&path, &[("password", "not his password")])).await;
        assert_eq!(answer.status, 422, "{step}");
        answer.shows("This is not your password.").hides("not his password");
    }

    let renewed = app.bob(form("/account/second-factor/codes", &[("password", PASSWORD)])).await;
    assert!(codes(&renewed).len() == 10 && !codes(&renewed).contains(&recovery[0]));
    assert_eq!(to_factor(&app).await.ask(code(&recovery[0])).await.status, 422, "the old ones are void");

    assert_eq!(app.bob(form("/account/second-factor/removal", &[("password", PASSWORD)])).await.status, 303);
    assert_eq!(Browser::new(&app).sign_in("bob@acme.test", PASSWORD).await.location(), "/");
    assert_eq!(app.count("FROM authenticators") + app.count("FROM recovery_codes"), 0);
}

#[actix_web::test]
async fn an_administrator_takes_a_lost_factor_away() {
    let app = TestApp::new().await;
    bob_with_factor(&app).await;
    let bob = app.text("SELECT id::text AS text FROM users WHERE email = 'bob@acme.test'");
    let path = format!("/settings/users/{bob}/second-factor/reset");

    assert_eq!(app.max(post(&path)).await.status, 403);
    assert_eq!(app.carol(post(&path)).await.status, 404);
    assert_eq!(app.ada(post(&path)).await.status, 303);

    app.until("Bob is signed out", async || app.ask(Who::Bob, get("/inbox")).await.status == 303).await;
    assert_eq!(Browser::new(&app).sign_in("bob@acme.test", PASSWORD).await.location(), "/");
    assert!(app.audited().contains(&"removed_second_factor users".to_owned()));
}
