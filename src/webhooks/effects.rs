//! What an event does to the rows: the message, tick, reaction or state that it tells of.

use crate::calls::incoming as calls;
use crate::conversations::chats;
use crate::kit::error::Result;
use crate::kit::jobs::enqueue;
use crate::kit::tenant::TenantId;
use crate::messages::incoming::{self, Taken};
use crate::messages::jobs::{FetchMedia, LearnGroup, LearnPhone};
use crate::messages::outbox;
use crate::messages::signals::{self, Key, NewReaction, Signal};
use crate::notifications::model::{Kind, To, notify};
use crate::numbers::gateway::report;
use crate::numbers::model::Number;
use crate::numbers::reports::{self, Told};
use crate::numbers::waha::{Call, Envelope, Event, MessageAck, Reaction, WaMessage};
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use serde_json::Value;

/// The event that took effect, where there was one.
pub(super) fn apply(
    conn: &mut PgConnection,
    tenant: TenantId,
    number: &Number,
    payload: &Value,
) -> Result<Option<Event>> {
    let Some(envelope) = Envelope::parse(payload) else { return Ok(None) };
    let at = envelope.at.unwrap_or_else(Utc::now);
    let event = envelope.event();
    match &event {
        Event::MessageAny(message) | Event::Message(message) => message_came(conn, tenant, number, message)?,
        Event::Ack(ack) => acked(conn, tenant, number, ack, at)?,
        // Of a group's readers the first one who has it counts.
        Event::AckGroup(ack) => acked(conn, tenant, number, ack, at)?,
        Event::Reaction(reaction) => reacted(conn, tenant, number, reaction, at)?,
        Event::Edited(edited) => {
            // An edit without words tells nothing, and must not displace one that has some.
            let edited_body = edited.message.body();
            let edited_at = edited_body.is_some().then_some(at);
            let signal = Signal { edited_body, edited_at, ..Signal::default() };
            signals::take(conn, tenant, Key { number: number.id, bare: &edited.original }, &signal)?;
        }
        Event::Revoked(revoked) => {
            let signal = Signal { revoked_at: Some(at), ..Signal::default() };
            signals::take(conn, tenant, Key { number: number.id, bare: &revoked.original }, &signal)?;
        }
        Event::SessionStatus(change) => {
            let report = report(&change.status, envelope.me.as_ref(), Told::At(at));
            if reports::report(conn, tenant, number.id, &report)? {
                outbox::deliver(conn, tenant, number.id)?;
            }
        }
        Event::Call(call) => called(conn, tenant, number, call, at)?,
        Event::Other => {}
    }
    Ok(Some(event))
}

fn message_came(conn: &mut PgConnection, tenant: TenantId, number: &Number, message: &WaMessage) -> Result<()> {
    let Taken::New { id, has_media, nameless_group } = incoming::take(conn, tenant, number, message)? else {
        return Ok(());
    };
    if !message.from_me()
        && let Some((conversation, owner)) = chats::owner_of(conn, tenant, id.get())?
    {
        notify(conn, tenant, To::Users(&[owner]), Kind::NewMessage, conversation.get())?;
    }
    if let Some(conversation) = nameless_group {
        enqueue(conn, tenant, &LearnGroup { number: number.id, conversation })?;
    }
    if has_media {
        enqueue(conn, tenant, &FetchMedia { message: id })?;
    }
    if message.chat().is_lid() && message.alternate_phone().is_none() {
        let lid = message.chat().as_str().to_owned();
        enqueue(conn, tenant, &LearnPhone { number: number.id, lid })?;
    }
    Ok(())
}

fn called(conn: &mut PgConnection, tenant: TenantId, number: &Number, call: &Call, at: DateTime<Utc>) -> Result<()> {
    let is_hidden = calls::take(conn, tenant, number, call, at)?;
    if let (true, Some(lid)) = (is_hidden, &call.from) {
        enqueue(conn, tenant, &LearnPhone { number: number.id, lid: lid.as_str().to_owned() })?;
    }
    Ok(())
}

fn acked(
    conn: &mut PgConnection,
    tenant: TenantId,
    number: &Number,
    ack: &MessageAck,
    at: DateTime<Utc>,
) -> Result<()> {
    let level = i16::try_from(ack.ack.number()).unwrap_or(i16::MAX);
    let signal = Signal { ack: Some(level), ack_at: Some(at), ..Signal::default() };
    signals::take(conn, tenant, Key { number: number.id, bare: ack.id.bare() }, &signal)
}

fn reacted(
    conn: &mut PgConnection,
    tenant: TenantId,
    number: &Number,
    reaction: &Reaction,
    at: DateTime<Utc>,
) -> Result<()> {
    let message = &reaction.message;
    let sender = match message.from_me() {
        true => "me".to_owned(),
        false => message.participant().unwrap_or_else(|| message.chat().clone()).as_str().to_owned(),
    };
    let emoji: String = reaction.emoji.clone().unwrap_or_default().chars().take(16).collect();
    let reaction_ = NewReaction { sender, emoji, occurred_at: at };
    signals::react(conn, tenant, Key { number: number.id, bare: &reaction.to }, &reaction_)
}
