//! What the tests stand on: a desk of one's own and people at browsers.

// The tests in process lie to it and count; here it only plays its part.
#[allow(dead_code)]
#[path = "../../app/support/authority/mod.rs"]
mod authority;
mod browser;
#[path = "../../app/support/cluster.rs"]
mod cluster;
mod desk;
mod driver;
mod simulated;
mod wire;

pub use browser::{Browser, ENTER, ESCAPE, Kind};
pub use desk::Desk;
pub use wire::Authenticator;

/// Runs a test on a desk of its own. No browser may have complained in its console at the end.
pub async fn with_desk(test: impl AsyncFnOnce(&Desk)) {
    on(Desk::open().await, test).await;
}

/// The same with a Microsoft to sign in at.
pub async fn with_microsoft(test: impl AsyncFnOnce(&Desk)) {
    on(Desk::open_with_microsoft().await, test).await;
}

/// The same at `http://localhost`.
pub async fn with_name(test: impl AsyncFnOnce(&Desk)) {
    on(Desk::open_with_name().await, test).await;
}

async fn on(desk: Desk, test: impl AsyncFnOnce(&Desk)) {
    test(&desk).await;
    let mut complaints = Vec::new();
    for client in desk.browsers.take() {
        complaints.extend(browser::complaints(&client).await);
        client.close().await.unwrap();
    }
    let tolerated = desk.tolerated.take();
    complaints.retain(|complaint| !tolerated.iter().any(|known| complaint.contains(known)));
    desk.close().await;
    assert!(complaints.is_empty(), "in the console:\n{}", complaints.join("\n"));
}

impl Desk {
    pub async fn browser(&self) -> Browser {
        self.browser_of(Kind::default()).await
    }

    pub async fn browser_of(&self, kind: Kind) -> Browser {
        Browser::open(self, kind).await
    }

    pub async fn signed_in(&self, email: &str) -> Browser {
        let browser = self.browser().await;
        browser.sign_in(email).await;
        browser
    }

    /// The browser tells of answers like 422 in its console; where a test asks for one, that is no complaint.
    pub fn tolerate(&self, complaint: &'static str) {
        self.tolerated.borrow_mut().push(complaint);
    }
}
