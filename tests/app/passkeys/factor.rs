//! A passkey after the password, the organisation's rule, and what is left when a factor goes.

use super::*;

/// Bob between the factors.
async fn to_factor(app: &TestApp) -> Browser<'_> {
    let browser = Browser::new(app);
    assert_eq!(browser.sign_in(BOB, PASSWORD).await.location(), "/login/factor?next=%2F");
    browser.ask(get("/login/factor?next=%2Finbox")).await.shows("Use a passkey");
    browser
}

async fn challenge(browser: &Browser<'_>) -> Value {
    let answer = browser.ask(post("/login/factor/passkey/challenge")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

async fn show(browser: &Browser<'_>, credential: &str) -> Answer {
    browser.ask(form("/login/factor/passkey", &[("credential", credential), ("next", "/inbox")])).await
}

fn wanted(app: &TestApp, roles: &str) {
    app.sql(&format!("UPDATE tenants SET settings = '{{\"second_factor_roles\": [{roles}]}}' WHERE slug = 'acme'"));
    app.parts.sessions.forget();
}

#[actix_web::test]
async fn after_the_password_a_passkey_completes_the_sign_in() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let browser = to_factor(&app).await;
    let pending = browser.cookie("switchboard").unwrap();
    assert_eq!(browser.ask(get("/inbox")).await.status, 303, "not yet");

    let asked = challenge(&browser).await;
    assert_eq!(asked["allowCredentials"].as_array().unwrap().len(), 1);
    let answer = show(&browser, &device.get(&asked)).await;

    assert_eq!((answer.status, answer.location()), (303, "/inbox"));
    browser.ask(get("/inbox")).await.shows("Bob Baker");
    assert_ne!(browser.cookie("switchboard").unwrap().value(), pending.value());
    assert_eq!(app.audited()[3..], ["used passkeys", "signed_in users"]);
}

#[actix_web::test]
async fn a_device_may_leave_out_whose_it_is_when_it_was_asked_for_by_name() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let browser = to_factor(&app).await;
    let mut answer: Value = serde_json::from_str(&device.get(&challenge(&browser).await)).unwrap();
    answer["response"]["userHandle"] = Value::Null;

    assert_eq!(show(&browser, &answer.to_string()).await.location(), "/inbox");
}

#[actix_web::test]
async fn a_recovery_code_stands_in_for_a_lost_device() {
    let app = desk().await;
    let (bob, mut device) = (signed_in(&app, BOB).await, Authenticator::new());
    let codes = add(&bob, &mut device, "Laptop").await;
    let code = codes.html.split_once("<li><code>").unwrap().1.split_once('<').unwrap().0.to_owned();
    let browser = to_factor(&app).await;

    let answer = browser.ask(form("/login/factor", &[("code", &code), ("next", "/inbox")])).await;

    assert_eq!((answer.status, answer.location()), (303, "/inbox"));
}

#[actix_web::test]
async fn anothers_passkey_and_lies_complete_nothing() {
    let app = desk().await;
    let honest = bobs_device(&app).await;
    let (eve, mut eves) = (signed_in(&app, "eve@acme.test").await, Authenticator::new());
    add(&eve, &mut eves, "Phone").await.shows("Your recovery codes");

    for (what, mut device) in [
        ("Eve's", eves.clone()),
        ("another origin", Authenticator { origin: "https://evil.test".into(), ..honest.clone() }),
        ("another name", Authenticator { name: "evil.test".into(), ..honest.clone() }),
        ("nobody verified", Authenticator { verifies: false, ..honest.clone() }),
        ("another user", Authenticator { user: eves.user.clone(), ..honest.clone() }),
        ("another key", Authenticator { id: honest.id.clone(), user: honest.user.clone(), ..Authenticator::new() }),
    ] {
        app.sql("DELETE FROM tries");
        let browser = to_factor(&app).await;
        let used = device.get(&challenge(&browser).await);
        let answer = show(&browser, &used).await;
        assert_eq!(answer.shows("This passkey does not fit").status, 422, "{what}");
        assert_eq!(browser.ask(get("/inbox")).await.status, 303, "{what}");
    }
    for nonsense in ["", "{}", "null", "\u{0}"] {
        app.sql("DELETE FROM tries");
        assert_eq!(show(&to_factor(&app).await, nonsense).await.status, 422);
    }
}

