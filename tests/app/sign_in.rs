//! Getting in, staying in, getting out.

mod choice;
mod factor;
mod links;
mod resets;
mod sessions;

use super::support::cast::PASSWORD;
use super::support::{Answer, Ask, TestApp, form, get};
use actix_web::cookie::Cookie;
use std::cell::RefCell;

/// Somebody's browser: it keeps cookies and sends the token of the page it is on.
pub struct Browser<'a> {
    app: &'a TestApp,
    cookies: RefCell<Vec<Cookie<'static>>>,
    token: RefCell<Option<String>>,
}

impl<'a> Browser<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        Self { app, cookies: RefCell::default(), token: RefCell::default() }
    }

    pub async fn ask(&self, ask: Ask) -> Answer {
        let ask = self.cookies.borrow().iter().cloned().fold(ask, Ask::cookie);
        let token = self.token.borrow().clone();
        let answer = self.app.send(ask.build(token.as_deref())).await;
        for name in ["switchboard", "switchboard_visitor", "switchboard_microsoft"] {
            if let Some(set) = answer.cookie(name) {
                let mut cookies = self.cookies.borrow_mut();
                cookies.retain(|known| known.name() != name);
                if !set.value().is_empty() {
                    cookies.push(set);
                }
            }
        }
        // An error page has no form and no token.
        let token = answer.html.split_once(r#"name="csrf-token" content=""#).and_then(|(_, rest)| rest.split_once('"'));
        if let Some((token, _)) = token.filter(|(token, _)| !token.is_empty()) {
            *self.token.borrow_mut() = Some(token.to_owned());
        }
        answer
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.ask(get("/login")).await;
        self.ask(form("/login", &[("email", email), ("password", password), ("next", "")])).await
    }

    pub fn cookie(&self, name: &str) -> Option<Cookie<'static>> {
        self.cookies.borrow().iter().find(|cookie| cookie.name() == name).cloned()
    }
}

#[actix_web::test]
async fn the_right_password_lets_in_and_is_audited() {
    let app = TestApp::new().await;
    let browser = Browser::new(&app);

    let answer = browser.sign_in("bob@acme.test", PASSWORD).await;

    assert_eq!((answer.status, answer.location()), (303, "/"));
    browser.ask(get("/inbox")).await.shows("Bob Baker");
    assert_eq!(app.audited(), ["signed_in users"]);
    assert_eq!(app.count("FROM users WHERE email = 'bob@acme.test' AND last_login_at IS NOT NULL"), 1);
    let row = "FROM user_sessions WHERE ip_address = '192.0.2.1'";
    assert_eq!(app.count(row), 1);
}

#[actix_web::test]
async fn an_address_is_read_as_people_write_it() {
    let app = TestApp::new().await;

    let answer = Browser::new(&app).sign_in("  Bob@ACME.test ", PASSWORD).await;

    assert_eq!(answer.status, 303);
}

#[actix_web::test]
async fn known_and_unknown_addresses_get_the_same_words() {
    let app = TestApp::new().await;
    let browser = Browser::new(&app);

    let known = browser.sign_in("bob@acme.test", "not his password").await;
    let unknown = browser.sign_in("nobody@acme.test", "not his password").await;

    assert_eq!((known.status, unknown.status), (401, 401));
    known.shows("Email address or password do not fit.").shows(r#"value="bob@acme.test""#).hides("not his password");
    let words = |answer: &Answer, email: &str| answer.html.replace(email, "");
    assert_eq!(words(&known, "bob@acme.test"), words(&unknown, "nobody@acme.test"));
    assert!(browser.cookie("switchboard").is_none());
}

#[actix_web::test]
async fn an_incomplete_form_says_what_is_missing_and_keeps_the_rest() {
    let app = TestApp::new().await;
    let browser = Browser::new(&app);

    let answer = browser.sign_in("bob@acme.test", "").await;
    assert_eq!(answer.status, 422);
    answer.shows("Enter your password.").shows(r#"value="bob@acme.test""#);

    assert_eq!(browser.sign_in("", PASSWORD).await.shows("Enter your email address.").status, 422);
    assert_eq!(browser.sign_in(&"x".repeat(300), &"y".repeat(300)).await.status, 422);
    assert_eq!(browser.sign_in("bob\0@acme.test", PASSWORD).await.shows("cannot be stored").status, 422);
}

#[actix_web::test]
async fn signing_in_leads_back_to_where_one_was_and_never_elsewhere() {
    let app = TestApp::new().await;
    let to = async |next: &str| {
        let browser = Browser::new(&app);
        browser.ask(get("/login")).await;
        let fields = [("email", "bob@acme.test"), ("password", PASSWORD), ("next", next)];
        browser.ask(form("/login", &fields)).await.location().to_owned()
    };

    let page = Browser::new(&app).ask(get("/login?next=%2Finbox%3Fqueue%3Dall")).await;
    assert_eq!(page.field("next"), "/inbox?queue=all");

    assert_eq!(to("/inbox?queue=all").await, "/inbox?queue=all");
    for bad in ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)"] {
        assert_eq!(to(bad).await, "/", "{bad}");
    }
}

