//! What people ask of messages on their way out: written down first, then sent by a job (see `sending`).

use super::attachments;
use super::content::wordless;
use super::jobs::Deliver;
use super::model::{Details, File, Message, MessageId, Quoted, of, outbound};
use crate::conversations::drafts;
use crate::conversations::model::{
    self as conversations, ConversationId, Direction, LastMessage, MessageStatus, Scope,
};
use crate::customers::model::{self as customers, CustomerId};
use crate::kit::audit;
use crate::kit::error::{Error, Result};
use crate::kit::jobs;
use crate::kit::tenant::TenantId;
use crate::numbers::model::NumberId;
use crate::schema::messages;
use crate::tenants::limits;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde_json::json;

/// An answer somebody has written. The ids of its messages come from the form, so that a form sent twice is sent once.
#[derive(Debug, Clone)]
pub struct NewMessage {
    pub id: MessageId,
    pub conversation: ConversationId,
    pub body: String,
    pub reply_to: Option<MessageId>,
    /// Files that were attached, each with its caption; the words of one without belong to the answer's only file.
    pub files: Vec<(MessageId, String)>,
}

/// One of the messages that an answer is.
struct Part {
    id: MessageId,
    body: String,
    message_type: String,
    file: Option<File>,
}

/// Writes an answer down and asks for its sending, in one transaction; clears the writer's draft.
///
/// # Errors
/// `NotFound` out of scope; `Refused` where the conversation has no number to send over, for a customer to whom nobody
/// may write, for a file that is not there any more, and when the tenant has written as much as it may today.
pub fn queue(conn: &mut PgConnection, tenant: TenantId, scope: Scope, new: &NewMessage) -> Result<()> {
    let conversation = conversations::find(conn, tenant, scope, new.conversation)?;
    let (Some(number), Some(chat_id)) = (conversation.session_id, &conversation.chat_id) else {
        return Err(Error::Refused("This conversation has no number to answer over.".into()));
    };
    if let Some(why) = silence(conn, tenant, conversation.customer_id)? {
        return Err(Error::Refused(why.into()));
    }
    let mut quoted = new.reply_to.map(|id| quote(conn, tenant, new.conversation, id)).transpose()?;
    let to = chat_id.strip_suffix("@c.us").filter(|digits| digits.len() <= 20);
    let begin = Utc::now();
    for (at, part) in (0..).zip(parts(conn, tenant, scope, new)?) {
        let (file, message_type) = (part.file, part.message_type);
        let details = Details { quoted: quoted.take(), file, ..Details::default() };
        // In their order, whatever the clock's grain.
        let now = begin + TimeDelta::microseconds(at);
        let inserted = diesel::insert_into(messages::table)
            .values((
                messages::tenant_id.eq(tenant),
                messages::id.eq(part.id),
                messages::conversation_id.eq(new.conversation),
                messages::session_id.eq(number),
                messages::direction.eq(Direction::Outbound),
                messages::status.eq(MessageStatus::Queued),
                messages::to_msisdn.eq(to),
                messages::body.eq(&part.body),
                messages::message_type.eq(&message_type),
                messages::author_id.eq(scope.reader),
                messages::metadata.eq(serde_json::to_value(details)?),
                messages::occurred_at.eq(now),
            ))
            .on_conflict_do_nothing()
            .execute(conn)?;
        if inserted == 0 {
            return Ok(()); // the same form a second time
        }
        let preview = if part.body.is_empty() { wordless(&message_type) } else { &part.body };
        let (direction, status) = (Direction::Outbound, Some(MessageStatus::Queued));
        let last = LastMessage { id: part.id.get(), at: now, direction, status, preview };
        let seen = conversations::hold(conn, tenant, new.conversation)?;
        conversations::moved(conn, tenant, new.conversation, seen, &last, None, None)?;
        audit::record(conn, tenant, &audit::Entry::new("queued", "messages", part.id.get()))?;
        limits::count_message(conn, tenant)?;
    }
    drafts::drop(conn, tenant, new.conversation, scope.reader, drafts::Kind::Answer)?;
    deliver(conn, tenant, number)
}

