//! Conversations: when they were held, how they stand, and who has read them.

use super::customers::Person;
use super::dice::{About, Dice};
use super::messages::{Entry, is_inbound};
use super::plan::{END, Tenant};
use crate::conversations::model::{Direction, Kind, MessageStatus, Status};
use crate::schema::{conversation_readers, conversations};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use uuid::Uuid;

/// Of a hundred conversations: most are done, a few are at work.
const OPEN: u64 = 5;
const SNOOZED: u64 = 1;

/// A conversation with the moments of its messages, oldest first.
#[derive(Debug, Clone)]
pub struct Thread {
    pub index: u64,
    pub id: Uuid,
    pub status: Status,
    pub assignee: Option<Uuid>,
    pub number: Uuid,
    pub moments: Vec<DateTime<Utc>>,
    has_reader: bool,
}

impl Thread {
    /// The conversation of the `index`-th customer.
    pub fn of(seed: u64, tenant: &Tenant, index: u64, messages: u64) -> Self {
        let mut dice = Dice::of(seed, About::Thread, index);
        let status = match dice.below(100) {
            roll if roll < OPEN => Status::Open,
            roll if roll < OPEN + SNOOZED => Status::Snoozed,
            _ => Status::Resolved,
        };
        let is_assigned = dice.percent(if status == Status::Open { 50 } else { 90 });
        let moments = moments(&mut dice, status, messages);
        let id = dice.id(moments.first().copied().unwrap_or(tenant.created_at));
        let agent = dice.pick(&tenant.agents);
        let number = tenant.numbers[dice.below(tenant.numbers.len() as u64) as usize].id;
        let has_reader = dice.percent(70);
        Self { index, id, status, assignee: is_assigned.then_some(agent), number, moments, has_reader }
    }

    pub fn started_at(&self) -> Option<DateTime<Utc>> {
        self.moments.first().copied()
    }
}

/// Found backwards from the last one, which is days old in an open conversation and up to two years in a resolved one.
/// WhatsApp's time has whole seconds.
fn moments(dice: &mut Dice, status: Status, count: u64) -> Vec<DateTime<Utc>> {
    let oldest = if status == Status::Resolved { 700 * 24 * 3_600 } else { 4 * 24 * 3_600 };
    let mut at = END - TimeDelta::seconds(dice.between(60, oldest));
    let mut moments = Vec::with_capacity(count as usize);
    for _ in 0..count {
        moments.push(at);
        let pause = if dice.percent(80) { dice.between(5, 600) } else { dice.between(3_600, 5 * 24 * 3_600) };
        at -= TimeDelta::seconds(pause);
    }
    moments.reverse();
    moments
}

#[derive(Insertable)]
#[diesel(table_name = conversations, treat_none_as_default_value = false)]
pub struct ConversationRow {
    tenant_id: Uuid,
    id: Uuid,
    kind: Kind,
    status: Status,
    title: String,
    session_id: Uuid,
    chat_id: String,
    customer_id: Uuid,
    assignee_id: Option<Uuid>,
    last_message_id: Option<Uuid>,
    last_message_at: Option<DateTime<Utc>>,
    last_message_preview: Option<String>,
    last_message_direction: Option<Direction>,
    last_message_status: Option<MessageStatus>,
    inbound_count: i32,
    waiting_since: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

pub fn row(seed: u64, tenant: &Tenant, thread: &Thread, person: &Person) -> ConversationRow {
    let last = thread.moments.len().checked_sub(1).map(|nth| Entry::of(seed, thread.index, nth, thread.moments[nth]));
    let created_at = thread.started_at().unwrap_or(person.created_at);
    let updated_at = last.as_ref().map_or(created_at, |last| last.at);
    ConversationRow {
        tenant_id: tenant.id,
        id: thread.id,
        kind: Kind::Customer,
        status: thread.status,
        title: person.name(),
        session_id: thread.number,
        chat_id: person.chat_id(),
        customer_id: person.id,
        assignee_id: thread.assignee,
        last_message_id: last.as_ref().map(|last| last.id),
        last_message_at: last.as_ref().map(|last| last.at),
        last_message_direction: last.as_ref().map(|last| last.direction),
        last_message_status: last.as_ref().map(|last| last.status),
        last_message_preview: last.map(Entry::preview),
        inbound_count: inbound_count(seed, thread),
        waiting_since: waiting_since(seed, thread),
        resolved_at: (thread.status == Status::Resolved).then_some(updated_at + TimeDelta::minutes(20)),
        created_at,
        updated_at,
    }
}

fn inbound_count(seed: u64, thread: &Thread) -> i32 {
    (0..thread.moments.len()).filter(|nth| is_inbound(seed, thread.index, *nth)).count() as i32
}

/// The first of the customer's messages that nobody has answered yet; resolving ends the wait.
fn waiting_since(seed: u64, thread: &Thread) -> Option<DateTime<Utc>> {
    if thread.status == Status::Resolved {
        return None;
    }
    let unanswered = (0..thread.moments.len()).rev().take_while(|nth| is_inbound(seed, thread.index, *nth));
    unanswered.last().map(|nth| thread.moments[nth])
}

#[derive(Insertable)]
#[diesel(table_name = conversation_readers, treat_none_as_default_value = false)]
pub struct ReaderRow {
    tenant_id: Uuid,
    conversation_id: Uuid,
    user_id: Uuid,
    inbound_seen: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Most assignees have read theirs, in open conversations all but the last messages.
pub fn reader(seed: u64, tenant: &Tenant, thread: &Thread) -> Option<ReaderRow> {
    let (user_id, started_at) = (thread.assignee.filter(|_| thread.has_reader)?, thread.started_at()?);
    let inbound = inbound_count(seed, thread);
    let unread = if thread.status == Status::Open { 2 } else { 0 };
    Some(ReaderRow {
        tenant_id: tenant.id,
        conversation_id: thread.id,
        user_id,
        inbound_seen: (inbound - unread).max(0),
        created_at: started_at,
        updated_at: thread.moments.last().copied()?,
    })
}
