//! Clearing up behind clients that are gone.

use super::model;
use crate::kit::error::Result;
use crate::kit::jobs::{Context, Outcome, PlatformJob};
use crate::tenants::model as tenants;
use serde::{Deserialize, Serialize};

/// Removes revoked access tokens that have expired.
#[derive(Debug, Serialize, Deserialize)]
pub struct PurgeTokens {}

impl PlatformJob for PurgeTokens {
    const NAME: &'static str = "api_clients:purge";

    async fn run(self, context: &Context) -> Result<Outcome> {
        let active = context.platform().run(tenants::active).await?;
        let platform = [tenants::PLATFORM]; // its administrators use programs, too
        for tenant in active.into_iter().map(tenants::TenantKey::get).chain(platform) {
            context.platform().enter(tenant, model::purge).await?;
        }
        Ok(Outcome::Done)
    }
}
