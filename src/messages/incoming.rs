//! Messages that WhatsApp tells us of: customers', and our own from the phone or as evidence of a sending.

use super::content::{details, is_alike, preview, word};
use super::model::{Message, MessageId, of};
use super::signals::{self, Key};
use super::thread;
use crate::conversations::chats::{self, Chat, Ensured};
use crate::conversations::model::{self as conversations, ConversationId, Direction, LastMessage, MessageStatus};
use crate::customers::meeting::{self, Met, Person};
use crate::duplicates::jobs as duplicates;
use crate::kit::db::turn;
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::numbers::model::Number;
use crate::numbers::waha::{ChatId, ChatKind, WaMessage};
use crate::schema::messages;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// Messages of one conversation whose fate is not known; there is hardly ever more than one.
const UNDER_WAY: i64 = 20;

/// What became of a message that was told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    New {
        id: MessageId,
        has_media: bool,
        nameless_group: Option<ConversationId>,
    },
    /// Told before, or proof that something of ours went out.
    Known,
    /// Not part of a conversation: status posts, channels, broadcast lists.
    Ignored,
}

/// Takes a message in. However often and in whatever order it is told, there is one row.
pub fn take(conn: &mut PgConnection, tenant: TenantId, number: &Number, message: &WaMessage) -> Result<Taken> {
    if !matches!(message.chat().kind(), ChatKind::Person | ChatKind::Lid | ChatKind::Group) {
        return Ok(Taken::Ignored);
    }
    let key = Key { number: number.id, bare: message.id().bare() };
    if message.from_me() {
        signals::lock(conn, tenant, key)?;
        if proves(conn, tenant, key, message)? {
            signals::catch_up(conn, tenant, key)?;
            return Ok(Taken::Known);
        }
    }
    let Ensured { id: conversation, is_new, seen } = conversation_of(conn, tenant, number, message)?;
    if message.from_me() && proves_unnamed(conn, tenant, conversation, key, message)? {
        signals::catch_up(conn, tenant, key)?;
        return Ok(Taken::Known);
    }
    let Some(id) = insert(conn, tenant, conversation, key, message)? else { return Ok(Taken::Known) };
    let nameless_group = (is_new && message.chat().is_group()).then_some(conversation);
    let taken = Taken::New { id, has_media: message.has_media(), nameless_group };
    let answers_from = (!message.from_me()).then(|| message.chat().as_str());
    let last = LastMessage {
        id: id.get(),
        at: occurred_at(message),
        direction: direction(message),
        status: Some(first_status(message)),
        preview: &preview(message),
    };
    let move_on = |conn: &mut PgConnection, seen| {
        let waiting = thread::waiting_since(conn, tenant, conversation, seen, &last)?;
        conversations::moved(conn, tenant, conversation, seen, &last, answers_from, waiting)
    };
    let is_moved = seen.map(|seen| move_on(conn, seen)).transpose()?;
    if is_moved != Some(true) {
        if is_moved.is_some() && conversation_of(conn, tenant, number, message)?.id != conversation {
            return Err(Error::Refused("This customer was joined or taken apart meanwhile. Try again.".into()));
        }
        let seen = conversations::hold(conn, tenant, conversation)?;
        move_on(conn, seen)?;
    }
    // After the row shows this message: what was parked for it changes that row, too.
    signals::catch_up(conn, tenant, key)?;
    Ok(taken)
}

/// The conversation a message belongs to, with its customer, made as needed.
fn conversation_of(conn: &mut PgConnection, tenant: TenantId, number: &Number, message: &WaMessage) -> Result<Ensured> {
    let chat_id = message.chat();
    if chat_id.is_group() {
        let chat = Chat { number: number.id, chat_id: chat_id.as_str(), customer: None, title: "Group" };
        return chats::ensure(conn, tenant, &chat);
    }
    let person = person(message);
    if let Some(known) = chats::going_on(conn, tenant, number.id, &person)? {
        return Ok(known);
    }
    let Met { customer, other } = meeting::meet(conn, tenant, &person)?;
    if let Some(other) = other {
        duplicates::told_by_whatsapp(conn, tenant, customer.id, other)?;
    }
    let title = customer.title();
    let chat = Chat { number: number.id, chat_id: chat_id.as_str(), customer: Some(customer.id), title: &title };
    chats::ensure(conn, tenant, &chat)
}

/// Both addresses of the person, as far as the message tells them.
fn person(message: &WaMessage) -> Person {
    let addresses = [Some(message.chat().clone()), message.alternate()];
    let mut person = Person { name: message.sender_name(), ..Person::default() };
    for address in addresses.into_iter().flatten() {
        match address.phone().filter(|digits| (5..=20).contains(&digits.len())) {
            Some(digits) => person.phone = Some(digits.to_owned()),
            None => person.lid = Some(address.as_str().to_owned()),
        }
    }
    person
}

