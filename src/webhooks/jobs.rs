//! Events whose effect failed at first, and the clearing up of old ones.

use super::model::{self, WebhookEventId};
use crate::kit::error::{Error, Result};
use crate::kit::jobs::{Context, Job, Outcome, PlatformJob};
use crate::kit::tenant::TenantId;
use crate::tenants::model as tenants;
use chrono::{Duration, Utc};
use serde::{Deserialize, Serialize};

/// Events are kept longer than WAHA retries, so that a late repeat is still known.
const KEPT: Duration = Duration::days(7);

/// Applies one stored event.
#[derive(Debug, Serialize, Deserialize)]
pub struct Process {
    pub event: WebhookEventId,
}

impl Job for Process {
    const NAME: &'static str = "webhooks:process";

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let id = self.event;
        let applied = context.run(tenant, move |conn, tenant| model::process(conn, tenant, id)).await;
        let cause = match applied {
            Ok(()) => return Ok(Outcome::Done),
            Err(Error::NotFound) => return Ok(Outcome::Done), // its number was deleted meanwhile
            Err(cause) => cause,
        };
        let text = cause.to_string();
        context.run(tenant, move |conn, tenant| model::fail(conn, tenant, id, &text)).await?;
        Err(cause)
    }
}

/// Removes events that are no longer needed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purge {}

impl PlatformJob for Purge {
    const NAME: &'static str = "webhooks:purge";

    async fn run(self, context: &Context) -> Result<Outcome> {
        let before = Utc::now() - KEPT;
        for tenant in context.platform().run(tenants::every).await? {
            let purge = move |conn: &mut diesel::PgConnection, tenant| model::purge(conn, tenant, before);
            while context.platform().enter(tenant.get(), purge).await? > 0 {}
        }
        Ok(Outcome::Done)
    }
}
