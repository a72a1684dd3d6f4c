//! Sending, as the jobs do it: one message at a time per number, and never twice unasked.
//!
//! A claim writes status `sending` and a new lease, and is committed before WAHA is asked; what comes back is written
//! only under that lease. When the answer is lost the message is `unknown` and is looked up by the id we gave it.

use super::jobs::Settle;
use super::model::{Details, File, Message, MessageId, Quoted, of, outbound};
use super::outbox::silence;
use super::signals;
use crate::conversations::model::{self as conversations, ConversationId, MessageStatus};
use crate::kit::error::Result;
use crate::kit::jobs;
use crate::kit::tenant::TenantId;
use crate::numbers::model::{self as numbers, Number, NumberId};
use crate::schema::messages;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use rand::RngCore;
use std::collections::HashSet;

/// A message taken for sending; only its holder may write what came of it.
#[derive(Debug, Clone)]
pub struct Claim {
    pub message: MessageId,
    pub conversation: ConversationId,
    pub lease: i64,
    pub chat_id: String,
    /// The words, or the caption.
    pub body: String,
    /// As what the file goes: image, video, voice or document.
    pub message_type: String,
    pub file: Option<File>,
    /// The id that WhatsApp shall know it by; None with engines that choose it themselves, and for files: WAHA takes no
    /// ids of these.
    pub key: Option<String>,
    pub quoted: Option<Quoted>,
    /// How often it clearly failed before.
    pub failures: u32,
}

/// What the next look at a number's queue found.
#[derive(Debug, Clone)]
pub enum Next {
    Send(Box<Claim>),
    /// Something waits, but not before then.
    Later(DateTime<Utc>),
    Nothing,
}

/// Takes the oldest message of the number that may go now. Messages of one conversation go in order: behind one whose
/// fate is not known the rest of its conversation waits. Only one job works a number's queue at a time, so whatever is
/// still `sending` was left by a process that died: it becomes `unknown` and is looked up.
/// Two messages of a number keep `gap` between them.
pub fn claim(conn: &mut PgConnection, tenant: TenantId, number: &Number, gap: Duration) -> Result<Next> {
    abandon(conn, tenant, number)?;
    let is = |status: MessageStatus| messages::status.eq(status.literal());
    let outbox = outbound(tenant, number.id).filter(is(MessageStatus::Queued).or(is(MessageStatus::Unknown)));
    let waiting: Vec<(MessageId, ConversationId, MessageStatus, Option<DateTime<Utc>>)> = outbox
        .order((messages::occurred_at, messages::id))
        .limit(200)
        .select((messages::id, messages::conversation_id, messages::status, messages::send_after))
        .load(conn)?;
    let (mut blocked, mut earliest) = (HashSet::new(), None);
    for (id, conversation, status, send_after) in waiting {
        let is_first = blocked.insert(conversation);
        match (is_first && status == MessageStatus::Queued, send_after.filter(|at| *at > Utc::now())) {
            (true, None) => {
                return match numbers::take_turn(conn, tenant, number.id, gap)? {
                    Some(at) => Ok(Next::Later(at)),
                    None => take(conn, tenant, number, id),
                };
            }
            (true, Some(at)) => earliest = Some(earliest.map_or(at, |known: DateTime<Utc>| known.min(at))),
            (false, _) => {}
        }
    }
    Ok(earliest.map_or(Next::Nothing, Next::Later))
}

/// A message to a customer to whom nobody may write any more fails instead.
fn take(conn: &mut PgConnection, tenant: TenantId, number: &Number, id: MessageId) -> Result<Next> {
    let row = of(tenant).filter(messages::id.eq(id));
    let message: Message = row.select(Message::as_select()).for_update().first(conn)?;
    let conversation = conversations::get(conn, tenant, message.conversation_id)?;
    if let Some(why) = silence(conn, tenant, conversation.customer_id)? {
        let failed = (messages::status.eq(MessageStatus::Failed), messages::error_message.eq(why));
        diesel::update(of(tenant).filter(messages::id.eq(id))).set(failed).execute(conn)?;
        conversations::ticked(conn, tenant, message.conversation_id, id.get(), MessageStatus::Failed)?;
        return Ok(Next::Later(Utc::now()));
    }
    let Details { quoted, file, failures, .. } = message.details();
    let takes_key = number.engine.takes_own_ids() && file.is_none();
    let key = message.message_key.clone().or_else(|| takes_key.then(new_key));
    let lease = message.lease + 1;
    diesel::update(of(tenant).filter(messages::id.eq(id)))
        .set((
            messages::status.eq(MessageStatus::Sending),
            messages::lease.eq(lease),
            messages::message_key.eq(&key),
            messages::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    conversations::ticked(conn, tenant, message.conversation_id, id.get(), MessageStatus::Sending)?;
    let chat_id = conversation.chat_id.unwrap_or_default();
    Ok(Next::Send(Box::new(Claim {
        message: id,
        conversation: message.conversation_id,
        lease,
        chat_id,
        body: message.body,
        message_type: message.message_type,
        file,
        key,
        quoted,
        failures,
    })))
}

/// An id in the form that WhatsApp Web makes.
fn new_key() -> String {
    let mut random = [0_u8; 9];
    rand::rng().fill_bytes(&mut random);
    format!("3EB0{}", hex::encode_upper(random))
}

fn abandon(conn: &mut PgConnection, tenant: TenantId, number: &Number) -> Result<()> {
    let left = outbound(tenant, number.id).filter(messages::status.eq(MessageStatus::Sending.literal()));
    let left: Vec<(MessageId, ConversationId)> =
        left.limit(200).select((messages::id, messages::conversation_id)).load(conn)?;
    for (id, conversation) in left {
        let row = of(tenant).filter(messages::id.eq(id).and(messages::status.eq(MessageStatus::Sending)));
        set_unknown(conn, tenant, row, (id, conversation), "The desk was restarted while this was being sent.")?;
    }
    Ok(())
}

/// What came of a claim.
#[derive(Debug, Clone)]
pub enum Fate {
    /// WAHA took it; full and bare id.
    Sent { id: String, key: String },
    /// Surely not sent, may be tried again after this time; with the failures there were so far.
    Again { after: Duration, error: String, failures: u32 },
    /// Surely not sent: the number does not work. It goes when the number is back.
    Waits { error: String },
    /// Surely not sent, and trying again will not help.
    Failed { error: String },
    /// Nobody knows; it will be looked up.
    Unknown { error: String },
}

impl Fate {
    /// For the metrics.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "sent",
            Self::Again { .. } => "again",
            Self::Waits { .. } => "waits",
            Self::Failed { .. } => "failed",
            Self::Unknown { .. } => "unknown",
        }
    }
}

