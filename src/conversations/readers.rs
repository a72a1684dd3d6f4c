//! How far each user has read each conversation; unread is what came in less what was seen.

use super::model::ConversationId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::conversation_readers;
use crate::users::model::UserId;
use chrono::Utc;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::upsert::excluded;

#[auto_type]
fn of(tenant: TenantId) -> _ {
    conversation_readers::table.filter(conversation_readers::tenant_id.eq(tenant))
}

/// Marks everything up to `inbound_seen` messages as read by that user. Returns whether anything was new to them.
pub fn read(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ConversationId,
    reader: UserId,
    inbound_seen: i32,
) -> Result<bool> {
    let own =
        of(tenant).filter(conversation_readers::user_id.eq(reader).and(conversation_readers::conversation_id.eq(id)));
    let known: Option<i32> = own.select(conversation_readers::inbound_seen).first(conn).optional()?;
    // Most openings bring nothing new: those write nothing, lock nothing and flush nothing.
    if known.unwrap_or(0) >= inbound_seen {
        return Ok(false);
    }
    let seen = diesel::insert_into(conversation_readers::table)
        .values((
            conversation_readers::tenant_id.eq(tenant),
            conversation_readers::conversation_id.eq(id),
            conversation_readers::user_id.eq(reader),
            conversation_readers::inbound_seen.eq(inbound_seen),
        ))
        .on_conflict((
            conversation_readers::tenant_id,
            conversation_readers::conversation_id,
            conversation_readers::user_id,
        ))
        .do_update()
        .set((
            conversation_readers::inbound_seen.eq(excluded(conversation_readers::inbound_seen)),
            conversation_readers::updated_at.eq(Utc::now()),
        ));
    let is_further = conversation_readers::inbound_seen.lt(excluded(conversation_readers::inbound_seen));
    // The prelude's `filter` is for queries only.
    Ok(diesel::query_dsl::methods::FilterDsl::filter(seen, is_further).execute(conn)? > 0)
}

/// Whether this user has ever opened it.
pub fn has_opened(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, reader: UserId) -> Result<bool> {
    let own =
        of(tenant).filter(conversation_readers::user_id.eq(reader).and(conversation_readers::conversation_id.eq(id)));
    Ok(diesel::select(diesel::dsl::exists(own)).get_result(conn)?)
}
