//! Every page under axe, light and dark, wide and narrow; each look is also a picture in target/screenshots.

use crate::support::{Browser, Desk, ENTER, with_desk};
use serde_json::{Value, json};

const AXE: &str = include_str!(env!("AXE_JS"));
const RUN: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(result => done(
        result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html.slice(0, 200)).join(' | ')}`)))";
const SIZES: [(u32, u32); 2] = [(1440, 900), (390, 844)];

/// Looks at the page that is open in every form, and collects what axe finds.
pub async fn look(browser: &Browser, name: &str, findings: &mut Vec<String>) {
    for theme in ["light", "dark"] {
        browser.colours(theme).await;
        browser.until(&format!("document.documentElement.dataset.bsTheme === '{theme}'")).await;
        for (width, height) in SIZES {
            browser.size(width, height).await;
            browser.settles().await;
            browser.screenshot(&format!("{name}-{width}-{theme}")).await;
            browser.client.execute(AXE, vec![]).await.unwrap();
            let found = browser.client.execute_async(RUN, vec![]).await.unwrap();
            let found = found.as_array().cloned().unwrap_or_default();
            findings.extend(found.iter().map(|finding| format!("{name} {width} {theme}: {finding}")));
            let overflow = browser.evaluate("document.documentElement.scrollWidth - innerWidth").await;
            if overflow.as_i64() > Some(0) {
                findings.push(format!("{name} {width} {theme}: wider than the window by {overflow} px"));
            }
        }
    }
    browser.size(1440, 900).await;
}

async fn visit(browser: &Browser, path: &str, name: &str, findings: &mut Vec<String>) {
    browser.goto(path).await;
    look(browser, name, findings).await;
}

pub fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[actix_web::test]
async fn pages_of_strangers() {
    with_desk(async |desk| {
        desk.tolerate("status of 40");
        let (mut findings, browser) = (Vec::new(), desk.browser().await);
        visit(&browser, "/login", "login", &mut findings).await;
        browser.fill("#field_email", "agent@acme.test").await;
        browser.fill("#field_password", "wrong").await;
        browser.click(".btn-primary").await;
        browser.sees(".notice").await;
        look(&browser, "login-wrong", &mut findings).await;
        visit(&browser, "/nowhere", "stranger-nowhere", &mut findings).await;
        assert_none(&findings);
    })
    .await;
}

#[actix_web::test]
async fn pages_of_an_agent() {
    with_desk(async |desk| {
        desk.tolerate("status of 404");
        let (mut findings, agent) = (Vec::new(), desk.signed_in("agent@acme.test").await);
        visit(&agent, "/", "dashboard", &mut findings).await;
        visit(&agent, "/inbox", "inbox", &mut findings).await;
        visit(&agent, "/inbox?queue=mine", "inbox-empty", &mut findings).await;
        visit(&agent, "/inbox?queue=resolved", "inbox-resolved", &mut findings).await;
        open_varied_thread(desk, &agent).await;
        look(&agent, "thread", &mut findings).await;
        // The last of theirs is in sight.
        let last = "#thread_messages .day-group:last-child > .is-in:nth-last-of-type(2)";
        agent.hover(last).await;
        agent.click(&format!("{last} .reply")).await;
        agent.sees(".composer-reply").await;
        look(&agent, "thread-reply", &mut findings).await;
        agent.press("\u{e00c}?").await;
        agent.sees("#keys").await;
        look(&agent, "keys", &mut findings).await;
        visit(&agent, "/inbox/0190d1f0-0000-7000-8000-000000000000", "nowhere", &mut findings).await;
        assert_none(&findings);
    })
    .await;
}

/// A thread with everything that WhatsApp knows in it.
async fn open_varied_thread(desk: &Desk, agent: &Browser) {
    let lucia = "34600123456";
    agent.goto("/inbox").await;
    agent.click_on("[data-row]", "Lucía Romero").await;
    agent.focuses("#composer_text").await;
    agent.press(&format!("Yes, we do! From Friday to Sunday{ENTER}")).await;
    agent.sees("#thread_messages .is-out .tick[title=Delivered]").await;
    desk.simulate("POST", "sessions/acme-workshop/reads", json!({"phone": lucia})).await;
    agent.sees("#thread_messages .is-out .tick-read").await;
    let picture = json!({"phone": lucia, "picture": true, "text": "This one?"});
    desk.simulate("POST", "sessions/acme-workshop/messages", picture).await;
    let long = format!("Look: https://example.test/{} and *so* on", "long".repeat(40));
    desk.write(lucia, &long).await;
    desk.write(lucia, "👍").await;
    agent.sees("#thread_messages .media img").await;
    agent.sees("#thread_messages .is-jumbo").await;
    desk.faults(json!({"next_500": 6})).await;
    agent.press(&format!("This one stays here{ENTER}")).await;
    agent.sees(".failure").await;
    let react: Value = desk.simulate("GET", "sessions/acme-workshop/deliveries", Value::Null).await;
    let message = react[0]["id"].clone();
    let reaction = json!({"phone": lucia, "messageId": message, "text": "❤️"});
    desk.simulate("POST", "sessions/acme-workshop/reactions", reaction).await;
    agent.sees(".reactions").await;
}

#[actix_web::test]
async fn pages_of_an_administrator() {
    with_desk(async |desk| {
        desk.tolerate("status of 422");
        let (mut findings, admin) = (Vec::new(), desk.signed_in("admin@acme.test").await);
        visit(&admin, "/settings/numbers", "numbers", &mut findings).await;
        admin.click(".number-foot .menu summary").await;
        look(&admin, "number-menu", &mut findings).await;
        admin.click_on(".menu-item", "Delete").await;
        admin.sees("dialog[open]").await;
        look(&admin, "number-delete", &mut findings).await;
        visit(&admin, "/settings/numbers/new", "number-new", &mut findings).await;
        admin.fill("#field_external_session_id", "no good").await;
        admin.fill("#field_name", "A very long name of a number, longer than anybody would ever think of").await;
        admin.click(".form-foot .btn-primary").await;
        admin.sees(".field-error").await;
        look(&admin, "number-rejected", &mut findings).await;
        admin.fill("#field_external_session_id", "acme-showroom").await;
        admin.click(".form-foot .btn-primary").await;
        admin.sees("#pairing img.qr").await;
        look(&admin, "pairing", &mut findings).await;
        visit(&admin, "/settings/numbers", "numbers-two", &mut findings).await;
        admin.click(".rail-account summary").await;
        look(&admin, "account", &mut findings).await;
        assert_none(&findings);
    })
    .await;
}

#[actix_web::test]
async fn pages_of_others() {
    with_desk(async |desk| {
        desk.tolerate("status of 403");
        let mut findings = Vec::new();
        let auditor = desk.signed_in("auditor@acme.test").await;
        auditor.goto("/inbox").await;
        auditor.click("li:first-child > [data-row]").await;
        auditor.sees(".composer-notice").await;
        look(&auditor, "thread-read-only", &mut findings).await;
        visit(&auditor, "/platform/health", "forbidden", &mut findings).await;
        let stranger = desk.signed_in("admin@globex.test").await;
        visit(&stranger, "/", "dashboard-empty", &mut findings).await;
        visit(&stranger, "/inbox", "inbox-no-number", &mut findings).await;
        visit(&stranger, "/settings/numbers", "numbers-none", &mut findings).await;
        let platform = desk.signed_in("platform@switchboard.test").await;
        visit(&platform, "/", "platform", &mut findings).await;
        visit(&platform, "/platform/health", "health", &mut findings).await;
        let phones = desk.browser().await;
        phones.goto(&desk.phones).await;
        phones.screenshot("phones").await;
        assert_none(&findings);
    })
    .await;
}

#[actix_web::test]
async fn pages_about_accounts() {
    with_desk(async |desk| {
        desk.tolerate("status of 422");
        let (mut findings, admin) = (Vec::new(), desk.signed_in("admin@acme.test").await);
        for (path, name) in [
            ("/account", "account-profile"),
            ("/account/security", "account-security"),
            ("/account/api-tokens", "account-tokens"),
            ("/account/api-tokens/new", "account-token-new"),
            ("/settings/users", "users"),
            ("/settings/users?state=deleted", "users-none"),
            ("/settings/users/new", "user-new"),
            ("/settings/teams", "teams"),
            ("/settings/teams/new", "team-new"),
            ("/settings/roles", "roles"),
            ("/settings/security", "security"),
            ("/settings/sessions", "sessions"),
            ("/settings/api-tokens", "tokens"),
            ("/settings/organisation", "organisation"),
            ("/settings/support", "support"),
            ("/audit", "audit"),
            ("/gdpr", "gdpr"),
            ("/gdpr/requests/new", "gdpr-new"),
            ("/gdpr/consents", "gdpr-consents"),
            ("/gdpr/retention/new", "gdpr-rule"),
            ("/gdpr/accesses", "gdpr-accesses"),
        ] {
            visit(&admin, path, name, &mut findings).await;
        }
        admin.goto("/settings/security").await;
        admin.fill("#field_session_days", "999").await;
        admin.click(".form-foot .btn-primary").await;
        admin.sees(".field-error").await;
        look(&admin, "security-rejected", &mut findings).await;
        admin.goto("/account/security").await;
        admin.click_on(".btn-primary", "Set up an authenticator app").await;
        admin.sees("img.qr").await;
        look(&admin, "factor-set-up", &mut findings).await;
        assert_none(&findings);
    })
    .await;
}

#[actix_web::test]
async fn pages_about_tenants_and_for_those_who_are_locked_out() {
    with_desk(async |desk| {
        desk.tolerate("status of 404");
        let (mut findings, platform) = (Vec::new(), desk.signed_in("platform@switchboard.test").await);
        visit(&platform, "/platform/tenants", "tenants", &mut findings).await;
        visit(&platform, "/platform/tenants/new", "tenant-new", &mut findings).await;
        platform.goto("/platform/tenants").await;
        platform.click_on("a", "Acme Bikes").await;
        platform.reads("h1", "Acme Bikes").await;
        look(&platform, "tenant", &mut findings).await;
        let stranger = desk.browser().await;
        visit(&stranger, "/login/reset", "reset-not-configured", &mut findings).await;
        visit(&stranger, "/welcome/used-up", "link-used-up", &mut findings).await;
        assert_none(&findings);
    })
    .await;
}
