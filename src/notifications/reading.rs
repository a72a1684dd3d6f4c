//! A user's notifications, with the words of what they are about as far as the user may know them.

use super::model::{Kind, NotificationId};
use crate::kit::error::{Error, Result};
use crate::kit::page::Cursor;
use crate::kit::tenant::TenantId;
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

/// What a badge counts to.
const COUNTED: i64 = 100;

#[derive(Debug, Clone, QueryableByName)]
pub struct Notification {
    #[diesel(sql_type = SqlUuid)]
    pub id: NotificationId,
    #[diesel(sql_type = crate::schema::sql_types::NotificationKind)]
    pub kind: Kind,
    #[diesel(sql_type = SqlUuid)]
    pub subject_id: Uuid,
    #[diesel(sql_type = Integer)]
    pub count: i32,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub read_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
    /// The conversation's title, the caller's name, the number's or the work's; may be empty.
    #[diesel(sql_type = Text)]
    pub title: String,
    /// How work ended.
    #[diesel(sql_type = Text)]
    pub state: String,
}

/// Who reads, and whether they see everybody's conversations and calls.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    pub user: UserId,
    pub sees_all: bool,
}

/// $1 tenant, $2 user, $3 whether they see all. What is gone, and what the reader may not see (any more), has no subject.
const SEEN: &str = "
    FROM notifications AS n CROSS JOIN LATERAL (
        SELECT c.title::text AS title, '' AS state FROM conversations AS c
        WHERE n.kind IN ('new_message', 'mention', 'assignment') AND c.tenant_id = n.tenant_id AND c.id = n.subject_id
          AND c.deleted_at IS NULL AND ($3 OR c.assignee_id IS NULL AND c.team_id IS NULL OR c.assignee_id = $2
              OR EXISTS (SELECT FROM team_members AS m
                  WHERE m.tenant_id = c.tenant_id AND m.team_id = c.team_id AND m.user_id = $2)
              OR EXISTS (SELECT FROM mentions AS m
                  WHERE m.tenant_id = c.tenant_id AND m.conversation_id = c.id AND m.user_id = $2))
        UNION ALL
        SELECT COALESCE(NULLIF(btrim(concat_ws(' ', p.first_name, p.last_name)), ''), p.display_name, '+' || p.phone, ''), ''
        FROM calls AS k LEFT JOIN customers AS p ON p.tenant_id = k.tenant_id AND p.id = k.customer_id
        WHERE n.kind = 'missed_call' AND k.tenant_id = n.tenant_id AND k.id = n.subject_id AND k.deleted_at IS NULL
          AND ($3 OR k.callback_by IS NULL OR k.callback_by = $2)
        UNION ALL
        SELECT s.name::text, '' FROM waha_sessions AS s
        WHERE n.kind = 'number_trouble' AND s.tenant_id = n.tenant_id AND s.id = n.subject_id AND s.deleted_at IS NULL
        UNION ALL
        SELECT t.title::text, t.state::text FROM background_tasks AS t
        WHERE n.kind = 'task_done' AND t.tenant_id = n.tenant_id AND t.id = n.subject_id AND t.created_by = $2
    ) AS subject
    WHERE n.tenant_id = $1 AND n.user_id = $2";

/// The newest `size` of them, older than `after`; only those that are not read where that is wanted.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    reader: Reader,
    is_unread: bool,
    after: Option<Cursor>,
    size: usize,
) -> Result<Vec<Notification>> {
    let last = after.unwrap_or(Cursor { at: Utc::now() + chrono::TimeDelta::minutes(10), id: Uuid::max() });
    let sql = format!(
        "SELECT n.id, n.kind, n.subject_id, n.count, n.read_at, n.updated_at, subject.title, subject.state {SEEN} \
         AND (NOT $4 OR n.read_at IS NULL) AND n.updated_at <= $5 AND (n.updated_at < $5 OR n.id < $6) \
         ORDER BY n.updated_at DESC, n.id DESC LIMIT $7"
    );
    let query = diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(reader.user);
    let query = query.bind::<Bool, _>(reader.sees_all).bind::<Bool, _>(is_unread);
    let query = query.bind::<Timestamptz, _>(last.at).bind::<SqlUuid, _>(last.id).bind::<BigInt, _>(size as i64);
    Ok(query.load(conn)?)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many are not read, counted to 100.
pub fn unread(conn: &mut PgConnection, tenant: TenantId, reader: Reader) -> Result<i32> {
    let sql =
        format!("SELECT count(*) AS count FROM (SELECT 1 {SEEN} AND n.read_at IS NULL LIMIT {COUNTED}) AS counted");
    let query = diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(reader.user);
    let count: Count = query.bind::<Bool, _>(reader.sees_all).get_result(conn)?;
    Ok(i32::try_from(count.count).unwrap_or(i32::MAX))
}

/// # Errors
/// `NotFound` for somebody else's, and for one about what the reader may not see (any more).
pub fn find(conn: &mut PgConnection, tenant: TenantId, reader: Reader, id: NotificationId) -> Result<Notification> {
    let sql = format!(
        "SELECT n.id, n.kind, n.subject_id, n.count, n.read_at, n.updated_at, subject.title, subject.state {SEEN} AND n.id = $4"
    );
    let query = diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(reader.user);
    let found = query.bind::<Bool, _>(reader.sees_all).bind::<SqlUuid, _>(id).get_result(conn).optional()?;
    found.ok_or(Error::NotFound)
}

pub fn place(notification: &Notification) -> Cursor {
    Cursor { at: notification.updated_at, id: notification.id.get() }
}
