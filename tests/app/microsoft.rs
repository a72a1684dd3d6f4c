//! Signing in with Microsoft, against an authority of our own that keeps the rules and lies when asked to.

mod invitations;
mod lies;
mod linking;
mod sign_in;
mod tokens;

use super::sign_in::Browser;
use super::support::authority::Authority;
use super::support::cast::PASSWORD;
use super::support::{Answer, Ask, TestApp, form, get, post};

const BOB: &str = "bob@acme.test";

/// A desk that Microsoft knows.
struct Desk {
    app: TestApp,
    microsoft: Authority,
}

impl Desk {
    async fn new() -> Self {
        let microsoft = Authority::start("http://desk.test");
        let mut app = TestApp::new().await;
        app.change(|parts| parts.microsoft = microsoft.microsoft());
        Self { app, microsoft }
    }

    fn browser(&self) -> Browser<'_> {
        Browser::new(&self.app)
    }

    /// Somebody with a password, at their browser.
    async fn signed_in(&self, email: &str) -> Browser<'_> {
        let browser = self.browser();
        assert_eq!(browser.sign_in(email, PASSWORD).await.status, 303);
        browser.ask(get("/account/microsoft")).await;
        browser
    }

    /// Bob has linked his account.
    async fn bob_is_linked(&self) {
        let bob = self.signed_in(BOB).await;
        assert_eq!(self.link(&bob).await.location(), "/account/microsoft");
    }

    /// Sends the form that leads to Microsoft, signs in there, and comes back with what this returns.
    async fn callback(&self, browser: &Browser<'_>, ask: Ask) -> String {
        let page = browser.ask(ask).await;
        assert_eq!(page.status, 200, "{page:?}");
        let address = page.header("refresh").strip_prefix("0; url=").unwrap();
        page.shows("Continue to Microsoft").shows(&address.replace('&', "&#38;"));
        self.microsoft.visit(address).await
    }

    /// From the button on the sign-in page until the desk has answered the callback.
    async fn sign_in(&self, browser: &Browser<'_>, next: &str) -> Answer {
        browser.ask(get("/login")).await;
        let back = self.callback(browser, form("/login/microsoft", &[("next", next)])).await;
        browser.ask(get(&back)).await
    }

    async fn link(&self, browser: &Browser<'_>) -> Answer {
        let back = self.callback(browser, post("/account/microsoft")).await;
        browser.ask(get(&back)).await
    }

    fn links(&self) -> i64 {
        self.app.count("FROM microsoft_accounts")
    }

    fn sessions(&self) -> i64 {
        self.app.count("FROM user_sessions WHERE NOT is_revoked")
    }
}

/// The sentence that an answer's address leads to.
async fn told(browser: &Browser<'_>, answer: &Answer, sentence: &str) {
    assert_eq!(answer.status, 303, "{answer:?}");
    let page = browser.ask(get(answer.location())).await;
    assert_eq!(page.status, 200, "{page:?}");
    page.shows(sentence);
}
