//! A passkey is added at a device, and signs in alone, from the browser's own list, and after the password.

use crate::accessibility::{assert_none, look};
use crate::support::{Authenticator, Browser, with_name};
use serde_json::json;

const AGENT: &str = "agent@acme.test";
const PASSWORD: &str = "demo-switchboard";
/// Chromium's stand-in for a device chooses from the browser's list at once, where there is one.
const NO_LIST: &str = "PublicKeyCredential.isConditionalMediationAvailable = async () => false";

async fn sign_out(browser: &Browser) {
    browser.click(".rail-account summary").await;
    browser.click("form[action='/logout'] button").await;
}

async fn without_list(browser: &Browser) {
    browser.client.issue_cmd(Authenticator).await.unwrap();
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": NO_LIST })).await;
}

async fn name_and_prove(browser: &Browser, password: &str) {
    browser.fill("[name='password']", password).await;
    browser.click(".form-foot .btn-primary").await;
}

/// From the list of one's passkeys until there is one more.
async fn add(browser: &Browser) {
    browser.goto("/account/passkeys/new").await;
    browser.fill("#field_name", "Laptop").await;
    name_and_prove(browser, PASSWORD).await;
    browser.click_on(".btn-primary", "Create the passkey").await;
    browser.reads("h1", "Your recovery codes").await;
}

#[actix_web::test]
async fn a_passkey_signs_in_alone_and_after_the_password() {
    with_name(async |desk| {
        let agent = desk.signed_in(AGENT).await;
        without_list(&agent).await;
        add(&agent).await;
        agent.click_on(".btn-primary", "I have kept them").await;
        agent.reads("#passkeys", "Laptop").await;

        sign_out(&agent).await;
        agent.click_on(".btn", "Sign in with a passkey").await;
        agent.sees("#rail").await;
        agent.goto("/account/security").await;
        agent.reads("#passkeys", "last used").await;

        sign_out(&agent).await;
        agent.fill("#field_email", AGENT).await;
        agent.fill("#field_password", PASSWORD).await;
        agent.click("form[action='/login'] .btn-primary").await;
        agent.click_on(".btn", "Use a passkey").await;
        agent.sees("#rail").await;

        agent.goto("/account/security").await;
        agent.click("#passkeys .line").await;
        agent.click("[commandfor='remove_passkey']").await;
        agent.fill("dialog[open] [name='password']", PASSWORD).await;
        agent.click("dialog[open] .btn-danger").await;
        agent.reads("#factor_title", "Off").await;
        agent.misses("#passkeys .line").await;
    })
    .await;
}

#[actix_web::test]
async fn a_passkey_chosen_from_the_browsers_list_signs_in() {
    with_name(async |desk| {
        let agent = desk.signed_in(AGENT).await;
        agent.client.issue_cmd(Authenticator).await.unwrap();
        add(&agent).await;
        agent.goto("/account/security").await;

        sign_out(&agent).await;

        agent.sees("#rail").await;
        agent.goto("/account/security").await;
        agent.reads("#passkeys", "last used").await;
    })
    .await;
}

#[actix_web::test]
async fn the_pages_of_passkeys_are_plain_to_everybody() {
    with_name(async |desk| {
        desk.tolerate("status of 422");
        let (mut findings, agent) = (Vec::new(), desk.signed_in(AGENT).await);
        without_list(&agent).await;
        agent.goto("/account/security").await;
        agent.click_on("#passkeys .btn", "Add a passkey").await;
        agent.fill("#field_name", "Laptop").await;
        name_and_prove(&agent, "not mine").await;
        agent.reads(".notice", "This is not your password.").await;
        look(&agent, "passkey-new", &mut findings).await;
        name_and_prove(&agent, PASSWORD).await;
        agent.reads("h1", "Add “Laptop”").await;
        look(&agent, "passkey-creation", &mut findings).await;
        agent.click(".form-foot .btn-primary").await;
        agent.reads("h1", "Your recovery codes").await;
        agent.goto("/account/security").await;
        look(&agent, "passkey-listed", &mut findings).await;
        agent.click("#passkeys .line").await;
        agent.reads("h1", "Laptop").await;
        look(&agent, "passkey-shown", &mut findings).await;

        // At a device that does not have the passkey, the page says so and goes on.
        let other = desk.browser().await;
        without_list(&other).await;
        other.goto("/login").await;
        look(&other, "login-passkey", &mut findings).await;
        other.fill("#field_email", AGENT).await;
        other.fill("#field_password", PASSWORD).await;
        other.click("form[action='/login'] .btn-primary").await;
        other.click_on(".btn", "Use a passkey").await;
        other.reads("[data-passkey-problem]", "Your device gave no passkey").await;
        look(&other, "factor-passkey", &mut findings).await;
        assert_none(&findings);
    })
    .await;
}
