//! Files that tasks made are there for a time.

use super::model;
use crate::kit::error::Result;
use crate::kit::jobs::{Context, Outcome, PlatformJob};
use crate::kit::storage::Storage;
use serde::{Deserialize, Serialize};

/// Throws away the files whose time is up.
#[derive(Debug, Serialize, Deserialize)]
pub struct PurgeFiles {}

impl PlatformJob for PurgeFiles {
    const NAME: &'static str = "tasks:purge_files";

    async fn run(self, context: &Context) -> Result<Outcome> {
        let storage = context.get::<Storage>()?;
        let expired = context.platform().run(model::expired).await?;
        for (tenant, task, file) in expired {
            storage.delete(&file).await?;
            context.platform().enter(tenant, move |conn, tenant| model::file_gone(conn, tenant, task)).await?;
        }
        Ok(Outcome::Done)
    }
}
