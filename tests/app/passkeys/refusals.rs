//! What a passkey does not open.

use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

const REFUSED: &str = "/login?refused=passkey";
const EXPIRED: &str = "/login?refused=expired";

fn answer(credential: &str) -> crate::support::Ask {
    form("/login/passkey", &[("credential", credential)])
}

#[actix_web::test]
async fn a_challenge_is_answered_once_and_by_the_browser_that_asked() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let (browser, thief) = (Browser::new(&app), Browser::new(&app));
    let used = device.get(&challenge(&browser).await);
    thief.ask(get("/login")).await;

    assert_eq!(thief.ask(answer(&used)).await.location(), EXPIRED);
    assert_eq!(browser.ask(answer(&used)).await.location(), "/");
    assert_eq!(thief.ask(answer(&used)).await.location(), EXPIRED);

    assert_eq!(thief.ask(get("/inbox")).await.status, 303);
    thief.ask(get(EXPIRED)).await.shows("This took too long");
}

#[actix_web::test]
async fn two_answers_at_once_are_one() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let browser = Browser::new(&app);
    let used = device.get(&challenge(&browser).await);
    let sessions = app.count("FROM user_sessions");

    let (one, two) = futures_util::join!(browser.ask(answer(&used)), browser.ask(answer(&used)));

    let mut to = [one.location().to_owned(), two.location().to_owned()];
    to.sort();
    assert_eq!(to, ["/", EXPIRED]);
    assert_eq!(app.count("FROM user_sessions"), sessions + 1);
}

#[actix_web::test]
async fn an_old_challenge_and_one_that_nobody_made_count_for_nothing() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let browser = Browser::new(&app);
    let (mine, mut made_up) = (challenge(&browser).await, challenge(&browser).await);
    made_up["challenge"] = URL_SAFE_NO_PAD.encode([7; 32]).into();

    assert_eq!(browser.ask(answer(&device.get(&made_up))).await.location(), EXPIRED);
    app.sql("UPDATE passkey_ceremonies SET expires_at = now()");
    assert_eq!(browser.ask(answer(&device.get(&mine))).await.location(), EXPIRED);

    challenge(&browser).await;
    assert_eq!(app.count("FROM passkey_ceremonies"), 1, "what is too old goes");
}

#[actix_web::test]
async fn a_challenge_for_a_new_passkey_signs_nobody_in() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let bob = Browser::new(&app);
    sign_in(&bob, &mut device, "").await;
    bob.ask(get("/account/security")).await;
    let asked = options(&begin(&bob, "Phone").await);
    let browser = Browser::new(&app);
    browser.ask(get("/login")).await;

    assert_eq!(browser.ask(answer(&device.get(&asked))).await.location(), EXPIRED);
}

#[actix_web::test]
async fn a_device_that_lies_opens_nothing() {
    let app = desk().await;
    let honest = bobs_device(&app).await;
    let sessions = app.count("FROM user_sessions");
    let stranger = Authenticator::new();
    let eve = URL_SAFE_NO_PAD.encode(Uuid::new_v4().as_bytes());

    for (what, device) in [
        ("another origin", Authenticator { origin: "https://evil.test".into(), ..honest.clone() }),
        ("a subdomain", Authenticator { origin: "https://a.desk.test".into(), ..honest.clone() }),
        ("without encryption", Authenticator { origin: "http://desk.test".into(), ..honest.clone() }),
        ("another port", Authenticator { origin: "https://desk.test:8443".into(), ..honest.clone() }),
        ("another name", Authenticator { name: "evil.test".into(), ..honest.clone() }),
        ("nobody verified", Authenticator { verifies: false, ..honest.clone() }),
        ("another key", Authenticator { id: honest.id.clone(), user: honest.user.clone(), ..stranger.clone() }),
        ("another user", Authenticator { user: eve, ..honest.clone() }),
        ("nobody", Authenticator { user: String::new(), ..honest.clone() }),
        ("unknown", Authenticator { user: honest.user.clone(), ..stranger }),
    ] {
        app.sql("DELETE FROM tries");
        let browser = Browser::new(&app);
        let answer = sign_in(&browser, &mut device.clone(), "").await;
        assert_eq!(answer.location(), REFUSED, "{what}");
        assert_eq!(browser.ask(get("/inbox")).await.status, 303, "{what}");
    }

    assert_eq!(app.count("FROM user_sessions"), sessions);
    app.sql("DELETE FROM tries");
    assert_eq!(sign_in(&Browser::new(&app), &mut honest.clone(), "").await.location(), "/");
    let whys =
        app.texts("SELECT DISTINCT after->>'why' AS text FROM audit_entries WHERE action = 'refused' ORDER BY 1");
    let expected =
        ["It was used at another address", "The device did not make sure who holds it", "The signature does not fit"];
    assert_eq!(whys, expected);
}