#[actix_web::test]
async fn the_challenge_belongs_to_its_session_and_counts_once() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let (one, other) = (to_factor(&app).await, to_factor(&app).await);
    let used = device.get(&challenge(&one).await);

    assert_eq!(show(&other, &used).await.status, 422, "another browser's");
    assert_eq!(show(&one, &used).await.status, 303);
    assert_eq!(show(&other, &used).await.status, 422, "used up");
    app.sql("DELETE FROM tries");
    let late = device.get(&challenge(&other).await);
    app.sql("UPDATE passkey_ceremonies SET expires_at = now()");
    assert_eq!(show(&other, &late).await.status, 422, "too late");
}

#[actix_web::test]
async fn tries_are_counted_with_those_of_codes() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let browser = to_factor(&app).await;
    let stranger = Authenticator::new();
    for _ in 0..5 {
        let mut device = Authenticator { user: device.user.clone(), id: device.id.clone(), ..stranger.clone() };
        assert_eq!(show(&browser, &device.get(&challenge(&browser).await)).await.status, 422);
    }
    app.sql("UPDATE tries SET last_at = now()");

    let refused = show(&browser, &device.get(&challenge(&browser).await)).await;

    assert_eq!(refused.status, 429);
    assert_eq!(browser.ask(form("/login/factor", &[("code", "000000")])).await.status, 429);
}

#[actix_web::test]
async fn a_passkey_meets_the_organisations_rule_and_the_last_one_stays() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    wanted(&app, "\"AGENT\"");
    let bob = Browser::new(&app);
    sign_in(&bob, &mut device, "").await;
    bob.ask(get("/account/security")).await.shows("Your organisation asks your role");
    let removal = format!("/account/passkeys/{}/removal", id(&app));

    let last = bob.ask(form(&removal, &[("password", PASSWORD)])).await;
    assert_eq!(last.shows("Your organisation wants a second factor").status, 422);
    assert_eq!(app.count("FROM passkeys"), 1);

    wanted(&app, "");
    assert_eq!(bob.ask(form(&removal, &[("password", PASSWORD)])).await.status, 303);
    assert_eq!(app.count("FROM users WHERE second_factor_since IS NOT NULL"), 0);
}

#[actix_web::test]
async fn without_the_app_a_passkey_is_still_asked_for() {
    let app = desk().await;
    bobs_device(&app).await;
    app.sql(
        "INSERT INTO authenticators (tenant_id, user_id, secret, confirmed_at) \
         SELECT tenant_id, id, '', now() FROM users WHERE email = 'bob@acme.test'",
    );
    wanted(&app, "\"AGENT\"");
    let off = app.bob(form("/account/second-factor/removal", &[("password", PASSWORD)])).await;

    assert_eq!(off.location(), "/account/security");
    assert_eq!(app.count("FROM authenticators"), 0);
    assert_eq!(app.count("FROM recovery_codes"), 10, "they recover from a lost device, too");
    to_factor(&app).await.ask(get("/login/factor")).await.hides("authenticator app");
}

#[actix_web::test]
async fn two_removals_at_once_leave_what_the_rule_wants() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let bob = Browser::new(&app);
    sign_in(&bob, &mut device, "").await;
    bob.ask(get("/account/security")).await;
    assert_eq!(add(&bob, &mut Authenticator::new(), "Phone").await.location(), "/account/security");
    wanted(&app, "\"AGENT\"");
    let ids = app.texts("SELECT id::text AS text FROM passkeys");
    let remove = |id: &str| bob.ask(form(&format!("/account/passkeys/{id}/removal"), &[("password", PASSWORD)]));

    let (one, two) = futures_util::join!(remove(&ids[0]), remove(&ids[1]));

    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    assert_eq!(app.count("FROM passkeys"), 1);
    assert_eq!(app.count("FROM users WHERE second_factor_since IS NOT NULL"), 1);
}

#[actix_web::test]
async fn an_administrator_takes_passkeys_away_with_the_factor() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let bob = app.text("SELECT id::text AS text FROM users WHERE email = 'bob@acme.test'");
    let (page, reset) = (format!("/settings/users/{bob}"), format!("/settings/users/{bob}/second-factor/reset"));
    app.ada(get(&page)).await.shows("the passkeys and the recovery codes");

    assert_eq!(app.max(post(&reset)).await.status, 403);
    assert_eq!(app.carol(post(&reset)).await.status, 404);
    assert_eq!(app.ada(post(&reset)).await.status, 303);

    assert_eq!(app.count("FROM passkeys") + app.count("FROM recovery_codes"), 0);
    assert_eq!(sign_in(&Browser::new(&app), &mut device, "").await.location(), "/login?refused=passkey");
    assert_eq!(Browser::new(&app).sign_in(BOB, PASSWORD).await.location(), "/");
    assert!(app.audited().contains(&"removed_second_factor users".to_owned()));
}
