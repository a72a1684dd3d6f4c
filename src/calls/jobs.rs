//! Closing calls of which nothing more is heard, and declining those that a number's rule refuses.

use super::model::CallId;
use super::{callbacks, rules};
use crate::kit::error::{Error, Result};
use crate::kit::jobs::{Context, Job, Options, Outcome, enqueue_with};
use crate::kit::tenant::TenantId;
use crate::messages::automatic;
use crate::numbers::gateway::Gateways;
use crate::numbers::model as numbers;
use crate::numbers::waha::ChatId;
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Stops waiting for the rest of a call.
#[derive(Debug, Serialize, Deserialize)]
pub struct CloseCall {
    pub call: CallId,
}

pub(super) fn close_at(conn: &mut PgConnection, tenant: TenantId, call: CallId, at: DateTime<Utc>) -> Result<()> {
    let options = Options { key: Some(format!("calls:close:{call}")), run_at: Some(at), ..Options::default() };
    enqueue_with(conn, tenant, &CloseCall { call }, options)
}

impl Job for CloseCall {
    const NAME: &'static str = "calls:close";

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let id = self.call;
        let closed = context.run(tenant, move |conn, tenant| callbacks::give_up(conn, tenant, id)).await;
        match closed {
            Ok(None) | Err(Error::NotFound) => Ok(Outcome::Done),
            Ok(Some(left)) => Ok(Outcome::Again(left.to_std().unwrap_or(Duration::from_secs(1)))),
            Err(error) => Err(error),
        }
    }
}

/// Declines a call that rings, and writes to whoever called. Declining twice is declining once; the message has the
/// call's own id, so it is written once.
#[derive(Debug, Serialize, Deserialize)]
pub struct DeclineCall {
    pub call: CallId,
}

impl Job for DeclineCall {
    const NAME: &'static str = "calls:decline";
    /// It does not ring for longer.
    const ATTEMPTS: i16 = 3;

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let id = self.call;
        let wanted = context.run(tenant, move |conn, tenant| {
            let Some(call) = callbacks::ringing(conn, tenant, id)? else { return Ok(None) };
            let (Some(number), Some(from), Some(name)) = (call.session_id, call.chat_id, call.waha_call_id) else {
                return Ok(None);
            };
            Ok(Some((numbers::find(conn, tenant, number)?, from, name)))
        });
        let (number, from, name) = match wanted.await {
            Ok(Some(wanted)) => wanted,
            Ok(None) | Err(Error::NotFound) => return Ok(Outcome::Done),
            Err(error) => return Err(error),
        };
        let Ok(from) = ChatId::parse(&from) else { return Ok(Outcome::Done) };
        let waha = context.get::<Gateways>()?.of(&number)?;
        waha.reject_call(&number.external_session_id, &from, &name).await?;
        let told = context.run(tenant, move |conn, tenant| {
            let Some(call) = callbacks::declined(conn, tenant, id)? else { return Ok(()) };
            let text = rules::find(conn, tenant, number.id)?.text;
            match (text, call.customer_id, call.is_group) {
                (Some(text), Some(customer), false) => {
                    let to = automatic::To { number: number.id, customer, chat_id: from.as_str() };
                    automatic::write(conn, tenant, id.get().into(), &to, &text)
                }
                _ => Ok(()),
            }
        });
        match told.await {
            // Nobody may write to them, or the day's messages are used up: then it was declined, and that is all.
            Err(Error::Refused(why)) => {
                tracing::info!(call = %id, why, "no message followed a declined call");
                context.run(tenant, move |conn, tenant| callbacks::declined(conn, tenant, id).map(drop)).await?;
            }
            told => told?,
        }
        Ok(Outcome::Done)
    }
}
