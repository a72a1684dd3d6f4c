//! The conversation that a chat at WhatsApp is: found, or made.

use super::model::{CHANGED, ConversationId, Kind, Seen, of};
use crate::customers::meeting::Person;
use crate::customers::model::{self as people, CustomerId, IdentityKind, UNKNOWN};
use crate::kit::audit;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::numbers::model::NumberId;
use crate::schema::{conversations, customer_identities, customers, messages};
use crate::users::model::UserId;
use chrono::Utc;
use diesel::dsl::not;
use diesel::prelude::*;
use uuid::Uuid;

/// With whom a chat is: one customer, or a group.
#[derive(Debug, Clone)]
pub struct Chat<'a> {
    pub number: NumberId,
    /// Where answers go.
    pub chat_id: &'a str,
    /// None: a group.
    pub customer: Option<CustomerId>,
    pub title: &'a str,
}

/// The conversation of a chat, and whether it had to be made.
#[derive(Debug, Clone, Copy)]
pub struct Ensured {
    pub id: ConversationId,
    pub is_new: bool,
    /// None: made or renamed just now.
    pub seen: Option<Seen>,
}

/// Finds the conversation of a chat or makes it. Its title follows the chat's while it is only a phone number.
///
/// # Errors
/// `NotFound` when the customer has just become part of another: looked up again, the person is that one.
pub fn ensure(conn: &mut PgConnection, tenant: TenantId, chat: &Chat<'_>) -> Result<Ensured> {
    if let Some((id, title, seen)) = existing(conn, tenant, chat)? {
        if is_makeshift(&title) && title != chat.title {
            rename(conn, tenant, id, chat.title)?;
            return Ok(Ensured { id, is_new: false, seen: None });
        }
        return Ok(Ensured { id, is_new: false, seen: Some(seen) });
    }
    if let Some(customer) = chat.customer {
        people::hold(conn, tenant, customer)?;
    }
    let id = ConversationId::new();
    let inserted = diesel::insert_into(conversations::table)
        .values((
            conversations::tenant_id.eq(tenant),
            conversations::id.eq(id),
            conversations::kind.eq(Kind::Customer),
            conversations::title.eq(chat.title),
            conversations::session_id.eq(chat.number),
            conversations::chat_id.eq(chat.chat_id),
            conversations::is_group.eq(chat.customer.is_none()),
            conversations::customer_id.eq(chat.customer),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if inserted == 0 {
        // Another transaction was first.
        let (id, _, seen) = existing(conn, tenant, chat)?.ok_or(Error::NotFound)?;
        return Ok(Ensured { id, is_new: false, seen: Some(seen) });
    }
    audit::record(conn, tenant, &audit::Entry::new("created", "conversations", id.get()))?;
    Ok(Ensured { id, is_new: true, seen: None })
}

/// Gives a conversation its chat's name.
pub fn rename(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, title: &str) -> Result<()> {
    diesel::update(of(tenant).filter(conversations::id.eq(id)))
        .set((conversations::title.eq(title), conversations::updated_at.eq(Utc::now())))
        .execute(conn)?;
    audit::record(conn, tenant, &audit::Entry::new("renamed", "conversations", id.get()))?;
    live::announce(conn, tenant, CHANGED, id.get())
}

/// A title that stands for a name until there is one.
fn is_makeshift(title: &str) -> bool {
    title.starts_with('+') || title == UNKNOWN
}

/// The conversation with a customer over a number, where there is one.
pub fn between(
    conn: &mut PgConnection,
    tenant: TenantId,
    number: NumberId,
    customer: CustomerId,
) -> Result<Option<ConversationId>> {
    let theirs = of(tenant)
        .filter(conversations::session_id.eq(number).and(not(conversations::is_group)))
        .filter(conversations::customer_id.eq(customer))
        .select(conversations::id);
    Ok(theirs.first(conn).optional()?)
}

/// The conversation in which this message lies, and whose it is; None while it is nobody's.
pub fn owner_of(conn: &mut PgConnection, tenant: TenantId, message: Uuid) -> Result<Option<(ConversationId, UserId)>> {
    let its = messages::table.filter(messages::tenant_id.eq(tenant).and(messages::id.eq(message)));
    let owned = of(tenant)
        .filter(conversations::id.eq_any(its.select(messages::conversation_id)))
        .filter(conversations::assignee_id.is_not_null())
        .select((conversations::id, conversations::assignee_id.assume_not_null()));
    Ok(owned.first(conn).optional()?)
}

type Existing = (ConversationId, String, Seen);

fn existing(conn: &mut PgConnection, tenant: TenantId, chat: &Chat<'_>) -> Result<Option<Existing>> {
    let known = (conversations::id, conversations::title, Seen::as_select());
    let rows = of(tenant).filter(conversations::session_id.eq(chat.number)).select(known);
    // In the terms of the two unique indexes.
    let is_group = conversations::is_group;
    let found = match chat.customer {
        Some(customer) => rows.filter(not(is_group)).filter(conversations::customer_id.eq(customer)).first(conn),
        None => rows.filter(is_group).filter(conversations::chat_id.eq(chat.chat_id)).first(conn),
    };
    Ok(found.optional()?)
}

/// What mostly happens, in one look: somebody known, by the one address and under the name that the message tells,
/// goes on with a conversation that is there.
pub fn going_on(
    conn: &mut PgConnection,
    tenant: TenantId,
    number: NumberId,
    person: &Person,
) -> Result<Option<Ensured>> {
    let (kind, value) = match (&person.phone, &person.lid) {
        (Some(phone), None) => (IdentityKind::Phone, phone),
        (None, Some(lid)) => (IdentityKind::Lid, lid),
        _ => return Ok(None),
    };
    let is_theirs =
        customers::tenant_id.eq(conversations::tenant_id).and(customers::id.nullable().eq(conversations::customer_id));
    let leads_there = customer_identities::tenant_id
        .eq(customers::tenant_id)
        .and(customer_identities::customer_id.eq(customers::id))
        .and(customer_identities::deleted_at.is_null());
    let found: Option<(ConversationId, String, Option<String>, Seen)> = of(tenant)
        .inner_join(customers::table.on(is_theirs))
        .inner_join(customer_identities::table.on(leads_there))
        .filter(conversations::session_id.eq(number).and(not(conversations::is_group)))
        .filter(customers::deleted_at.is_null())
        .filter(customer_identities::kind.eq(kind).and(customer_identities::value.eq(value)))
        .select((conversations::id, conversations::title, customers::display_name, Seen::as_select()))
        .first(conn)
        .optional()?;
    let found = found.filter(|(_, title, name, _)| !is_makeshift(title) && (name.is_some() || person.name.is_none()));
    Ok(found.map(|(id, _, _, seen)| Ensured { id, is_new: false, seen: Some(seen) }))
}