/// Whether this is a message of ours that we know by its id.
fn proves(conn: &mut PgConnection, tenant: TenantId, key: Key<'_>, message: &WaMessage) -> Result<bool> {
    let known = of(tenant).filter(messages::session_id.eq(key.number).and(messages::message_key.eq(key.bare)));
    let known = known.select((messages::id, messages::conversation_id, messages::status)).for_update();
    let known: Option<(MessageId, ConversationId, MessageStatus)> = known.first(conn).optional()?;
    match known {
        Some((id, conversation, MessageStatus::Queued | MessageStatus::Sending | MessageStatus::Unknown)) => {
            went_out(conn, tenant, conversation, id, key, message)?;
            Ok(true)
        }
        Some((id, ..)) => {
            // A tick came first; it knew only the bare id.
            let row = of(tenant).filter(messages::id.eq(id).and(messages::waha_message_id.is_null()));
            diesel::update(row).set(messages::waha_message_id.eq(message.id().as_str())).execute(conn)?;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// The same with engines that choose the id themselves: whether this is the message that is being sent into this
/// conversation with these words.
fn proves_unnamed(
    conn: &mut PgConnection,
    tenant: TenantId,
    conversation: ConversationId,
    key: Key<'_>,
    message: &WaMessage,
) -> Result<bool> {
    if !message.from_api() {
        return Ok(false);
    }
    let Some(id) = unnamed(conn, tenant, conversation, message)? else { return Ok(false) };
    went_out(conn, tenant, conversation, id, key, message)?;
    Ok(true)
}

fn went_out(
    conn: &mut PgConnection,
    tenant: TenantId,
    conversation: ConversationId,
    id: MessageId,
    key: Key<'_>,
    message: &WaMessage,
) -> Result<()> {
    diesel::update(of(tenant).filter(messages::id.eq(id)))
        .set((
            messages::status.eq(MessageStatus::Sent),
            messages::message_key.eq(key.bare),
            messages::waha_message_id.eq(message.id().as_str()),
            messages::error_message.eq(None::<String>),
            messages::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    conversations::ticked(conn, tenant, conversation, id.get(), MessageStatus::Sent)
}

/// The oldest message under way in this conversation that has these words, or such a file, and no id yet.
fn unnamed(
    conn: &mut PgConnection,
    tenant: TenantId,
    conversation: ConversationId,
    message: &WaMessage,
) -> Result<Option<MessageId>> {
    let under_way = messages::status.eq_any([MessageStatus::Sending, MessageStatus::Unknown]);
    let found: Vec<Message> = of(tenant)
        .filter(messages::conversation_id.eq(conversation).and(messages::direction.eq(Direction::Outbound)))
        .filter(under_way.and(messages::message_key.is_null()))
        .order((messages::occurred_at, messages::id))
        .limit(UNDER_WAY)
        .select(Message::as_select())
        .for_update()
        .load(conn)?;
    Ok(found.into_iter().find(|ours| is_alike(ours, message)).map(|ours| ours.id))
}

/// None: it is there already. From here on nobody else works on this WhatsApp id, so that whatever is told of it either
/// finds the message or is found by `catch_up`.
fn insert(
    conn: &mut PgConnection,
    tenant: TenantId,
    conversation: ConversationId,
    key: Key<'_>,
    message: &WaMessage,
) -> Result<Option<MessageId>> {
    let id = MessageId::new();
    let peer = message.chat().phone().or(message.participant().as_ref().and_then(ChatId::phone)).map(short);
    let (to, from) = if message.from_me() { (peer, None) } else { (None, peer) };
    let details = details(message);
    let (kind, _) = word(&message.kind());
    let inserted = diesel::insert_into(messages::table)
        .values((
            (
                messages::tenant_id.eq(tenant),
                messages::id.eq(id),
                messages::conversation_id.eq(conversation),
                messages::session_id.eq(key.number),
                messages::direction.eq(direction(message)),
                messages::status.eq(first_status(message)),
                messages::to_msisdn.eq(to),
                messages::from_msisdn.eq(from),
                messages::body.eq(message.body().unwrap_or_default()),
                messages::message_type.eq(kind),
            ),
            (
                messages::media_url.eq(message.media().and_then(|media| media.url).filter(|url| url.len() <= 500)),
                messages::waha_message_id.eq(message.id().as_str()),
                messages::message_key.eq(key.bare),
                messages::sender_name.eq(message.sender_name()),
                messages::sender_chat_id.eq(message.participant().map(|chat| chat.as_str().to_owned())),
                messages::raw_payload.eq(message.raw()),
                messages::metadata.eq(serde_json::to_value(details)?),
                messages::occurred_at.eq(occurred_at(message)),
            ),
        ))
        .on_conflict_do_nothing()
        .returning(turn(&signals::turn_over(tenant, key)))
        .execute(conn)?;
    Ok((inserted > 0).then_some(id))
}

fn direction(message: &WaMessage) -> Direction {
    if message.from_me() { Direction::Outbound } else { Direction::Inbound }
}

/// Ours from the phone have left it; their ticks follow as acks.
fn first_status(message: &WaMessage) -> MessageStatus {
    if message.from_me() { MessageStatus::Sent } else { MessageStatus::Delivered }
}

/// WhatsApp's time; ours where it is missing or lies ahead, so that no message hangs below all later ones.
fn occurred_at(message: &WaMessage) -> DateTime<Utc> {
    let now = Utc::now();
    message.occurred_at().map_or(now, |at| at.min(now))
}

fn short(phone: &str) -> String {
    phone.chars().take(20).collect()
}
