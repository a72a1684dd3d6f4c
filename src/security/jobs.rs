//! Clearing up what no longer guards anything.

use super::passkeys::ceremonies;
use super::{sessions, throttle};
use crate::kit::error::Result;
use crate::kit::jobs::{Context, Outcome, PlatformJob};
use serde::{Deserialize, Serialize};

/// Forgets old tries, challenges that nobody answered, and sessions that ended long ago.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purge {}

impl PlatformJob for Purge {
    const NAME: &'static str = "security:purge";

    async fn run(self, context: &Context) -> Result<Outcome> {
        let db = context.platform();
        db.run(|conn| {
            throttle::purge(conn).and_then(|()| ceremonies::purge(conn)).and_then(|()| sessions::purge(conn))
        })
        .await?;
        Ok(Outcome::Done)
    }
}