/// The messages of an answer: its words before its files, or as the caption of its only one. None when it was sent
/// before.
fn parts(conn: &mut PgConnection, tenant: TenantId, scope: Scope, new: &NewMessage) -> Result<Vec<Part>> {
    let ids: Vec<MessageId> = new.files.iter().map(|(id, _)| *id).collect();
    let taken = match ids.is_empty() {
        true => Vec::new(),
        false => attachments::take(conn, tenant, scope, new.conversation, &ids)?,
    };
    if taken.len() < ids.len() {
        let known = of(tenant).filter(messages::id.eq_any(&ids).and(messages::conversation_id.eq(new.conversation)));
        return match diesel::select(diesel::dsl::exists(known)).get_result(conn)? {
            true => Ok(Vec::new()),
            false => Err(Error::Refused("A file is not there any more. Look through what is attached.".into())),
        };
    }
    let caption = |id: MessageId| new.files.iter().find(|(other, _)| *other == id).map_or("", |(_, caption)| caption);
    let mut files: Vec<Part> = taken
        .into_iter()
        .map(|file| Part {
            id: file.id,
            body: if file.takes_caption() { caption(file.id).to_owned() } else { String::new() },
            file: Some(file.file(tenant)),
            message_type: file.message_type,
        })
        .collect();
    let is_caption = |part: &Part| part.body.is_empty() && part.message_type != attachments::VOICE;
    match &mut files[..] {
        [only] if is_caption(only) && new.body.chars().count() <= attachments::LONGEST_CAPTION => {
            only.body.clone_from(&new.body);
        }
        _ if !new.body.is_empty() => {
            files.insert(0, Part { id: new.id, body: new.body.clone(), message_type: "text".into(), file: None });
        }
        _ => {}
    }
    Ok(files)
}

/// Why nobody may write to the customer of a conversation; a group has none.
pub(super) fn silence(
    conn: &mut PgConnection,
    tenant: TenantId,
    customer: Option<CustomerId>,
) -> Result<Option<&'static str>> {
    let customer = customer.map(|id| customers::find(conn, tenant, id)).transpose();
    match customer {
        Err(Error::NotFound) => Ok(Some("This customer was deleted.")),
        customer => Ok(customer?.and_then(|customer| customer.silence())),
    }
}

/// A message of that conversation, to be answered.
pub fn quotable(conn: &mut PgConnection, tenant: TenantId, within: ConversationId, id: MessageId) -> Result<Message> {
    let row = of(tenant).filter(messages::id.eq(id).and(messages::conversation_id.eq(within)));
    Ok(row.select(Message::as_select()).first(conn)?)
}

fn quote(conn: &mut PgConnection, tenant: TenantId, within: ConversationId, id: MessageId) -> Result<Quoted> {
    let quoted = quotable(conn, tenant, within, id)?;
    let key = quoted.message_key.ok_or_else(|| Error::Refused("This message cannot be quoted yet.".into()))?;
    let sender = (quoted.direction == Direction::Inbound).then(|| quoted.sender_name.unwrap_or_default());
    Ok(Quoted { key, body: quoted.body, sender })
}

/// Asks for the number's queue to be worked; asking twice is asking once.
pub fn deliver(conn: &mut PgConnection, tenant: TenantId, number: NumberId) -> Result<()> {
    jobs::enqueue_with(conn, tenant, &Deliver { number }, Deliver::options(number))
}

/// Whether anything of this number waits to go out.
pub fn is_waiting(conn: &mut PgConnection, tenant: TenantId, number: NumberId) -> Result<bool> {
    let is = |status: MessageStatus| messages::status.eq(status.literal());
    let waiting = outbound(tenant, number).filter(is(MessageStatus::Queued).or(is(MessageStatus::Sending)));
    Ok(diesel::select(diesel::dsl::exists(waiting)).get_result(conn)?)
}

/// A person asks for a failed message, or one whose fate cannot be told, to be sent again. The lease goes on counting, so
/// that a slow sender of an earlier claim still finds that it lost it.
///
/// # Errors
/// `NotFound` out of scope; `Refused` in any other state.
pub fn send_again(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: MessageId) -> Result<ConversationId> {
    let message: Message = of(tenant).filter(messages::id.eq(id)).select(Message::as_select()).first(conn)?;
    conversations::find(conn, tenant, scope, message.conversation_id)?;
    let failed = messages::status.eq_any([MessageStatus::Failed, MessageStatus::Unknown]);
    let requeued = diesel::update(of(tenant).filter(messages::id.eq(id)).filter(failed))
        .set((
            messages::status.eq(MessageStatus::Queued),
            messages::error_message.eq(None::<String>),
            messages::send_after.eq(None::<DateTime<Utc>>),
            messages::metadata.eq(serde_json::to_value(Details { failures: 0, ..message.details() })?),
            messages::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    if requeued == 0 {
        return Err(Error::Refused(format!("This message is {}.", message.status.word())));
    }
    let entry = audit::Entry::new("sent_again", "messages", id.get());
    audit::record(conn, tenant, &entry.before(json!({ "status": message.status, "error": message.error_message })))?;
    conversations::ticked(conn, tenant, message.conversation_id, id.get(), MessageStatus::Queued)?;
    if let Some(number) = message.session_id {
        deliver(conn, tenant, number)?;
    }
    Ok(message.conversation_id)
}
