//! Who was named in which note, and whether they have looked since.

use super::model::ConversationId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::mentions;
use crate::users::model::UserId;
use chrono::Utc;
use diesel::dsl::{auto_type, max};
use diesel::prelude::*;
use uuid::Uuid;

/// Conversations that the queue holds; older ones are found by the search.
const MOST: i64 = 500;
/// As far as the count beside the queue goes.
const COUNTED: i64 = 100;

#[auto_type]
fn of(tenant: TenantId, user: UserId) -> _ {
    mentions::table.filter(mentions::tenant_id.eq(tenant)).filter(mentions::user_id.eq(user))
}

/// These people were named in that note.
pub fn add(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ConversationId,
    message: Uuid,
    people: &[UserId],
) -> Result<()> {
    let row = |user: &UserId| {
        (
            mentions::tenant_id.eq(tenant),
            mentions::message_id.eq(message),
            mentions::user_id.eq(*user),
            mentions::conversation_id.eq(id),
        )
    };
    let rows: Vec<_> = people.iter().map(row).collect();
    diesel::insert_into(mentions::table).values(rows).on_conflict_do_nothing().execute(conn)?;
    Ok(())
}

/// They have opened the conversation.
pub fn seen(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, user: UserId) -> Result<()> {
    let news = of(tenant, user).filter(mentions::conversation_id.eq(id).and(mentions::seen_at.is_null()));
    let now = Utc::now();
    diesel::update(news).set((mentions::seen_at.eq(now), mentions::updated_at.eq(now))).execute(conn)?;
    Ok(())
}

/// In how many conversations they were named and have not looked yet; 100 means "more than 99".
pub fn unseen(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<i32> {
    let news: Vec<ConversationId> = of(tenant, user)
        .filter(mentions::seen_at.is_null())
        .select(mentions::conversation_id)
        .distinct()
        .limit(COUNTED)
        .load(conn)?;
    Ok(i32::try_from(news.len()).unwrap_or(i32::MAX))
}

/// The conversations in which they were named, latest first.
pub fn threads(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<Vec<ConversationId>> {
    let found = of(tenant, user)
        .group_by(mentions::conversation_id)
        .order((max(mentions::created_at).desc(), mentions::conversation_id))
        .limit(MOST)
        .select(mentions::conversation_id)
        .load(conn)?;
    Ok(found)
}
