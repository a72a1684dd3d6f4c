//! A Microsoft account is linked, signs in, and accepts an invitation, at an authority on another address.

use crate::accessibility::{assert_none, look};
use crate::support::{Browser, with_microsoft};

const NINA: &str = "nina@acme.test";

#[actix_web::test]
async fn a_linked_account_is_a_way_in_until_it_is_unlinked() {
    with_microsoft(async |desk| {
        let mut findings = Vec::new();
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto("/account/microsoft").await;
        look(&agent, "microsoft-not-linked", &mut findings).await;
        agent.click("#microsoft .btn-primary").await;
        agent.reads("#microsoft .pill", "Linked").await;
        agent.reads("#microsoft", "bob@acme.test").await;
        look(&agent, "microsoft-linked", &mut findings).await;

        sign_out(&agent).await;
        look(&agent, "login-microsoft", &mut findings).await;
        sign_in(&agent).await;
        assert_eq!(agent.path().await, "/");

        agent.goto("/account/microsoft").await;
        agent.click("#microsoft [commandfor='unlink_microsoft']").await;
        agent.reads("dialog h2", "Unlink bob@acme.test?").await;
        agent.click("dialog[open] .btn-danger").await;
        agent.reads("#microsoft .pill", "Not linked").await;
        sign_out(&agent).await;
        agent.click_on(".btn", "Sign in with Microsoft").await;
        agent.reads(".notice", "This Microsoft account opens no account here").await;
        look(&agent, "login-unlinked", &mut findings).await;
        assert_none(&findings);
    })
    .await;
}

#[actix_web::test]
async fn an_invitation_is_accepted_without_a_password() {
    with_microsoft(async |desk| {
        desk.microsoft.as_ref().unwrap().person(NINA);
        let (mut findings, nina) = (Vec::new(), desk.browser().await);
        nina.goto(&desk.invite(NINA).await).await;
        look(&nina, "welcome-microsoft", &mut findings).await;
        nina.click_on(".btn", "Continue with Microsoft").await;
        nina.sees("#rail").await;
        nina.goto("/account/microsoft").await;
        nina.reads("#microsoft", "your only way in").await;

        sign_out(&nina).await;
        sign_in(&nina).await;
        assert_none(&findings);
    })
    .await;
}

async fn sign_out(browser: &Browser) {
    browser.click(".rail-account summary").await;
    browser.click("form[action='/logout'] button").await;
    browser.sees("#field_password").await;
}

async fn sign_in(browser: &Browser) {
    browser.click_on(".btn", "Sign in with Microsoft").await;
    browser.sees("#rail").await;
}
