//! What each tenant received and sent on its days, for those who look after the installation.

use crate::kit::error::Result;
use crate::kit::jobs::{Context, Outcome, PlatformJob};
use crate::messages::figures;
use crate::tenants::model as tenants;
use serde::{Deserialize, Serialize};
use std::time::Duration as Pause;

/// The figures are that old at most. A count reads the index of one day's messages, no more.
pub const COUNT_EVERY: Pause = Pause::from_secs(300);

/// Counts the days that are not over, tenant by tenant.
#[derive(Debug, Serialize, Deserialize)]
pub struct CountDays {}

impl PlatformJob for CountDays {
    const NAME: &'static str = "messages:count_days";

    async fn run(self, context: &Context) -> Result<Outcome> {
        for tenant in context.platform().run(tenants::every).await? {
            context.platform().enter(tenant.get(), figures::count_days).await?;
        }
        Ok(Outcome::Done)
    }
}
