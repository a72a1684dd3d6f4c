//! Files that were attached to an answer which nobody has sent.

use crate::kit::error::Result;
use crate::kit::jobs::{Context, Outcome, PlatformJob};
use crate::kit::storage::Storage;
use crate::messages::attachments;
use crate::tenants::model as tenants;
use chrono::{TimeDelta, Utc};
use diesel::PgConnection;
use serde::{Deserialize, Serialize};

/// How long an answer may be in the writing.
const KEPT: TimeDelta = TimeDelta::days(7);

/// Throws away what has been attached for a week, tenant by tenant.
#[derive(Debug, Serialize, Deserialize)]
pub struct PurgeAttachments {}

impl PlatformJob for PurgeAttachments {
    const NAME: &'static str = "messages:purge_attachments";

    async fn run(self, context: &Context) -> Result<Outcome> {
        let (storage, before) = (context.get::<Storage>()?, Utc::now() - KEPT);
        for tenant in context.platform().run(tenants::every).await? {
            loop {
                let stale = move |conn: &mut PgConnection, tenant| attachments::stale(conn, tenant, before);
                let stale = context.platform().enter(tenant.get(), stale).await?;
                if stale.is_empty() {
                    break;
                }
                let ids: Vec<_> = stale.iter().map(|file| file.id).collect();
                let forget = move |conn: &mut PgConnection, tenant| {
                    let gone = attachments::forget(conn, tenant, &ids)?;
                    Ok(gone.iter().map(|file| file.stored(tenant)).collect::<Vec<String>>())
                };
                for file in context.platform().enter(tenant.get(), forget).await? {
                    storage.delete(&file).await?;
                }
            }
        }
        Ok(Outcome::Done)
    }
}
