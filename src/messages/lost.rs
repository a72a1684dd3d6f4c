//! Messages whose answer was lost: what looking them up at WAHA needs, and what comes of it.

pub(super) use super::content::is_alike;
use super::model::{Message, MessageId, of};
use super::outbox::deliver;
use super::sending::{Held, sent};
use crate::conversations::model::{self as conversations, MessageStatus};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::numbers::model::NumberId;
use crate::schema::messages;
use diesel::prelude::*;

/// The message of a lost answer, as far as looking it up needs it; None once its fate is known.
pub fn unsettled(conn: &mut PgConnection, tenant: TenantId, id: MessageId) -> Result<Option<(Message, String)>> {
    let row = of(tenant).filter(messages::id.eq(id).and(messages::status.eq(MessageStatus::Unknown)));
    let message: Option<Message> = row.select(Message::as_select()).first(conn).optional()?;
    let Some(message) = message else { return Ok(None) };
    let chat_id = conversations::get(conn, tenant, message.conversation_id)?.chat_id.unwrap_or_default();
    Ok(Some((message, chat_id)))
}

/// Which of these bare ids are messages that we know already.
pub fn known_keys(conn: &mut PgConnection, tenant: TenantId, number: NumberId, keys: &[String]) -> Result<Vec<String>> {
    let named = of(tenant).filter(messages::session_id.eq(number).and(messages::message_key.eq_any(keys)));
    Ok(named.select(messages::message_key.assume_not_null()).load(conn)?)
}

/// What looking a message up has shown.
#[derive(Debug, Clone)]
pub enum Evidence {
    /// It is there; full and bare id.
    There { id: String, key: String },
    /// It is not, and its id may be used once more: back into the queue, same id.
    Absent,
    /// Nobody can tell: a person decides.
    Unclear { error: String },
}

pub fn conclude(conn: &mut PgConnection, tenant: TenantId, message: &Message, evidence: &Evidence) -> Result<()> {
    let row = of(tenant)
        .filter(messages::id.eq(message.id).and(messages::lease.eq(message.lease)))
        .filter(messages::status.eq(MessageStatus::Unknown));
    let status = match evidence {
        Evidence::There { id, key } => {
            return sent(conn, tenant, Held::of(message), id, key);
        }
        Evidence::Absent => {
            let requeued = (messages::status.eq(MessageStatus::Queued), messages::error_message.eq(None::<String>));
            diesel::update(row).set(requeued).execute(conn)?;
            if let Some(number) = message.session_id {
                deliver(conn, tenant, number)?;
            }
            MessageStatus::Queued
        }
        Evidence::Unclear { error } => {
            diesel::update(row).set(messages::error_message.eq(error)).execute(conn)?;
            MessageStatus::Unknown
        }
    };
    conversations::ticked(conn, tenant, message.conversation_id, message.id.get(), status)
}
