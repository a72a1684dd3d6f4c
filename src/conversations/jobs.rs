//! What happens to conversations when its time comes.

use super::model::ConversationId;
use super::states;
use crate::kit::error::Result;
use crate::kit::jobs::{Context, Job, Outcome};
use crate::kit::tenant::TenantId;
use serde::{Deserialize, Serialize};

/// Opens a snoozed conversation again.
#[derive(Debug, Serialize, Deserialize)]
pub struct Wake {
    pub conversation: ConversationId,
}

impl Job for Wake {
    const NAME: &'static str = "conversations:wake";

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        context.run(tenant, move |conn, tenant| states::wake(conn, tenant, self.conversation)).await?;
        Ok(Outcome::Done)
    }
}