#[actix_web::test]
async fn whoever_is_signed_in_needs_no_form() {
    let app = TestApp::new().await;

    let answer = app.bob(get("/login?next=%2Finbox")).await;

    assert_eq!((answer.status, answer.location()), (303, "/inbox"));
    assert_eq!(app.bob(get("/login?next=//evil.test")).await.location(), "/");
}

#[actix_web::test]
async fn guessing_is_slowed_down_for_the_guesser_alone() {
    let app = TestApp::new().await;
    let browser = Browser::new(&app);
    for _ in 0..5 {
        assert_eq!(browser.sign_in("bob@acme.test", "a guess").await.status, 401);
    }

    app.sql("UPDATE tries SET last_at = now()");

    let refused = browser.sign_in("bob@acme.test", PASSWORD).await;

    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    refused.shows("Too many tries.").shows(r#"value="bob@acme.test""#);
    assert_eq!(browser.sign_in("eve@acme.test", PASSWORD).await.status, 303, "another account");
    let owner = Browser::new(&app);
    owner.ask(get("/login")).await;
    let fields = [("email", "bob@acme.test"), ("password", PASSWORD)];
    let elsewhere = owner.ask(form("/login", &fields).from([192, 0, 2, 99])).await;
    assert_eq!(elsewhere.status, 303, "the owner at home");
}

#[actix_web::test]
async fn a_visitors_form_needs_the_visitors_own_token() {
    let app = TestApp::new().await;
    let (mine, other) = (Browser::new(&app), Browser::new(&app));
    mine.ask(get("/login")).await;
    let theirs = other.ask(get("/login")).await.field("csrf_token");
    let fields = [("email", "bob@acme.test"), ("password", PASSWORD)];

    for ask in [form("/login", &fields).without_token(), form("/login", &fields).token(&theirs)] {
        let answer = mine.ask(ask).await;
        assert_eq!(answer.status, 403);
        answer.shows("This page is out of date.");
    }
    assert_eq!(app.count("FROM user_sessions"), 0);
    assert_eq!(mine.ask(form("/login", &fields)).await.status, 303);
}

#[actix_web::test]
async fn a_deactivated_account_or_tenant_stays_out() {
    let app = TestApp::new().await;
    app.sql("UPDATE users SET is_active = false WHERE email = 'bob@acme.test'");
    app.sql("UPDATE tenants SET status = 'inactive' WHERE slug = 'globex'");

    assert_eq!(Browser::new(&app).sign_in("bob@acme.test", PASSWORD).await.status, 401);
    assert_eq!(Browser::new(&app).sign_in("carol@globex.test", PASSWORD).await.status, 401);
}

#[actix_web::test]
async fn one_address_in_two_tenants_is_told_apart_by_its_password() {
    let app = TestApp::new().await;
    let sql = "INSERT INTO users (tenant_id, id, email, password_hash, first_name, last_name, role) \
               SELECT tenants.id, gen_random_uuid(), 'bob@acme.test', 'no hash at all', 'Bob', 'Abroad', 'AGENT' \
               FROM tenants WHERE slug = 'globex'";
    app.sql(sql);
    let browser = Browser::new(&app);

    assert_eq!(browser.sign_in("bob@acme.test", PASSWORD).await.status, 303);

    browser.ask(get("/inbox")).await.shows("Acme Bikes").hides("Globex");
}

#[actix_web::test]
async fn many_guessers_of_one_account_do_not_shut_its_owner_out() {
    let app = TestApp::new().await;
    let owner = Browser::new(&app);
    assert_eq!(owner.sign_in("bob@acme.test", PASSWORD).await.status, 303, "at home");
    app.sql("UPDATE user_sessions SET is_revoked = true");
    app.sql("INSERT INTO tries (key, count, last_at) VALUES (sha256('account:bob@acme.test'), 1000, now())");
    let fields = [("email", "bob@acme.test"), ("password", PASSWORD)];
    let guesser = Browser::new(&app);
    guesser.ask(get("/login")).await;

    let refused = guesser.ask(form("/login", &fields).from([203, 0, 113, 9])).await;

    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() <= 60, "not for long");
    assert_eq!(Browser::new(&app).sign_in("bob@acme.test", PASSWORD).await.status, 303, "where he was before");
}

