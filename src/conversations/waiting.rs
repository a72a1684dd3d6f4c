//! Who has been waiting longest for an answer.

use super::model::{ConversationId, Scope, Status, of, within};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::conversations;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// As many as the dashboard shows.
const SHOWN: i64 = 6;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = conversations)]
pub struct Waiting {
    pub id: ConversationId,
    pub title: String,
    pub is_group: bool,
    pub last_message_preview: Option<String>,
    pub waiting_since: Option<DateTime<Utc>>,
}

pub fn longest(conn: &mut PgConnection, tenant: TenantId, scope: Scope) -> Result<Vec<Waiting>> {
    let rows = of(tenant)
        .filter(within(scope))
        .filter(conversations::status.eq(Status::Open.literal()).and(conversations::waiting_since.is_not_null()))
        .order((conversations::waiting_since, conversations::id))
        .limit(SHOWN)
        .select(Waiting::as_select())
        .load(conn)?;
    Ok(rows)
}