/// Writes down what came of a claim, unless somebody else holds it by now or there is better evidence already.
pub fn settle(conn: &mut PgConnection, tenant: TenantId, claim: &Claim, fate: &Fate) -> Result<()> {
    let row = of(tenant)
        .filter(messages::id.eq(claim.message).and(messages::lease.eq(claim.lease)))
        .filter(messages::status.eq_any([MessageStatus::Sending, MessageStatus::Unknown]));
    let whose = (claim.message, claim.conversation);
    let (status, error, send_after) = match fate {
        Fate::Sent { id, key } => return sent(conn, tenant, Held::by(claim), id, key),
        Fate::Unknown { error } => return set_unknown(conn, tenant, row, whose, error),
        Fate::Again { after, error, .. } => (MessageStatus::Queued, error, Some(Utc::now() + *after)),
        Fate::Waits { error } => (MessageStatus::Queued, error, None),
        Fate::Failed { error } => (MessageStatus::Failed, error, None),
    };
    if let Fate::Again { failures, .. } = fate {
        count_failures(conn, tenant, claim, *failures)?;
    }
    let changed = diesel::update(row)
        .set((
            messages::status.eq(status),
            messages::error_message.eq(error),
            messages::send_after.eq(send_after),
            messages::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    match changed {
        0 => Ok(()),
        _ => conversations::ticked(conn, tenant, claim.conversation, claim.message.get(), status),
    }
}

fn count_failures(conn: &mut PgConnection, tenant: TenantId, claim: &Claim, failures: u32) -> Result<()> {
    let row = of(tenant).filter(messages::id.eq(claim.message).and(messages::lease.eq(claim.lease)));
    let message: Option<Message> = row.select(Message::as_select()).for_update().first(conn).optional()?;
    if let Some(details) = message.map(|message| message.details()).filter(|details| details.failures != failures) {
        let metadata = serde_json::to_value(Details { failures, ..details })?;
        diesel::update(row).set(messages::metadata.eq(metadata)).execute(conn)?;
    }
    Ok(())
}

/// A message, as far as the one who sends it holds it.
#[derive(Clone, Copy)]
pub(super) struct Held {
    message: MessageId,
    conversation: ConversationId,
    lease: i64,
}

impl Held {
    fn by(claim: &Claim) -> Self {
        Self { message: claim.message, conversation: claim.conversation, lease: claim.lease }
    }

    pub(super) fn of(message: &Message) -> Self {
        Self { message: message.id, conversation: message.conversation_id, lease: message.lease }
    }
}

/// An ack or the message itself may have come before the answer: then only the names are filled in.
pub(super) fn sent(conn: &mut PgConnection, tenant: TenantId, held: Held, id: &str, key: &str) -> Result<()> {
    let number: Option<NumberId> =
        of(tenant).filter(messages::id.eq(held.message)).select(messages::session_id).first(conn)?;
    let Some(number) = number else { return Ok(()) };
    let key = signals::Key { number, bare: key };
    signals::lock(conn, tenant, key)?;
    diesel::update(of(tenant).filter(messages::id.eq(held.message).and(messages::lease.eq(held.lease))))
        .set((messages::waha_message_id.eq(id), messages::message_key.eq(key.bare)))
        .execute(conn)?;
    let pending = messages::status.eq_any([MessageStatus::Sending, MessageStatus::Unknown]);
    let changed = diesel::update(of(tenant).filter(messages::id.eq(held.message)).filter(pending))
        .set((
            messages::status.eq(MessageStatus::Sent),
            messages::error_message.eq(None::<String>),
            messages::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    if changed > 0 {
        conversations::ticked(conn, tenant, held.conversation, held.message.get(), MessageStatus::Sent)?;
    }
    signals::catch_up(conn, tenant, key)
}

fn set_unknown<T>(
    conn: &mut PgConnection,
    tenant: TenantId,
    row: T,
    (id, conversation): (MessageId, ConversationId),
    error: &str,
) -> Result<()>
where
    T: diesel::query_builder::IntoUpdateTarget<Table = messages::table>,
    T::WhereClause: diesel::query_builder::QueryFragment<diesel::pg::Pg> + diesel::query_builder::QueryId,
{
    let changed = diesel::update(row)
        .set((
            messages::status.eq(MessageStatus::Unknown),
            messages::error_message.eq(error),
            messages::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Ok(());
    }
    conversations::ticked(conn, tenant, conversation, id.get(), MessageStatus::Unknown)?;
    jobs::enqueue_with(conn, tenant, &Settle { message: id, since: Utc::now() }, Settle::options(id))
}
