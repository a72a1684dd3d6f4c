//! What comes back from Microsoft is checked, whoever says it.

use super::{BOB, Desk, told};
use crate::support::authority::Lie;
use crate::support::{form, get, post};
use std::time::{Duration, Instant};
use switchboard::kit::vault::random_token;
use switchboard::microsoft::Microsoft;
use switchboard::sign_in::refusal::Refusal;

/// Bob, linked, tries to sign in while the authority lies.
async fn tried(desk: &Desk, lie: Lie) -> String {
    desk.microsoft.tell(lie);
    let browser = desk.browser();
    let answer = desk.sign_in(&browser, "").await;
    assert!(answer.status == 303 && browser.cookie("switchboard_microsoft").is_none(), "{lie:?}: {answer:?}");
    assert_eq!(browser.ask(get("/inbox")).await.status, 303, "{lie:?}");
    answer.location().to_owned()
}

#[actix_web::test]
async fn an_id_token_that_proves_nothing_lets_nobody_in() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    let sessions = desk.sessions();

    for lie in [
        Lie::OtherNonce,
        Lie::NoNonce,
        Lie::OtherAudience,
        Lie::ManyAudiences,
        Lie::OtherIssuer,
        Lie::OtherDirectory,
        Lie::Expired,
        Lie::NotYet,
        Lie::IssuedTomorrow,
        Lie::ForgedSignature,
        Lie::Unsigned,
        Lie::SignedWithPublicKey,
        Lie::UnknownKey,
        Lie::NoKeyName,
        Lie::Nobody,
        Lie::NoIdToken,
    ] {
        assert_eq!(tried(&desk, lie).await, "/login?refused=untrusted", "{lie:?}");
    }

    assert_eq!(desk.sessions(), sessions);
    desk.microsoft.tell(Lie::None);
    assert_eq!(desk.sign_in(&desk.browser(), "").await.location(), "/", "and the truth does");
}

#[actix_web::test]
async fn a_key_signs_for_its_own_issuer_only() {
    let desk = Desk::new().await;
    desk.microsoft.tell(Lie::ForeignKey);
    let bob = desk.signed_in(BOB).await;

    let answer = desk.link(&bob).await;

    assert_eq!(answer.location(), "/account/microsoft?refused=untrusted");
    assert_eq!(desk.links(), 0);
    assert_eq!(desk.app.audited().last().unwrap(), "refused users");
}

#[actix_web::test]
async fn an_authority_that_fails_is_no_failure_of_ours() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;

    for lie in [Lie::NotJson, Lie::Huge, Lie::Failing, Lie::Busy, Lie::BadClient, Lie::ServerError] {
        assert_eq!(tried(&desk, lie).await, "/login?refused=away", "{lie:?}");
    }
    assert_eq!(tried(&desk, Lie::Denied).await, "/login?refused=cancelled");
}

#[actix_web::test]
async fn nobody_waits_for_an_authority_longer_than_is_bearable() {
    let mut desk = Desk::new().await;
    desk.app.change(|parts| parts.microsoft = Microsoft::new(desk.microsoft.registration(Duration::from_millis(400))));
    let begun = Instant::now();

    let to = tried(&desk, Lie::Slow).await;

    assert_eq!(to, "/login?refused=away");
    assert!(begun.elapsed() < Duration::from_millis(2500), "{:?}", begun.elapsed());
}

#[actix_web::test]
async fn an_authority_that_is_not_there_is_said_before_anybody_is_sent_there() {
    let mut desk = Desk::new().await;
    let mut nowhere = desk.microsoft.registration(Duration::from_secs(5));
    nowhere.authority = "http://127.0.0.1:9/common".parse().unwrap();
    desk.app.change(|parts| parts.microsoft = Microsoft::new(nowhere));
    let browser = desk.browser();
    browser.ask(get("/login")).await;

    let answer = browser.ask(form("/login/microsoft", &[("next", "/inbox")])).await;

    assert_eq!(answer.location(), "/login?refused=away&next=%2Finbox");
    let page = browser.ask(get(answer.location())).await;
    page.shows(Refusal::Away.sentence());
    assert_eq!(page.field("next"), "/inbox");
}

