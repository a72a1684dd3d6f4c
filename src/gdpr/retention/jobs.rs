//! Each night the rules are applied, tenant by tenant.

use super::runs::{self, RunId};
use crate::kit::error::{Error, Result};
use crate::kit::jobs::{Context, Job, Options, Outcome, PlatformJob};
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::tenants::model as tenants;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Looks at the next customers.
#[derive(Debug, Serialize, Deserialize)]
pub struct Retain {
    pub run: RunId,
}

impl Retain {
    pub fn options(run: RunId) -> Options {
        Options { key: Some(format!("gdpr:retain:{run}")), priority: 30, ..Options::default() }
    }
}

impl Job for Retain {
    const NAME: &'static str = "gdpr:retain";
    const ATTEMPTS: i16 = 20;

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let (run, vault) = (self.run, context.get::<Vault>()?);
        let has_more = context.run(tenant, move |conn, tenant| runs::go_on(conn, tenant, &vault, run)).await?;
        Ok(if has_more { Outcome::Again(Duration::ZERO) } else { Outcome::Done })
    }
}

/// Asks for all of it. One tenant's trouble is no other's: the last error is told when all have had their turn.
#[derive(Debug, Serialize, Deserialize)]
pub struct RetainAll {}

impl PlatformJob for RetainAll {
    const NAME: &'static str = "gdpr:retain_all";

    async fn run(self, context: &Context) -> Result<Outcome> {
        let mut failed = None;
        for tenant in context.platform().run(tenants::every).await? {
            match context.platform().enter(tenant.get(), |conn, tenant| runs::begin(conn, tenant, None)).await {
                Ok(_) | Err(Error::Refused(_)) => {}
                Err(error) => {
                    tracing::error!(%tenant, %error, "retention rules could not be applied");
                    failed = Some(error);
                }
            }
        }
        failed.map_or(Ok(Outcome::Done), Err)
    }
}
