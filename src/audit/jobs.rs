//! Each night entries go whose time is up.

use super::retention;
use crate::kit::error::Result;
use crate::kit::jobs::{Context, Outcome, PlatformJob};
use crate::tenants::settings;
use serde::{Deserialize, Serialize};

/// Takes away what tenants do not want to keep any longer.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purge {}

impl PlatformJob for Purge {
    const NAME: &'static str = "audit:purge";

    /// One tenant's trouble is no other's: the last error is told when all have had their turn.
    async fn run(self, context: &Context) -> Result<Outcome> {
        let mut failed = None;
        for tenant in context.platform().run(settings::with_audit_retention).await? {
            loop {
                match context.platform().run(move |conn| retention::purge(conn, tenant)).await {
                    Ok(0) => break,
                    Ok(count) => tracing::info!(%tenant, count, "audit entries whose time was up are gone"),
                    Err(error) => {
                        tracing::error!(%tenant, %error, "audit entries could not be purged");
                        failed = Some(error);
                        break;
                    }
                }
            }
        }
        failed.map_or(Ok(Outcome::Done), Err)
    }
}
