//! Clearing up what was told long ago.

use super::model;
use crate::kit::error::Result;
use crate::kit::jobs::{Context, Outcome, PlatformJob};
use crate::tenants::model as tenants;
use chrono::{Duration, Utc};
use serde::{Deserialize, Serialize};

const KEPT: Duration = Duration::days(90);

/// Removes notifications that are older than 90 days.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purge {}

impl PlatformJob for Purge {
    const NAME: &'static str = "notifications:purge";

    async fn run(self, context: &Context) -> Result<Outcome> {
        let before = Utc::now() - KEPT;
        for tenant in context.platform().run(tenants::every).await? {
            let purge = move |conn: &mut diesel::PgConnection, tenant| model::purge(conn, tenant, before);
            context.platform().enter(tenant.get(), purge).await?;
        }
        Ok(Outcome::Done)
    }
}
