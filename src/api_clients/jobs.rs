//! Clearing up behind clients that are gone.

use super::model;
use crate::kit::error::Result;
use crate::kit::jobs::{Context, Outcome, PlatformJob};
use crate::tenants::model as tenants;
use chrono::{Duration, Utc};
use serde::{Deserialize, Serialize};

/// A client whose time is up is kept a while, so that who was signed in can still be told.
const KEPT: Duration = Duration::days(30);

/// Removes revoked access tokens that have expired, and clients of long ago.
#[derive(Debug, Serialize, Deserialize)]
pub struct PurgeTokens {}

impl PlatformJob for PurgeTokens {
    const NAME: &'static str = "api_clients:purge";

    async fn run(self, context: &Context) -> Result<Outcome> {
        let before = Utc::now() - KEPT;
        let active = context.platform().run(tenants::active).await?;
        let platform = [tenants::PLATFORM]; // its administrators use programs, too

        for tenant in active.into_iter().map(tenants::TenantKey::get).chain(platform) {
            context.platform().enter(tenant, move |conn, tenant| model::purge(conn, tenant, before)).await?;
        }
        Ok(Outcome::Done)
    }
}
