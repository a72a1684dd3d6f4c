//! What a user has typed and not sent, kept on the server so that it is there on every browser: an answer, and a note.

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

/// What is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    #[default]
    Answer,
    Note,
}

/// Empty where there is none.
#[derive(Debug, Clone, Default, Queryable, Selectable)]
#[diesel(table_name = drafts)]
pub struct Drafts {
    #[diesel(column_name = body)]
    pub answer: String,
    pub note: String,
}

#[auto_type]
fn of(tenant: TenantId, id: ConversationId, user: UserId) -> _ {
    let own = drafts::conversation_id.eq(id).and(drafts::user_id.eq(user));
    drafts::table.filter(drafts::tenant_id.eq(tenant)).filter(own)
}

pub fn of_user(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, user: UserId) -> Result<Drafts> {
    Ok(of(tenant, id, user).select(Drafts::as_select()).first(conn).optional()?.unwrap_or_default())
}

/// Keeps `text`; an empty one is no draft.
pub fn keep(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ConversationId,
    user: UserId,
    kind: Kind,
    text: &str,
) -> Result<()> {
    if text.trim().is_empty() {
        return drop(conn, tenant, id, user, kind);
    }
    let of_answer = (kind == Kind::Answer).then(|| drafts::body.eq(text));
    let of_note = (kind == Kind::Note).then(|| drafts::note.eq(text));
    let (answer, note) = if kind == Kind::Answer { (text, "") } else { ("", text) };
    diesel::insert_into(drafts::table)
        .values((
            drafts::tenant_id.eq(tenant),
            drafts::conversation_id.eq(id),
            drafts::user_id.eq(user),
            drafts::body.eq(answer),
            drafts::note.eq(note),
        ))
        .on_conflict((drafts::tenant_id, drafts::conversation_id, drafts::user_id))
        .do_update()
        .set((of_answer, of_note, drafts::updated_at.eq(Utc::now())))
        .execute(conn)?;
    Ok(())
}

/// Throws one of the two away, and the row with the last.
pub fn drop(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, user: UserId, kind: Kind) -> Result<()> {
    let row = || of(tenant, id, user);
    let gone = match kind {
        Kind::Answer => diesel::delete(row().filter(drafts::note.eq(""))).execute(conn)?,
        Kind::Note => diesel::delete(row().filter(drafts::body.eq(""))).execute(conn)?,
    };
    if gone == 0 {
        let of_answer = (kind == Kind::Answer).then(|| drafts::body.eq(""));
        let of_note = (kind == Kind::Note).then(|| drafts::note.eq(""));
        diesel::update(row()).set((of_answer, of_note, drafts::updated_at.eq(Utc::now()))).execute(conn)?;
    }
    Ok(())
}
