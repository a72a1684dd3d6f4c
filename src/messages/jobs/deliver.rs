//! One message of a number's queue after the other.

use super::Pace;
use crate::kit::error::{Error, Result};
use crate::kit::jobs::{Context, Job, Options, Outcome, PlatformJob};
use crate::kit::storage::Storage;
use crate::kit::tenant::TenantId;
use crate::messages::attachments::VOICE;
use crate::messages::model::{File, Quoted};
use crate::messages::outbox;
use crate::messages::sending::{self, Claim, Fate, Next};
use crate::numbers::gateway::Gateways;
use crate::numbers::jobs::reconcile;
use crate::numbers::model::{self as numbers, Number, NumberId, Status};
use crate::numbers::waha::{self, Attachment, ChatId, SendError, Sent, Source, Text, Waha};
use crate::tenants::model as tenants;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use std::time::Duration as Pause;

/// Clear failures after which a message is given up. A gateway that cannot be reached does not count.
const TRIES: u32 = 6;
const LONGEST_BACKOFF: Pause = Pause::from_secs(60);

/// Sends one message of the number's queue and comes again while there are more: a thousand waiting messages are one
/// waiting job.
#[derive(Debug, Serialize, Deserialize)]
pub struct Deliver {
    pub number: NumberId,
}

impl Deliver {
    /// One at a time per number, asked for once.
    pub fn options(number: NumberId) -> Options {
        Options {
            key: Some(format!("deliver:{number}")),
            queue: Some(format!("number:{number}")),
            ..Options::default()
        }
    }
}

impl Job for Deliver {
    const NAME: &'static str = "messages:deliver";
    const ATTEMPTS: i16 = 25;

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let id = self.number;
        let pace = *context.get::<Pace>()?;
        let gap = Duration::from_std(pace.gap).unwrap_or_default();
        let gateways = context.get::<Gateways>()?.clone();
        let next = context.run(tenant, move |conn, tenant| {
            let number = numbers::find(conn, tenant, id)?;
            let waha = gateways.of(&number);
            if !tenants::is_active(conn, tenant)? {
                return Ok((number, waha, Next::Nothing)); // the sweep finds what waits when it is back
            }
            let next = match (number.status, waha.as_ref().ok().and_then(Waha::rest)) {
                (Status::Working, None) => sending::claim(conn, tenant, &number, gap)?,
                // A message is not taken for sending to be told that the gateway does not answer anybody.
                (Status::Working, Some(rest)) if outbox::is_waiting(conn, tenant, id)? => {
                    Next::Later(Utc::now() + rest)
                }
                // What waits goes out when the number is back: its status report asks for this job.
                _ => Next::Nothing,
            };
            Ok((number, waha, next))
        });
        let (number, waha, claim) = match next.await {
            Err(Error::NotFound) | Ok((.., Next::Nothing)) => return Ok(Outcome::Done),
            Ok((.., Next::Later(at))) => return Ok(Outcome::Again(until(at))),
            Ok((number, waha, Next::Send(claim))) => (number, waha, *claim),
            Err(error) => return Err(error),
        };
        let fate = match &waha {
            Ok(waha) => send(waha, &*context.get::<Storage>()?, &number, &claim, pace).await,
            Err(error) => again(pace, &claim, claim.failures, &error.to_string()),
        };
        let is_blocked = matches!(fate, Fate::Waits { .. });
        metrics::counter!("messages_sent_total", "outcome" => fate.word()).increment(1);
        context
            .run(tenant, move |conn, tenant| {
                if is_blocked {
                    reconcile(conn, tenant, id)?;
                }
                sending::settle(conn, tenant, &claim, &fate)
            })
            .await?;
        Ok(if is_blocked { Outcome::Done } else { Outcome::Again(pace.gap) })
    }
}

fn until(at: DateTime<Utc>) -> Pause {
    (at - Utc::now()).to_std().unwrap_or_default()
}

