//! Messages that the desk itself writes, as after a call that it declined: through the same queue as everybody's.

use super::model::MessageId;
use super::outbox;
use crate::conversations::chats::{self, Chat};
use crate::conversations::model::{self as conversations, Direction, LastMessage, MessageStatus};
use crate::customers::model::{self as customers, CustomerId};
use crate::kit::audit;
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::numbers::model::NumberId;
use crate::schema::messages;
use crate::tenants::limits;
use chrono::Utc;
use diesel::prelude::*;

/// Whom, and over which number.
#[derive(Debug, Clone, Copy)]
pub struct To<'a> {
    pub number: NumberId,
    pub customer: CustomerId,
    pub chat_id: &'a str,
}

/// Writes a message down and asks for its sending; the same `id` a second time is the same message. The conversation is
/// made where there is none.
///
/// # Errors
/// `Refused` for a customer to whom nobody may write, and when the tenant has written as much as it may today.
pub fn write(conn: &mut PgConnection, tenant: TenantId, id: MessageId, to: &To<'_>, body: &str) -> Result<()> {
    if let Some(why) = outbox::silence(conn, tenant, Some(to.customer))? {
        return Err(Error::Refused(why.into()));
    }
    let title = customers::find(conn, tenant, to.customer)?.title();
    let chat = Chat { number: to.number, chat_id: to.chat_id, customer: Some(to.customer), title: &title };
    let conversation = chats::ensure(conn, tenant, &chat)?.id;
    let now = Utc::now();
    let inserted = diesel::insert_into(messages::table)
        .values((
            messages::tenant_id.eq(tenant),
            messages::id.eq(id),
            messages::conversation_id.eq(conversation),
            messages::session_id.eq(to.number),
            messages::direction.eq(Direction::Outbound),
            messages::status.eq(MessageStatus::Queued),
            messages::to_msisdn.eq(to.chat_id.strip_suffix("@c.us").filter(|digits| digits.len() <= 20)),
            messages::body.eq(body),
            messages::occurred_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if inserted == 0 {
        return Ok(());
    }
    let (direction, status) = (Direction::Outbound, MessageStatus::Queued);
    let last = LastMessage { id: id.get(), at: now, direction, status: Some(status), preview: body };
    let seen = conversations::hold(conn, tenant, conversation)?;
    // Nobody has answered yet: whoever waits goes on waiting.
    conversations::moved(conn, tenant, conversation, seen, &last, None, seen.waiting_since)?;
    audit::record(conn, tenant, &audit::Entry::new("queued", "messages", id.get()))?;
    outbox::deliver(conn, tenant, to.number)?;
    limits::count_message(conn, tenant)
}