#[actix_web::test]
async fn tries_at_once_are_counted_one_by_one() {
    let app = TestApp::with_connections(8).await;
    let browsers: Vec<Browser> = (0..12).map(|_| Browser::new(&app)).collect();

    let answers =
        futures_util::future::join_all(browsers.iter().map(|browser| browser.sign_in("bob@acme.test", "a guess")));

    let statuses: Vec<u16> = answers.await.iter().map(|answer| answer.status).collect();
    assert!(statuses.iter().filter(|status| **status == 401).count() < 12, "{statuses:?}");
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[actix_web::test]
async fn another_process_knows_of_the_guesses() {
    let app = TestApp::new().await;
    let browser = Browser::new(&app);
    for _ in 0..5 {
        browser.sign_in("bob@acme.test", "a guess").await;
    }
    app.sql("UPDATE tries SET last_at = now()");
    let elsewhere = app.another_process();
    let page = TestApp::send_to(&elsewhere, get("/login").build(None)).await;
    let visitor = page.cookie("switchboard_visitor").unwrap();

    let fields = [("email", "bob@acme.test"), ("password", PASSWORD)];
    let ask = form("/login", &fields).cookie(visitor).token(&page.field("csrf_token"));
    let refused = TestApp::send_to(&elsewhere, ask.build(None)).await;

    assert_eq!(refused.status, 429);
}

#[actix_web::test]
async fn a_hash_of_older_parameters_is_renewed_when_it_fits() {
    let app = TestApp::new().await;
    let hasher = argon2::Argon2::new(
        argon2::Algorithm::Argon2id,
        argon2::Version::V0x13,
        argon2::Params::new(64, 1, 1, None).unwrap(),
    );
    let old = argon2::PasswordHasher::hash_password(&hasher, PASSWORD.as_bytes()).unwrap().to_string();
    app.sql(&format!("UPDATE users SET password_hash = '{old}' WHERE email = 'bob@acme.test'"));

    assert_eq!(Browser::new(&app).sign_in("bob@acme.test", "a guess").await.status, 401);
    assert_eq!(app.count("FROM users WHERE password_hash LIKE '%m=64,%'"), 1);
    assert_eq!(Browser::new(&app).sign_in("bob@acme.test", PASSWORD).await.status, 303);

    assert_eq!(app.count("FROM users WHERE password_hash LIKE '%m=64,%'"), 0);
    assert_eq!(Browser::new(&app).sign_in("bob@acme.test", PASSWORD).await.status, 303);
}

#[actix_web::test]
async fn one_address_does_not_knock_for_ever() {
    let app = TestApp::new().await;
    let mut refused = app.anybody(get("/login")).await;
    // A slow machine earns new tries meanwhile.
    for _ in 0..5_000 {
        if refused.status == 429 {
            break;
        }
        refused = app.anybody(get("/login")).await;
    }

    refused.shows("Too many tries");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(app.anybody(get("/login").from([192, 0, 2, 2])).await.status, 200, "a neighbour");
    assert_eq!(app.bob(get("/inbox")).await.status, 200, "those who are in");
}