async fn send(waha: &Waha, storage: &Storage, number: &Number, claim: &Claim, pace: Pace) -> Fate {
    let Ok(chat_id) = ChatId::parse(&claim.chat_id) else {
        return Fate::Failed { error: "This conversation has no address to answer to.".into() };
    };
    let reply_to = claim.quoted.as_ref().map(|quoted| quoted_id(&chat_id, quoted));
    let (session, reply_to) = (number.external_session_id.as_str(), reply_to.as_deref());
    let sent = match &claim.file {
        None => {
            let text = Text { chat_id: &chat_id, text: &claim.body, reply_to, id: claim.key.as_deref() };
            waha.send_text(session, &text).await
        }
        Some(file) => match storage.get(file.stored.as_deref().unwrap_or_default()).await {
            Ok(bytes) => send_file(waha, session, &chat_id, claim, file, reply_to, &bytes).await,
            Err(Error::NotFound) => return Fate::Failed { error: "The file is not there any more.".into() },
            Err(error) => return again(pace, claim, claim.failures, &error.to_string()),
        },
    };
    match sent {
        Ok(sent) => Fate::Sent { id: sent.id.as_str().to_owned(), key: sent.id.bare().to_owned() },
        // How long the gateway is left alone is not this message's business.
        Err(SendError::Unreachable(error)) => {
            let after = Duration::from_std(pace.backoff).unwrap_or_default();
            Fate::Again { after, error, failures: claim.failures }
        }
        Err(SendError::Unknown(error)) => Fate::Unknown { error },
        Err(SendError::Refused { message, session: Some(_) }) => Fate::Waits { error: message },
        Err(SendError::Refused { message, session: None }) => Fate::Failed { error: message },
        Err(SendError::Failed { message, code_463: true }) => Fate::Failed {
            error: format!("WhatsApp does not let this number write to new contacts at the moment. ({message})"),
        },
        Err(SendError::Failed { message, .. }) if claim.failures + 1 >= TRIES => Fate::Failed { error: message },
        Err(SendError::Failed { message, .. }) => again(pace, claim, claim.failures + 1, &message),
    }
}

async fn send_file(
    waha: &Waha,
    session: &str,
    chat_id: &ChatId,
    claim: &Claim,
    file: &File,
    reply_to: Option<&str>,
    bytes: &[u8],
) -> Result<Sent, SendError> {
    let mimetype = file.kind.as_deref().unwrap_or("application/octet-stream");
    let caption = Some(claim.body.as_str()).filter(|caption| !caption.is_empty());
    let file = waha::File { mimetype, filename: file.name.as_deref(), source: Source::Bytes(bytes) };
    let attachment = Attachment { chat_id, file, caption, reply_to };
    match claim.message_type.as_str() {
        "image" => waha.send_image(session, &attachment).await,
        "video" => waha.send_video(session, &attachment).await,
        VOICE => waha.send_voice(session, &attachment).await,
        _ => waha.send_file(session, &attachment).await,
    }
}

/// The full id of a quoted message, as far as it can be known from its key.
fn quoted_id(chat_id: &ChatId, quoted: &Quoted) -> String {
    let from_me = quoted.sender.is_none();
    format!("{from_me}_{chat_id}_{}", quoted.key, chat_id = chat_id.as_str())
}

/// Waits longer after each try.
fn again(pace: Pace, claim: &Claim, failures: u32, error: &str) -> Fate {
    let doubled = pace.backoff.saturating_mul(1 << claim.lease.clamp(1, 6).saturating_sub(1));
    let after = Duration::from_std(doubled.min(LONGEST_BACKOFF)).unwrap_or_default();
    Fate::Again { after, error: error.to_owned(), failures }
}

/// How often forgotten queues are looked for: a net under the events that ask for delivery.
pub const SWEEP_EVERY: Pause = Pause::from_secs(60);

/// Asks for delivery wherever something waits.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sweep {}

impl PlatformJob for Sweep {
    const NAME: &'static str = "messages:sweep";

    async fn run(self, context: &Context) -> Result<Outcome> {
        for (tenant, number) in context.platform().run(numbers::everywhere).await? {
            let work = move |conn: &mut diesel::PgConnection, tenant| match outbox::is_waiting(conn, tenant, number)? {
                true => outbox::deliver(conn, tenant, number),
                false => Ok(()),
            };
            context.platform().enter(tenant, work).await?;
        }
        Ok(Outcome::Done)
    }
}
