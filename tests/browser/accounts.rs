//! Accounts: somebody is invited, chooses a password, adds a second factor, signs in, and is signed out from elsewhere.

use crate::support::{Browser, with_desk};
use totp_rs::{Builder, Secret};

const CHOSEN: &str = "four unrelated words here";

/// What an authenticator app would show, so many half minutes from now.
fn code(key: &str, later: u64) -> String {
    let secret = Secret::try_from_base32(key.replace(' ', "")).unwrap();
    let app = Builder::new().with_secret(secret).with_account_name("phone").build().unwrap();
    let now = u64::try_from(chrono::Utc::now().timestamp()).unwrap();
    app.generate(now + 30 * later).to_string()
}

/// Ada invites Nina and is shown the link, as no mail server is configured.
async fn invite(admin: &Browser) -> String {
    admin.goto("/settings/users/new").await;
    admin.fill("#field_first_name", "Nina").await;
    admin.fill("#field_last_name", "Novak").await;
    admin.fill("#field_email", "nina@acme.test").await;
    admin.click(".form-foot .btn-primary").await;
    admin.until("[...document.querySelectorAll('input')].some(input => input.value.includes('/welcome/'))").await;
    let link =
        "[...document.querySelectorAll('input')].map(input => input.value).find(value => value.includes('/welcome/'))";
    admin.evaluate(link).await.as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn from_the_invitation_to_the_second_factor() {
    with_desk(async |desk| {
        desk.tolerate("status of 422");
        let admin = desk.signed_in("admin@acme.test").await;
        let link = invite(&admin).await;
        let nina = desk.browser().await;
        nina.goto(&link.replace(&link[..link.find("/welcome/").unwrap()], "")).await;
        nina.fill("#field_password", "short").await;
        nina.click(".btn-primary").await;
        nina.reads(".field-error", "at least 12 characters").await;
        nina.fill("#field_password", CHOSEN).await;
        nina.click(".btn-primary").await;
        nina.sees("#rail").await;

        nina.goto("/account/security").await;
        nina.click_on(".btn-primary", "Set up an authenticator app").await;
        nina.sees("img.qr").await;
        nina.click(".form-more summary").await;
        let key = nina.text("code.secret").await;
        nina.fill("#field_code", "000000").await;
        nina.click(".btn-primary").await;
        nina.reads(".field-error", "not the code of now").await;
        nina.fill("#field_code", &code(&key, 0)).await;
        nina.click(".btn-primary").await;
        nina.sees(".codes").await;
        assert_eq!(nina.evaluate("document.querySelectorAll('.codes code').length").await, 10);
        let recovery = nina.text(".codes code").await;
        nina.click_on(".btn-primary", "I have kept them").await;
        nina.reads("#factor_title", "On").await;

        for second in [code(&key, 1), recovery] {
            let elsewhere = desk.browser().await;
            elsewhere.goto("/login?next=%2Faccount%2Fsecurity").await;
            elsewhere.fill("#field_email", "nina@acme.test").await;
            elsewhere.fill("#field_password", CHOSEN).await;
            elsewhere.click(".btn-primary").await;
            elsewhere.focuses("#field_code").await;
            elsewhere.fill("#field_code", &second).await;
            elsewhere.click(".btn-primary").await;
            elsewhere.reads("h1", "Security").await;
        }
    })
    .await;
}

#[actix_web::test]
async fn a_session_ended_here_is_over_there() {
    with_desk(async |desk| {
        desk.tolerate("status of 401");
        let (here, there) = (desk.signed_in("agent@acme.test").await, desk.signed_in("agent@acme.test").await);
        there.goto("/inbox").await;
        here.goto("/account/security").await;
        here.reads("#own_sessions", "This one").await;
        here.click_on(".card-title .btn", "End all others").await;
        here.until("document.querySelectorAll('.session-line').length === 1").await;

        // The stream ends, and the page goes to the sign-in form by itself.
        there.until("location.pathname === '/login'").await;
        assert_eq!(here.path().await, "/account/security");
    })
    .await;
}

#[actix_web::test]
async fn what_was_changed_is_seen_in_the_audit_log() {
    with_desk(async |desk| {
        let admin = desk.signed_in("admin@acme.test").await;
        admin.goto("/settings/security").await;
        admin.fill("#field_session_idle_hours", "4").await;
        admin.click(".form-foot .btn-primary").await;
        admin.until("document.getElementById('field_session_idle_hours').value === '4'").await;

        let auditor = desk.signed_in("auditor@acme.test").await;
        auditor.goto("/audit?entity=tenants").await;
        auditor.click("#audit_list summary").await;
        auditor.reads("#audit_list th", "session idle hours").await;
        auditor.reads("#audit_list del", "12").await;
        auditor.reads("#audit_list ins", "4").await;
    })
    .await;
}
