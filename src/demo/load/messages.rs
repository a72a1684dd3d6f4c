//! Messages, written in the order of time over all conversations, as a desk in use would have written them: the messages
//! of one conversation do not lie beside each other.

use super::customers::Person;
use super::dice::{About, Dice};
use super::plan::Tenant;
use super::threads::Thread;
use super::words;
use crate::conversations::model::{Direction, MessageStatus};
use crate::messages::model::{Details, File};
use crate::schema::messages;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

/// One message, made from its place alone: the `nth` of the `thread`-th conversation.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub direction: Direction,
    pub status: MessageStatus,
    body: String,
    is_photo: bool,
    key: String,
    author: u64,
}

impl Entry {
    pub fn of(seed: u64, thread: u64, nth: usize, at: DateTime<Utc>) -> Self {
        let mut dice = dice(seed, thread, nth);
        let direction = if begins_inbound(&mut dice, nth) { Direction::Inbound } else { Direction::Outbound };
        let is_photo = dice.percent(3);
        let body = match (is_photo, direction) {
            (true, _) => words::caption(&mut dice),
            (false, Direction::Inbound) => words::question(&mut dice),
            (false, Direction::Outbound) => words::answer(&mut dice),
        };
        let status = status(&mut dice, direction);
        Self { id: dice.id(at), at, direction, status, body, is_photo, key: dice.message_key(), author: dice.roll() }
    }

    /// What the conversation's row shows of it.
    pub fn preview(self) -> String {
        if self.body.is_empty() { "Photo".to_owned() } else { self.body.chars().take(160).collect() }
    }
}

/// Customers begin, and write a little more than they get.
pub fn is_inbound(seed: u64, thread: u64, nth: usize) -> bool {
    begins_inbound(&mut dice(seed, thread, nth), nth)
}

fn dice(seed: u64, thread: u64, nth: usize) -> Dice {
    Dice::of(seed, About::Message, (thread << 24) | nth as u64)
}

fn begins_inbound(dice: &mut Dice, nth: usize) -> bool {
    dice.percent(55) || nth == 0
}

fn status(dice: &mut Dice, direction: Direction) -> MessageStatus {
    match (direction, dice.below(100)) {
        (Direction::Inbound, roll) if roll < 90 => MessageStatus::Read,
        (Direction::Inbound, _) => MessageStatus::Delivered,
        (Direction::Outbound, roll) if roll < 75 => MessageStatus::Read,
        (Direction::Outbound, roll) if roll < 93 => MessageStatus::Delivered,
        (Direction::Outbound, roll) if roll < 99 => MessageStatus::Sent,
        (Direction::Outbound, _) => MessageStatus::Failed,
    }
}

/// Where a message belongs: enough to make it, small enough to sort millions of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    at: DateTime<Utc>,
    thread: u32,
    nth: u32,
}

impl Slot {
    pub fn of(thread: &Thread) -> impl Iterator<Item = Self> {
        (0..).zip(&thread.moments).map(|(nth, at)| Self { at: *at, thread: thread.index as u32, nth })
    }

    pub fn customer(&self) -> u64 {
        u64::from(self.thread)
    }
}

/// What every message of a conversation shares.
#[derive(Debug, Clone)]
pub struct Setting {
    pub conversation: Uuid,
    pub number: Uuid,
    pub assignee: Option<Uuid>,
    pub phone: String,
    pub name: &'static str,
}

impl Setting {
    pub fn of(seed: u64, thread: &Thread) -> Self {
        let person = Person::of(seed, thread.index, thread.started_at());
        Self {
            conversation: thread.id,
            number: thread.number,
            assignee: thread.assignee,
            phone: person.phone,
            name: person.first_name,
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = messages, treat_none_as_default_value = false)]
pub struct MessageRow {
    tenant_id: Uuid,
    id: Uuid,
    conversation_id: Uuid,
    session_id: Uuid,
    direction: Direction,
    status: MessageStatus,
    to_msisdn: Option<String>,
    from_msisdn: Option<String>,
    body: String,
    message_type: &'static str,
    waha_message_id: String,
    message_key: String,
    author_id: Option<Uuid>,
    sender_name: Option<&'static str>,
    metadata: Value,
    error_message: Option<&'static str>,
    occurred_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
    read_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

pub fn row(seed: u64, tenant: &Tenant, setting: &Setting, slot: Slot) -> MessageRow {
    let entry = Entry::of(seed, slot.customer(), slot.nth as usize, slot.at);
    let is_inbound = entry.direction == Direction::Inbound;
    let reached = |status: MessageStatus, after: i64| {
        (!is_inbound && entry.status != MessageStatus::Failed && entry.status >= status)
            .then(|| slot.at + TimeDelta::seconds(after))
    };
    let author = setting.assignee.unwrap_or(tenant.agents[(entry.author % tenant.agents.len() as u64) as usize]);
    let phone = Some(setting.phone.clone());
    let (to_msisdn, from_msisdn) = if is_inbound { (None, phone) } else { (phone, None) };
    MessageRow {
        tenant_id: tenant.id,
        id: entry.id,
        conversation_id: setting.conversation,
        session_id: setting.number,
        direction: entry.direction,
        status: entry.status,
        to_msisdn,
        from_msisdn,
        message_type: if entry.is_photo { "image" } else { "text" },
        waha_message_id: format!("{}_{}@c.us_{}", !is_inbound, setting.phone, entry.key),
        author_id: (!is_inbound).then_some(author),
        sender_name: is_inbound.then_some(setting.name),
        metadata: metadata(&entry),
        error_message: (entry.status == MessageStatus::Failed)
            .then_some("The phone of this customer is not on WhatsApp."),
        occurred_at: slot.at,
        sent_at: reached(MessageStatus::Sent, 1),
        delivered_at: reached(MessageStatus::Delivered, 3),
        read_at: reached(MessageStatus::Read, 50),
        created_at: slot.at,
        updated_at: slot.at,
        body: entry.body,
        message_key: entry.key,
    }
}

fn metadata(entry: &Entry) -> Value {
    if !entry.is_photo {
        return Value::Object(serde_json::Map::new());
    }
    let error = Some("The gateway no longer has this file.".to_owned());
    let photo = File { kind: Some("image/jpeg".to_owned()), error, ..File::default() };
    serde_json::to_value(Details { file: Some(photo), ..Details::default() }).unwrap_or_default()
}
