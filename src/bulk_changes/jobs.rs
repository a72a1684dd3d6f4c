//! Changes of many customers in the background: so many at each run, until there are no more.

use super::model::BulkChangeId;
use super::work;
use crate::kit::error::Result;
use crate::kit::jobs::{Context, Job, Outcome};
use crate::kit::tenant::TenantId;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Makes a change.
#[derive(Debug, Serialize, Deserialize)]
pub struct MakeChange {
    pub change: BulkChangeId,
}

impl Job for MakeChange {
    const NAME: &'static str = "bulk_changes:make";

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let goes_on = context.run(tenant, move |conn, tenant| work::advance(conn, tenant, self.change)).await?;
        Ok(if goes_on { Outcome::Again(Duration::ZERO) } else { Outcome::Done })
    }
}

/// Takes one back.
#[derive(Debug, Serialize, Deserialize)]
pub struct UndoChange {
    pub change: BulkChangeId,
}

impl Job for UndoChange {
    const NAME: &'static str = "bulk_changes:undo";

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let goes_on = context.run(tenant, move |conn, tenant| work::advance_undo(conn, tenant, self.change)).await?;
        Ok(if goes_on { Outcome::Again(Duration::ZERO) } else { Outcome::Done })
    }
}
