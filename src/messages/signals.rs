//! Acks, edits, deletions and reactions. WAHA promises no order, so each may come before its message: then it is parked
//! and takes effect when the message arrives. A lock per WhatsApp id keeps the two from missing each other.

use super::model::{Details, Earlier, MessageId, of};
use crate::conversations::model::{self as conversations, ConversationId, Direction, MessageStatus};
use crate::kit::db::take_turns;
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::numbers::model::NumberId;
use crate::schema::{message_reactions, message_signals, messages};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::upsert::excluded;
use serde_json::Value;

/// A message's name at WhatsApp: the number it went over, and its bare id.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    pub number: NumberId,
    pub bare: &'a str,
}

/// What became known about a message. Absent parts say nothing.
#[derive(Debug, Clone, Default, Queryable, Selectable)]
#[diesel(table_name = message_signals)]
pub struct Signal {
    /// WAHA's number: -1 error, 1 server, 2 device, 3 read, 4 played.
    pub ack: Option<i16>,
    pub ack_at: Option<DateTime<Utc>>,
    pub edited_body: Option<String>,
    pub edited_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

#[auto_type]
fn parked(tenant: TenantId) -> _ {
    message_signals::table.filter(message_signals::tenant_id.eq(tenant))
}

#[auto_type]
fn reactions_of(tenant: TenantId) -> _ {
    message_reactions::table.filter(message_reactions::tenant_id.eq(tenant))
}

/// Until the end of the transaction nobody else works on this WhatsApp id.
pub(super) fn lock(conn: &mut PgConnection, tenant: TenantId, key: Key<'_>) -> Result<()> {
    take_turns(conn, &turn_over(tenant, key))
}

pub(super) fn turn_over(tenant: TenantId, key: Key<'_>) -> String {
    format!("{tenant} {} {}", key.number, key.bare)
}

/// Applies `signal` to its message, or parks it until the message comes.
pub fn take(conn: &mut PgConnection, tenant: TenantId, key: Key<'_>, signal: &Signal) -> Result<()> {
    lock(conn, tenant, key)?;
    match apply(conn, tenant, key, signal)? {
        true => Ok(()),
        false => park(conn, tenant, key, signal),
    }
}

/// Applies what was parked for a message that has just come.
pub(super) fn catch_up(conn: &mut PgConnection, tenant: TenantId, key: Key<'_>) -> Result<()> {
    let waiting = parked(tenant)
        .filter(message_signals::session_id.eq(key.number).and(message_signals::message_key.eq(key.bare)));
    let signal: Option<Signal> =
        diesel::delete(waiting).returning(Signal::as_returning()).get_result(conn).optional()?;
    if let Some(signal) = signal {
        apply(conn, tenant, key, &signal)?;
    }
    Ok(())
}

/// Keeps what is furthest: the highest ack, the newest edit, any deletion.
fn park(conn: &mut PgConnection, tenant: TenantId, key: Key<'_>, signal: &Signal) -> Result<()> {
    let waiting = parked(tenant)
        .filter(message_signals::session_id.eq(key.number).and(message_signals::message_key.eq(key.bare)));
    let known: Option<Signal> = waiting.select(Signal::as_select()).first(conn).optional()?;
    let merged = match known {
        Some(known) => known.and(signal),
        None => signal.clone(),
    };
    let values = (
        message_signals::ack.eq(merged.ack),
        message_signals::ack_at.eq(merged.ack_at),
        message_signals::edited_body.eq(merged.edited_body),
        message_signals::edited_at.eq(merged.edited_at),
        message_signals::revoked_at.eq(merged.revoked_at),
        message_signals::updated_at.eq(Utc::now()),
    );
    diesel::insert_into(message_signals::table)
        .values((
            message_signals::tenant_id.eq(tenant),
            message_signals::session_id.eq(key.number),
            message_signals::message_key.eq(key.bare),
            values.clone(),
        ))
        .on_conflict((message_signals::tenant_id, message_signals::session_id, message_signals::message_key))
        .do_update()
        .set(values)
        .execute(conn)?;
    Ok(())
}

impl Signal {
    /// Both together; order does not matter.
    fn and(self, other: &Self) -> Self {
        let (ack, ack_at) = match (self.ack, other.ack) {
            (Some(mine), Some(theirs)) if theirs > mine => (other.ack, other.ack_at),
            (None, Some(_)) => (other.ack, other.ack_at),
            _ => (self.ack, self.ack_at),
        };
        let other_is_newer = (other.edited_at, &other.edited_body) > (self.edited_at, &self.edited_body);
        let edit = if other_is_newer { other.clone() } else { self.clone() };
        let revoked_at = match (self.revoked_at, other.revoked_at) {
            (Some(mine), Some(theirs)) => Some(mine.min(theirs)),
            (mine, theirs) => mine.or(theirs),
        };
        Self { ack, ack_at, edited_body: edit.edited_body, edited_at: edit.edited_at, revoked_at }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
struct Target {
    id: MessageId,
    conversation_id: ConversationId,
    direction: Direction,
    status: MessageStatus,
    body: String,
    metadata: Value,
    occurred_at: DateTime<Utc>,
    edited_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    sent_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
}

/// Whether there was a message to apply it to.
fn apply(conn: &mut PgConnection, tenant: TenantId, key: Key<'_>, signal: &Signal) -> Result<bool> {
    let named = of(tenant).filter(messages::session_id.eq(key.number).and(messages::message_key.eq(key.bare)));
    let target: Option<Target> = named.select(Target::as_select()).for_update().first(conn).optional()?;
    let Some(target) = target else { return Ok(false) };
    if let Some(status) = target.after_ack(signal.ack) {
        tick(conn, tenant, &target, status, signal.ack_at.unwrap_or_else(Utc::now))?;
    }
    let row = || of(tenant).filter(messages::id.eq(target.id));
    if let Some(body) = target.after_edit(signal) {
        let details = messages::metadata.eq(serde_json::to_value(target.details_before_edit())?);
        let edited = (messages::body.eq(body), messages::edited_at.eq(signal.edited_at), details);
        diesel::update(row()).set(edited).execute(conn)?;
        // What was taken back stays so in the list, whatever is told of it later.
        if target.revoked_at.is_none() {
            conversations::reworded(conn, tenant, target.conversation_id, target.id.get(), body)?;
        }
    }
    if let (Some(at), None) = (signal.revoked_at, target.revoked_at) {
        diesel::update(row()).set(messages::revoked_at.eq(at)).execute(conn)?;
        conversations::reworded(conn, tenant, target.conversation_id, target.id.get(), "This message was deleted")?;
    }
    live::announce(conn, tenant, conversations::CHANGED, target.conversation_id.get())?;
    Ok(true)
}

impl Target {
    /// The status after an ack; None where it changes nothing. A message only moves forward, and only ours have ticks.
    /// An error counts while WhatsApp's server has not confirmed the message, whichever of the two comes first.
    fn after_ack(&self, ack: Option<i16>) -> Option<MessageStatus> {
        use MessageStatus as Is;
        let status = match ack? {
            ..=-1 => Is::Failed,
            0 => return None,
            1 => Is::Sent,
            2 => Is::Delivered,
            _ => Is::Read,
        };
        let is_news = match status {
            Is::Failed => self.sent_at.is_none() && self.delivered_at.is_none() && self.status != Is::Failed,
            Is::Sent if self.status == Is::Sent => self.sent_at.is_none(),
            status => rank(self.status) < rank(status),
        };
        (self.direction == Direction::Outbound && is_news).then_some(status)
    }

    /// With what it said until now.
    fn details_before_edit(&self) -> Details {
        let mut details = Details::of(&self.metadata);
        details.earlier.push(Earlier { body: self.body.clone(), at: self.edited_at.unwrap_or(self.occurred_at) });
        details
    }

    /// The text after an edit; None where a newer one was there before.
    fn after_edit<'a>(&self, signal: &'a Signal) -> Option<&'a String> {
        let known = self.edited_at.map(|at| (at, &self.body));
        let edit = signal.edited_at.zip(signal.edited_body.as_ref());
        edit.filter(|edit| Some(*edit) > known).map(|(_, body)| body)
    }
}

/// Later states have higher ranks; whatever is not confirmed ranks below `sent`.
fn rank(status: MessageStatus) -> u8 {
    match status {
        MessageStatus::Delivered => 2,
        MessageStatus::Read => 3,
        MessageStatus::Sent => 1,
        _ => 0,
    }
}

fn tick(
    conn: &mut PgConnection,
    tenant: TenantId,
    target: &Target,
    status: MessageStatus,
    at: DateTime<Utc>,
) -> Result<()> {
    let is_delivered = matches!(status, MessageStatus::Delivered | MessageStatus::Read);
    let delivered_at = target.delivered_at.or(is_delivered.then_some(at));
    let sent_at = target.sent_at.or((status != MessageStatus::Failed).then_some(at));
    let read_at = (status == MessageStatus::Read).then_some(at);
    let error = (status == MessageStatus::Failed).then_some("WhatsApp reported an error for this message.");
    diesel::update(of(tenant).filter(messages::id.eq(target.id)))
        .set((
            messages::status.eq(status),
            messages::sent_at.eq(sent_at),
            messages::delivered_at.eq(delivered_at),
            messages::read_at.eq(read_at),
            messages::error_message.eq(error),
            messages::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    conversations::ticked(conn, tenant, target.conversation_id, target.id.get(), status)
}

/// A reaction as it came. An empty emoji takes an earlier one back.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = message_reactions)]
pub struct NewReaction {
    /// The person's address, or "me".
    pub sender: String,
    pub emoji: String,
    pub occurred_at: DateTime<Utc>,
}

/// Keeps each sender's newest reaction to a message, whether the message is here yet or not.
pub fn react(conn: &mut PgConnection, tenant: TenantId, key: Key<'_>, reaction: &NewReaction) -> Result<()> {
    lock(conn, tenant, key)?;
    let upsert = diesel::insert_into(message_reactions::table)
        .values((
            message_reactions::tenant_id.eq(tenant),
            message_reactions::session_id.eq(key.number),
            message_reactions::message_key.eq(key.bare),
            reaction,
        ))
        .on_conflict((
            message_reactions::tenant_id,
            message_reactions::session_id,
            message_reactions::message_key,
            message_reactions::sender,
        ))
        .do_update()
        .set((
            message_reactions::emoji.eq(excluded(message_reactions::emoji)),
            message_reactions::occurred_at.eq(excluded(message_reactions::occurred_at)),
            message_reactions::updated_at.eq(Utc::now()),
        ));
    let same_moment = message_reactions::occurred_at.eq(excluded(message_reactions::occurred_at));
    let is_newer = message_reactions::occurred_at
        .lt(excluded(message_reactions::occurred_at))
        .or(same_moment.and(message_reactions::emoji.lt(excluded(message_reactions::emoji))));
    diesel::query_dsl::methods::FilterDsl::filter(upsert, is_newer).execute(conn)?;
    let named = of(tenant).filter(messages::session_id.eq(key.number).and(messages::message_key.eq(key.bare)));
    match named.select(messages::conversation_id).first::<ConversationId>(conn).optional()? {
        Some(id) => live::announce(conn, tenant, conversations::CHANGED, id.get()),
        None => Ok(()),
    }
}

/// (bare id, emoji) of every standing reaction to the messages named, oldest first.
pub fn reactions(
    conn: &mut PgConnection,
    tenant: TenantId,
    number: NumberId,
    keys: &[&str],
) -> Result<Vec<(String, String)>> {
    let standing = reactions_of(tenant)
        .filter(message_reactions::session_id.eq(number).and(message_reactions::message_key.eq_any(keys)))
        .filter(message_reactions::emoji.ne(""));
    let rows = standing
        .order((message_reactions::occurred_at, message_reactions::sender))
        .limit(1000)
        .select((message_reactions::message_key, message_reactions::emoji))
        .load(conn)?;
    Ok(rows)
}
