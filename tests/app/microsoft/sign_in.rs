//! Who has linked an account comes in with it, and nobody else does.

use super::{BOB, Desk, PASSWORD, told};
use crate::support::{TestApp, form, get, post};
use switchboard::sign_in::refusal::Refusal;

#[actix_web::test]
async fn a_linked_account_lets_its_user_in_and_back_to_where_they_were() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    let browser = desk.browser();

    let answer = desk.sign_in(&browser, "/inbox?queue=all").await;

    assert_eq!((answer.status, answer.location()), (303, "/inbox?queue=all"));
    browser.ask(get("/inbox")).await.shows("Bob Baker");
    browser.ask(get("/account/microsoft")).await.shows("Linked").shows("bob@acme.test").hides("never");
    let audited = desk.app.audited();
    assert_eq!(&audited[audited.len() - 2..], ["used microsoft_accounts", "signed_in users"]);
    assert!(browser.cookie("switchboard_microsoft").is_none(), "it is used up");
}

#[actix_web::test]
async fn signing_in_asks_for_nothing_but_who_it_is_and_linking_for_more() {
    let desk = Desk::new().await;
    let bob = desk.signed_in(BOB).await;
    desk.link(&bob).await;
    assert_eq!(desk.microsoft.parameter("scope"), "openid profile email offline_access User.Read");
    let kept = "SELECT md5(access_token || refresh_token) AS text FROM microsoft_accounts";
    let before = desk.app.text(kept);

    desk.sign_in(&desk.browser(), "/").await;

    assert_eq!(desk.microsoft.parameter("scope"), "openid profile email");
    assert_eq!(desk.microsoft.parameter("redirect_uri"), "http://desk.test/login/microsoft/callback");
    assert_eq!(desk.microsoft.parameter("code_challenge_method"), "S256");
    assert_eq!(desk.app.text(kept), before);
}

#[actix_web::test]
async fn an_address_alone_opens_nothing() {
    let desk = Desk::new().await;
    let browser = desk.browser();

    let answer = desk.sign_in(&browser, "/inbox").await;

    assert_eq!(answer.location(), "/login?refused=unlinked&next=%2Finbox");
    told(&browser, &answer, Refusal::Unlinked.sentence()).await;
    assert_eq!((desk.links(), desk.sessions()), (0, 0));
    assert_eq!(browser.ask(get("/inbox")).await.location(), "/login?next=%2Finbox");
}

#[actix_web::test]
async fn the_account_counts_and_not_its_address() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    desk.app.sql("UPDATE microsoft_accounts SET microsoft_id = gen_random_uuid()");

    let answer = desk.sign_in(&desk.browser(), "").await;

    assert_eq!(answer.location(), "/login?refused=unlinked");
}

#[actix_web::test]
async fn whoever_is_deactivated_or_deleted_is_told_the_same_as_a_stranger() {
    for sql in [
        "UPDATE users SET is_active = false WHERE email = 'bob@acme.test'",
        "UPDATE users SET deleted_at = now() WHERE email = 'bob@acme.test'",
        "UPDATE tenants SET status = 'inactive' WHERE slug = 'acme'",
        "UPDATE tenants SET deleted_at = now() WHERE slug = 'acme'",
    ] {
        let desk = Desk::new().await;
        desk.bob_is_linked().await;
        desk.app.sql(sql);
        let sessions = desk.sessions();

        let answer = desk.sign_in(&desk.browser(), "").await;

        assert_eq!(answer.location(), "/login?refused=unlinked", "{sql}");
        assert_eq!(desk.sessions(), sessions, "{sql}");
        assert_eq!(desk.app.audited().last().unwrap(), "refused users", "{sql}");
    }
}

#[actix_web::test]
async fn an_account_of_several_organisations_is_asked_for_one() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    let carol = desk.signed_in("carol@globex.test").await;
    desk.link(&carol).await;
    let browser = desk.browser();

    let answer = desk.sign_in(&browser, "/inbox").await;
    assert_eq!(answer.location(), "/login/microsoft/choice");
    let page = browser.ask(get(answer.location())).await;
    page.shows("Which organisation?").shows("Acme Bikes").shows("Globex Travel");
    let globex = desk.app.text("SELECT id::text AS text FROM microsoft_accounts ORDER BY created_at DESC LIMIT 1");
    let chosen = browser.ask(form("/login/microsoft/choice", &[("link", &globex)])).await;

    assert_eq!((chosen.status, chosen.location()), (303, "/inbox"));
    browser.ask(get("/inbox")).await.shows("Carol Costa");
    let again = browser.ask(get("/login/microsoft/choice")).await;
    assert_eq!(again.location(), "/login?refused=expired", "it is used up");
}

