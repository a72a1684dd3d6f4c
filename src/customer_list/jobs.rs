//! Keeping the counts of customers short.

use crate::customers::counts;
use crate::kit::error::Result;
use crate::kit::jobs::{Context, Outcome, PlatformJob};
use crate::tenants::model as tenants;
use serde::{Deserialize, Serialize};

/// Adds up what was counted since the last time, tenant by tenant.
#[derive(Debug, Serialize, Deserialize)]
pub struct SumCounts {}

impl PlatformJob for SumCounts {
    const NAME: &'static str = "customers:sum_counts";

    async fn run(self, context: &Context) -> Result<Outcome> {
        for tenant in context.platform().run(tenants::every).await? {
            context.platform().enter(tenant.get(), counts::sum_up).await?;
        }
        Ok(Outcome::Done)
    }
}
