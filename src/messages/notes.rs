//! Notes: what colleagues tell each other in a thread. They are never sent.

use super::mentioning;
use super::model::{Details, MessageId};
use crate::conversations::drafts::{self, Kind};
use crate::conversations::mentions;
use crate::conversations::model::{
    self as conversations, ConversationId, Direction, LastMessage, MessageStatus, NOTE, Scope,
};
use crate::kit::audit;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::notifications::model::{Kind as Told, To, notify};
use crate::schema::messages;
use chrono::Utc;
use diesel::prelude::*;
use uuid::Uuid;

/// A note somebody has written. Its id comes from the form, so that a form sent twice is one note.
#[derive(Debug, Clone)]
pub struct NewNote {
    pub id: MessageId,
    pub conversation: ConversationId,
    pub body: String,
    /// Users and teams whose names were chosen from the menu: of two with one name, the one who is meant.
    pub chosen: Vec<Uuid>,
}

/// Writes a note down, and calls whom it names; clears the writer's draft. Whoever waits for an answer goes on waiting.
///
/// # Errors
/// `NotFound` out of scope.
pub fn write(conn: &mut PgConnection, tenant: TenantId, scope: Scope, new: &NewNote) -> Result<()> {
    let id = conversations::find(conn, tenant, scope, new.conversation)?.id;
    let colleagues = match new.body.contains('@') {
        true => mentioning::colleagues(conn, tenant)?,
        false => Vec::new(),
    };
    let named = mentioning::mentions(&new.body, &colleagues, &new.chosen);
    let called = mentioning::people(conn, tenant, &named, &colleagues, scope.reader)?;
    let now = Utc::now();
    let inserted = diesel::insert_into(messages::table)
        .values((
            messages::tenant_id.eq(tenant),
            messages::id.eq(new.id),
            messages::conversation_id.eq(id),
            messages::direction.eq(Direction::Outbound),
            messages::status.eq(MessageStatus::Delivered),
            messages::is_private.eq(true),
            messages::body.eq(&new.body),
            messages::author_id.eq(scope.reader),
            messages::metadata.eq(serde_json::to_value(Details { mentions: named, ..Details::default() })?),
            messages::occurred_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if inserted == 0 {
        return Ok(()); // the same form a second time
    }
    let preview = format!("{NOTE}{}", new.body);
    let last =
        LastMessage { id: new.id.get(), at: now, direction: Direction::Outbound, status: None, preview: &preview };
    let seen = conversations::hold(conn, tenant, id)?;
    conversations::moved(conn, tenant, id, seen, &last, None, seen.waiting_since)?;
    drafts::drop(conn, tenant, id, scope.reader, Kind::Note)?;
    if !called.is_empty() {
        mentions::add(conn, tenant, id, new.id.get(), &called)?;
        notify(conn, tenant, To::Users(&called), Told::Mention, id.get())?;
    }
    audit::record(conn, tenant, &audit::Entry::new("noted", "messages", new.id.get()))
}