#[actix_web::test]
async fn nobody_chooses_what_is_not_theirs() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    let carol = desk.signed_in("carol@globex.test").await;
    desk.link(&carol).await;
    let eve = desk.signed_in("eve@acme.test").await;
    desk.microsoft.person("eve@acme.test");
    desk.link(&eve).await;
    let eves = desk.app.text("SELECT id::text AS text FROM microsoft_accounts WHERE address = 'eve@acme.test'");
    desk.microsoft.person(BOB);
    let browser = desk.browser();
    desk.sign_in(&browser, "").await;
    let sessions = desk.sessions();

    for link in [eves.as_str(), "", "00000000-0000-0000-0000-000000000000", "nonsense"] {
        let answer = browser.ask(form("/login/microsoft/choice", &[("link", link)])).await;
        assert_eq!(answer.location(), "/login?refused=unlinked", "{link}");
    }
    let stranger = desk.browser();
    stranger.ask(get("/login")).await;
    let answer = stranger.ask(form("/login/microsoft/choice", &[("link", &eves)])).await;
    assert_eq!(answer.location(), "/login?refused=expired");
    assert_eq!(desk.sessions(), sessions);
}

#[actix_web::test]
async fn a_choice_is_looked_at_anew_when_it_is_made() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    let carol = desk.signed_in("carol@globex.test").await;
    desk.link(&carol).await;
    let browser = desk.browser();
    desk.sign_in(&browser, "").await;
    browser.ask(get("/login/microsoft/choice")).await.shows("Globex Travel");
    let globex = desk.app.text("SELECT id::text AS text FROM microsoft_accounts ORDER BY created_at DESC LIMIT 1");

    desk.app.sql("UPDATE users SET is_active = false WHERE email = 'carol@globex.test'");

    browser.ask(get("/login/microsoft/choice")).await.shows("Acme Bikes").hides("Globex Travel");
    let answer = browser.ask(form("/login/microsoft/choice", &[("link", &globex)])).await;
    assert_eq!(answer.location(), "/login?refused=unlinked");
    desk.app.sql("UPDATE users SET is_active = false WHERE email = 'bob@acme.test'");
    browser.ask(get("/login/microsoft/choice")).await.shows("None of your accounts is active");
}

#[actix_web::test]
async fn microsoft_stands_for_the_password_and_not_for_a_second_factor() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    desk.app.sql(r#"UPDATE tenants SET settings = '{"second_factor_roles": ["AGENT"]}' WHERE slug = 'acme'"#);
    let (browser, other) = (desk.browser(), desk.browser());

    desk.sign_in(&browser, "/inbox").await;
    other.sign_in(BOB, PASSWORD).await;

    let answers = [browser.ask(get("/inbox")).await, other.ask(get("/inbox")).await];
    assert_eq!(answers[0].status, 303);
    assert_eq!(answers[0].location(), answers[1].location(), "as with the password");
    assert_eq!(desk.app.count("FROM user_sessions WHERE is_pending"), 2);
}

#[actix_web::test]
async fn signing_in_ends_the_session_before_it() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    let browser = desk.signed_in("eve@acme.test").await;
    let eves = browser.cookie("switchboard").unwrap();
    let page = browser.ask(get("/login")).await;
    assert_eq!(page.status, 303, "who is signed in needs no form");

    // Begun before, in another window.
    let other = desk.browser();
    other.ask(get("/login")).await;
    let back = desk.callback(&other, post("/login/microsoft")).await;
    let attempt = other.cookie("switchboard_microsoft").unwrap();
    let answer = browser.ask(get(&back).cookie(attempt)).await;

    assert_eq!((answer.status, answer.location()), (303, "/"));
    browser.ask(get("/inbox")).await.shows("Bob Baker");
    assert_eq!(desk.app.anybody(get("/inbox").cookie(eves)).await.status, 303);
}

#[actix_web::test]
async fn only_paths_of_ours_are_followed_afterwards() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;

    for bad in ["https://evil.test/", "//evil.test", "/\\evil.test", "/login"] {
        assert_eq!(desk.sign_in(&desk.browser(), bad).await.location(), "/", "{bad}");
    }
}

#[actix_web::test]
async fn the_button_is_there_only_where_it_leads_somewhere() {
    let (desk, without) = (Desk::new().await, TestApp::new().await);

    desk.app.anybody(get("/login")).await.shows("Sign in with Microsoft").shows(r#"action="/login/microsoft""#);
    without.anybody(get("/login")).await.hides("Microsoft");

    without.bob(get("/account/microsoft")).await.shows("Not configured").shows("MICROSOFT_CLIENT_SECRET");
    let refused = without.bob(post("/account/microsoft")).await;
    assert_eq!(refused.status, 422);
    refused.shows("MICROSOFT_CLIENT_ID");
}

#[actix_web::test]
async fn the_cookie_on_the_way_is_sealed_and_for_us_alone() {
    let mut desk = Desk::new().await;
    desk.app.change(|parts| parts.is_https = true);
    let page = desk.app.anybody(get("/login")).await;
    let visitor = page.cookie("switchboard_visitor").unwrap();
    let ask = post("/login/microsoft").cookie(visitor).token(&page.field("csrf_token"));

    let cookie = desk.app.anybody(ask).await.cookie("switchboard_microsoft").unwrap();

    assert_eq!(
        (cookie.http_only(), cookie.secure(), cookie.path()),
        (Some(true), Some(true), Some("/login/microsoft"))
    );
    assert_eq!(cookie.same_site().map(|site| site.to_string()).as_deref(), Some("Lax"));
    assert_eq!(cookie.max_age().unwrap().whole_seconds(), 600);
}
