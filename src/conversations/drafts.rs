//! What a user has typed and not sent, kept on the server so that it is there on every browser.

use super::model::ConversationId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::drafts;
use crate::users::model::UserId;
use chrono::Utc;
use diesel::dsl::auto_type;
use diesel::prelude::*;

/// Characters of a draft; as many as a message may have.
pub const MAX_CHARS: usize = 65_536;

#[auto_type]
fn of(tenant: TenantId) -> _ {
    drafts::table.filter(drafts::tenant_id.eq(tenant))
}

/// The text; empty when there is none.
pub fn of_user(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, user: UserId) -> Result<String> {
    let own = of(tenant).filter(drafts::conversation_id.eq(id).and(drafts::user_id.eq(user)));
    Ok(own.select(drafts::body).first(conn).optional()?.unwrap_or_default())
}

/// Keeps `body`; an empty one is no draft.
pub fn keep(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, user: UserId, body: &str) -> Result<()> {
    if body.trim().is_empty() {
        return drop(conn, tenant, id, user);
    }
    diesel::insert_into(drafts::table)
        .values((
            drafts::tenant_id.eq(tenant),
            drafts::conversation_id.eq(id),
            drafts::user_id.eq(user),
            drafts::body.eq(body),
        ))
        .on_conflict((drafts::tenant_id, drafts::conversation_id, drafts::user_id))
        .do_update()
        .set((drafts::body.eq(body), drafts::updated_at.eq(Utc::now())))
        .execute(conn)?;
    Ok(())
}

pub fn drop(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, user: UserId) -> Result<()> {
    let own = of(tenant).filter(drafts::conversation_id.eq(id).and(drafts::user_id.eq(user)));
    diesel::delete(own).execute(conn)?;
    Ok(())
}
