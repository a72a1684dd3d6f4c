//! An erasure under way: one piece per run, and again until nothing is left.

use super::files;
use super::model::ErasureId;
use super::work::{self, Next};
use crate::kit::error::Result;
use crate::kit::jobs::{Context, Job, Options, Outcome};
use crate::kit::storage::Storage;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::messages::media;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How often it is looked whether other work has ended.
const LOOK: Duration = Duration::from_secs(15);

/// Takes the next piece of somebody's data away.
#[derive(Debug, Serialize, Deserialize)]
pub struct Erase {
    pub erasure: ErasureId,
}

impl Erase {
    /// Asked for once, and a tenant's erasures come one after the other.
    pub fn options(erasure: ErasureId) -> Options {
        Options {
            key: Some(format!("gdpr:erase:{erasure}")),
            queue: Some("gdpr:erasures".into()),
            priority: 20,
            ..Options::default()
        }
    }
}

impl Job for Erase {
    const NAME: &'static str = "gdpr:erase";
    const ATTEMPTS: i16 = 20;

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let (id, vault) = (self.erasure, context.get::<Vault>()?);
        let storage = context.get::<Storage>()?;
        match context.run(tenant, move |conn, tenant| work::next(conn, tenant, &vault, id)).await? {
            Next::Done => return Ok(Outcome::Done),
            Next::Wait => return Ok(Outcome::Again(LOOK)),
            Next::More => {}
            Next::Messages(found) => {
                // The files first: whoever dies in between finds their names again.
                for message in &found {
                    let own = format!("{tenant}/media/{}", message.id);
                    storage.delete(&own).await?;
                    storage.delete(&media::small(&own)).await?;
                    if let Some(file) = &message.file {
                        storage.delete(file).await?;
                    }
                }
                context.run(tenant, move |conn, tenant| work::forget_messages(conn, tenant, id, &found)).await?;
            }
            Next::Files(made) => {
                for (_, file) in &made {
                    storage.delete(file).await?;
                }
                context.run(tenant, move |conn, tenant| files::forget(conn, tenant, id, &made)).await?;
            }
        }
        Ok(Outcome::Again(Duration::ZERO))
    }
}