#[actix_web::test]
async fn what_is_no_answer_is_refused_plainly_and_leads_on_to_where_one_wanted() {
    let app = desk().await;
    let browser = Browser::new(&app);
    browser.ask(get("/login")).await;

    for nonsense in ["", "{}", "[]", "null", "\u{0}", "{\"id\":\"\\u0000\"}", &"x".repeat(100_000)] {
        let answer = browser.ask(form("/login/passkey", &[("credential", nonsense), ("next", "/inbox")])).await;
        assert_eq!((answer.status, answer.location()), (303, "/login?refused=passkey&next=%2Finbox"));
    }
    let page = browser.ask(get("/login?refused=passkey&next=%2Finbox")).await;
    page.shows("This passkey opens no account here.").shows(r#"value="/inbox""#);
    let away = form("/login/passkey", &[("credential", "{}"), ("next", "https://evil.test")]);
    assert_eq!(browser.ask(away).await.location(), REFUSED);
}

#[actix_web::test]
async fn a_copied_device_gives_itself_away_by_its_count() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let mut copy = device.clone();
    sign_in(&Browser::new(&app), &mut device, "").await;
    sign_in(&Browser::new(&app), &mut device, "").await;

    let answer = sign_in(&Browser::new(&app), &mut copy, "").await;

    assert_eq!(answer.location(), REFUSED);
    assert_eq!(app.audited().last().unwrap(), "refused passkeys");
    let page = app.ada(get("/audit?action=refused")).await;
    page.shows("Somebody")
        .shows("was turned away with a passkey")
        .shows("Bob Baker")
        .shows("Its count of uses went back");
}

#[actix_web::test]
async fn one_count_at_two_doors_opens_one() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let (here, there) = (Browser::new(&app), Browser::new(&app));
    let mut copy = device.clone();
    let one = device.get(&challenge(&here).await);
    let two = copy.get(&challenge(&there).await);

    let (first, second) = futures_util::join!(here.ask(answer(&one)), there.ask(answer(&two)));

    let mut to = [first.location().to_owned(), second.location().to_owned()];
    to.sort();
    assert_eq!(to, ["/", REFUSED]);
}

#[actix_web::test]
async fn whoever_is_deactivated_stays_out() {
    for sql in [
        "UPDATE users SET is_active = false WHERE email = 'bob@acme.test'",
        "UPDATE users SET deleted_at = now() WHERE email = 'bob@acme.test'",
        "UPDATE tenants SET status = 'inactive' WHERE slug = 'acme'",
        "UPDATE tenants SET deleted_at = now() WHERE slug = 'acme'",
    ] {
        let app = desk().await;
        let mut device = bobs_device(&app).await;
        app.sql(sql);

        assert_eq!(sign_in(&Browser::new(&app), &mut device, "").await.location(), REFUSED, "{sql}");
        assert_eq!(app.audited().last().unwrap(), "refused passkeys", "{sql}");
    }
}

#[actix_web::test]
async fn knocking_is_slowed_down() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let wrong = Authenticator { user: device.user.clone(), id: device.id.clone(), ..Authenticator::new() };
    for _ in 0..5 {
        assert_eq!(sign_in(&Browser::new(&app), &mut wrong.clone(), "").await.location(), REFUSED);
    }
    app.sql("UPDATE tries SET last_at = now()");

    let refused = sign_in(&Browser::new(&app), &mut device, "").await;
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);

    app.sql("DELETE FROM tries");
    assert_eq!(sign_in(&Browser::new(&app), &mut device, "").await.location(), "/");
    assert_eq!(app.count("FROM tries WHERE count > 0"), 0, "the right one is forgiven");
}

#[actix_web::test]
async fn a_form_without_the_visitors_token_is_refused() {
    let app = desk().await;
    for path in ["/login/passkey", "/login/passkey/challenge"] {
        assert_eq!(app.anybody(post(path)).await.status, 403, "{path}");
    }
    assert_eq!(app.count("FROM passkey_ceremonies"), 0);
}
