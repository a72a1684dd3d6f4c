//! An invitation is accepted with a Microsoft account in place of a password.

use super::{Browser, Desk, told};
use crate::support::{form, get, post};
use switchboard::sign_in::refusal::Refusal;
use switchboard::users::model::{self as users, UserId};
use uuid::Uuid;

const EVE: &str = "eve@acme.test";

/// Eve is new: she has no password, only a link.
async fn invited(desk: &Desk) -> String {
    desk.app.sql("UPDATE users SET password_hash = NULL WHERE email = 'eve@acme.test'");
    let sql = "SELECT id::text AS text FROM users WHERE email = 'eve@acme.test'";
    let eve: UserId = desk.app.text(sql).parse::<Uuid>().unwrap().into();
    let token = desk.app.within(move |conn, tenant| users::invite(conn, tenant, eve)).await;
    desk.microsoft.person(EVE);
    format!("/welcome/{}", token.expose())
}

/// Until Microsoft sends back.
async fn accepted<'a>(desk: &'a Desk, url: &str) -> (Browser<'a>, String) {
    let browser = desk.browser();
    browser.ask(get(url)).await.shows("Continue with Microsoft");
    let back = desk.callback(&browser, post(&format!("{url}/microsoft"))).await;
    (browser, back)
}

#[actix_web::test]
async fn whoever_is_invited_comes_in_without_a_password() {
    let desk = Desk::new().await;
    let url = invited(&desk).await;
    let (browser, back) = accepted(&desk, &url).await;

    let answer = browser.ask(get(&back)).await;

    assert_eq!((answer.status, answer.location()), (303, "/"));
    browser.ask(get("/inbox")).await.shows("Eve Evans");
    assert_eq!(desk.app.count("FROM users WHERE email = 'eve@acme.test' AND is_verified AND password_hash IS NULL"), 1);
    let audited = desk.app.audited();
    let expected =
        ["accepted_invitation users", "linked microsoft_accounts", "used microsoft_accounts", "signed_in users"];
    assert_eq!(&audited[audited.len() - 4..], expected);
    assert_eq!(desk.browser().ask(get(&url)).await.status, 404, "the link is used up");
    let later = desk.browser();
    assert_eq!(desk.sign_in(&later, "").await.location(), "/");
}

#[actix_web::test]
async fn an_invitation_is_for_its_own_address() {
    let desk = Desk::new().await;
    let url = invited(&desk).await;
    desk.microsoft.person("mallory@acme.test");
    let (browser, back) = accepted(&desk, &url).await;

    let answer = browser.ask(get(&back)).await;

    assert_eq!(answer.location(), format!("{url}?refused=other-address"));
    told(&browser, &answer, Refusal::OtherAddress.sentence()).await;
    assert_eq!((desk.links(), desk.sessions()), (0, 0));
    assert_eq!(desk.app.audited().last().unwrap(), "refused users");
    let chosen = browser.ask(form(&url, &[("password", "four unrelated words here")])).await;
    assert_eq!(chosen.location(), "/", "the link still works");
}

#[actix_web::test]
async fn an_account_that_is_somebody_elses_leaves_the_invitation_as_it_was() {
    let desk = Desk::new().await;
    desk.microsoft.person(EVE);
    desk.bob_is_linked().await;
    let url = invited(&desk).await;
    let (browser, back) = accepted(&desk, &url).await;

    let answer = browser.ask(get(&back)).await;

    assert_eq!(answer.location(), format!("{url}?refused=taken"));
    assert_eq!(desk.browser().ask(get(&url)).await.status, 200, "the link still works");
    assert_eq!(desk.app.count("FROM sign_in_links WHERE used_at IS NOT NULL"), 0);
}

#[actix_web::test]
async fn an_invitation_counts_once_however_it_is_accepted() {
    let desk = Desk::new().await;
    let url = invited(&desk).await;
    let (one, first) = accepted(&desk, &url).await;
    let (two, second) = accepted(&desk, &url).await;

    let (first, second) = tokio::join!(one.ask(get(&first)), two.ask(get(&second)));

    let mut to = [first.location().to_owned(), second.location().to_owned()];
    to.sort();
    assert_eq!(to, ["/", "/login?refused=expired"]);
    assert_eq!((desk.links(), desk.sessions()), (1, 1));
}

#[actix_web::test]
async fn an_invitation_that_ended_meanwhile_lets_nobody_in() {
    for sql in [
        "UPDATE sign_in_links SET expires_at = now() - interval '1 second'",
        "UPDATE sign_in_links SET used_at = now()",
        "UPDATE users SET is_active = false WHERE email = 'eve@acme.test'",
        "UPDATE tenants SET status = 'inactive' WHERE slug = 'acme'",
    ] {
        let desk = Desk::new().await;
        let url = invited(&desk).await;
        let (browser, back) = accepted(&desk, &url).await;
        desk.app.sql(sql);

        let answer = browser.ask(get(&back)).await;

        assert_eq!(answer.location(), "/login?refused=expired", "{sql}");
        assert_eq!((desk.links(), desk.sessions()), (0, 0), "{sql}");
        browser.ask(get("/login")).await;
        assert_eq!(browser.ask(post(&format!("{url}/microsoft"))).await.status, 404, "{sql}");
    }
}

#[actix_web::test]
async fn saying_no_at_microsoft_leads_back_to_the_invitation() {
    let desk = Desk::new().await;
    let url = invited(&desk).await;
    desk.microsoft.tell(crate::support::authority::Lie::Denied);
    let (browser, back) = accepted(&desk, &url).await;

    let answer = browser.ask(get(&back)).await;

    told(&browser, &answer, Refusal::Cancelled.sentence()).await;
    assert_eq!(desk.app.count("FROM sign_in_links WHERE used_at IS NOT NULL"), 0);
}