#[actix_web::test]
async fn a_callback_without_its_own_browser_does_nothing_and_disturbs_nobody() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    let (bob, other) = (desk.browser(), desk.browser());
    bob.ask(get("/login")).await;
    other.ask(get("/login")).await;
    let back = desk.callback(&bob, post("/login/microsoft")).await;
    desk.callback(&other, post("/login/microsoft")).await;
    let asked = desk.microsoft.asked("token");

    for (browser, path) in [
        (&desk.browser(), back.as_str()),
        (&other, back.as_str()),
        (&bob, "/login/microsoft/callback"),
        (&bob, "/login/microsoft/callback?code=1&state="),
        (&bob, "/login/microsoft/callback?code=1&state=0123456789abcdef"),
        (&bob, "/login/microsoft/callback?error=access_denied&state=x"),
        (&bob, "/login/microsoft/callback?code=%00&state=%ff"),
    ] {
        let answer = browser.ask(get(path)).await;
        told(browser, &answer, Refusal::Expired.sentence()).await;
    }

    assert_eq!(desk.microsoft.asked("token"), asked);
    assert_eq!(bob.ask(get(&back)).await.location(), "/", "his own still counts");
}

#[actix_web::test]
async fn a_callback_counts_once() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    let browser = desk.browser();
    browser.ask(get("/login")).await;
    let back = desk.callback(&browser, post("/login/microsoft")).await;
    let attempt = browser.cookie("switchboard_microsoft").unwrap();
    assert_eq!(browser.ask(get(&back)).await.location(), "/");

    let thief = desk.browser();
    let answer = thief.ask(get(&back).cookie(attempt)).await;

    assert_eq!(answer.location(), "/login?refused=expired");
    assert_eq!(thief.ask(get("/inbox")).await.status, 303);
}

#[actix_web::test]
async fn doubled_fields_and_strange_cookies_are_no_failure() {
    let desk = Desk::new().await;
    let browser = desk.browser();
    browser.ask(get("/login")).await;
    desk.callback(&browser, post("/login/microsoft")).await;

    let doubled = browser.ask(get("/login/microsoft/callback?state=a&state=b")).await;
    assert_eq!(doubled.status, 400);
    for value in ["", "x", "%00", &random_token().expose().repeat(20)] {
        let cookie = actix_web::cookie::Cookie::new("switchboard_microsoft", value.to_owned());
        let answer = desk.app.anybody(get("/login/microsoft/callback?state=a&code=b").cookie(cookie.clone())).await;
        assert_eq!(answer.location(), "/login?refused=expired", "{value}");
        assert_eq!(desk.app.anybody(get("/login/microsoft/choice").cookie(cookie)).await.status, 303, "{value}");
    }
}

#[actix_web::test]
async fn keys_are_asked_for_anew_when_they_change_and_not_for_every_invention() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    assert_eq!((desk.microsoft.asked("keys"), desk.microsoft.asked("discovery")), (1, 1));

    desk.sign_in(&desk.browser(), "").await;
    assert_eq!(desk.microsoft.asked("keys"), 1, "kept");
    desk.microsoft.change_key();
    assert_eq!(desk.sign_in(&desk.browser(), "").await.location(), "/");
    assert_eq!(desk.microsoft.asked("keys"), 2);

    for _ in 0..3 {
        assert_eq!(tried(&desk, Lie::UnknownKey).await, "/login?refused=untrusted");
    }
    assert_eq!((desk.microsoft.asked("keys"), desk.microsoft.asked("discovery")), (2, 1));
}

#[actix_web::test]
async fn what_a_link_to_the_sign_in_page_says_is_ours() {
    let desk = Desk::new().await;

    desk.app.anybody(get("/login?refused=unlinked")).await.shows(Refusal::Unlinked.sentence());
    desk.app.anybody(get("/login?refused=%3Cscript%3Ealert(1)%3C/script%3E")).await.hides("alert(1)");
}
