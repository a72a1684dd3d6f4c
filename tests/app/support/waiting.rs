//! Waiting for what happens by itself.

use super::app::TestApp;
use std::time::{Duration, Instant};

/// What a busy machine may need; nothing waits this long unless it fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

impl TestApp {
    /// Until this process hears what others announce.
    pub async fn hub_is_up(&self) {
        self.until("the line is up", async || self.parts.hub.is_up()).await;
    }

    /// Looks again and again until it holds.
    pub async fn until(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let begun = Instant::now();
        while !holds().await {
            assert!(begun.elapsed() < PATIENCE, "in vain: {what}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}
