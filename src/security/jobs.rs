//! Clearing up what no longer guards anything.

use super::passkeys::ceremonies;
use super::{rotation, sessions, throttle};
use crate::kit::error::Result;
use crate::kit::jobs::{Context, Outcome, PlatformJob};
use crate::kit::vault::Vault;
use crate::tenants::model as tenants;
use diesel::PgConnection;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Forgets old tries, challenges that nobody answered, and sessions that ended long ago.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purge {}

impl PlatformJob for Purge {
    const NAME: &'static str = "security:purge";

    async fn run(self, context: &Context) -> Result<Outcome> {
        let db = context.platform();
        db.run(|conn| {
            throttle::purge(conn).and_then(|()| ceremonies::purge(conn)).and_then(|()| sessions::purge(conn))
        })
        .await?;
        Ok(Outcome::Done)
    }
}

/// How often it is looked whether something is still sealed with a former key.
pub const RENEW_EVERY: Duration = Duration::from_secs(600);

/// Seals anew what former secret keys have sealed, in every tenant.
#[derive(Debug, Serialize, Deserialize)]
pub struct RenewSeals {}

impl PlatformJob for RenewSeals {
    const NAME: &'static str = "security:renew_seals";

    /// One tenant's trouble is no other's: the last error is told when all have had their turn.
    async fn run(self, context: &Context) -> Result<Outcome> {
        let vault = context.get::<Vault>()?;
        if !vault.has_former_keys() {
            return Ok(Outcome::Done);
        }
        let mut failed = None;
        let tenants = context.platform().run(tenants::every_with_platform).await?;
        for tenant in tenants {
            loop {
                let vault = vault.clone();
                let work = move |conn: &mut PgConnection, tenant| rotation::renew(conn, tenant, &vault);
                match context.platform().enter(tenant.get(), work).await {
                    Ok(0) => break,
                    Ok(count) => tracing::info!(%tenant, count, "secrets were sealed with the new key"),
                    Err(error) => {
                        tracing::error!(%tenant, %error, "secrets could not be sealed with the new key");
                        failed = Some(error);
                        break;
                    }
                }
            }
        }
        failed.map_or(Ok(Outcome::Done), Err)
    }
}
