//! What a conversation's row and its readers must say of the messages that lie in it.

use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Timestamptz, Uuid as SqlUuid};
use serde_json::{Map, Value};
use uuid::Uuid;

#[derive(QueryableByName)]
struct Reader {
    #[diesel(sql_type = SqlUuid)]
    user_id: Uuid,
    #[diesel(sql_type = Integer)]
    inbound_seen: i32,
}

pub(super) fn readers(conn: &mut PgConnection, tenant: TenantId, id: Uuid) -> Result<Vec<(Uuid, i32)>> {
    let sql = "SELECT user_id, inbound_seen FROM conversation_readers WHERE tenant_id = $1 AND conversation_id = $2 ORDER BY 1";
    let rows: Vec<Reader> = diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(id).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.inbound_seen)).collect())
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many of the newest `unread` inbound messages of two conversations lie in the second; of `among`, if given.
pub(super) fn unread_in(
    conn: &mut PgConnection,
    tenant: TenantId,
    [one, other]: [Uuid; 2],
    among: Option<&[Uuid]>,
    unread: i32,
) -> Result<i32> {
    let counted: Counted = diesel::sql_query(
        "SELECT count(*) AS count FROM (SELECT id, conversation_id FROM messages WHERE tenant_id = $1 \
             AND conversation_id = ANY(ARRAY[$2, $3]) AND direction = 'inbound' \
             ORDER BY occurred_at DESC, id DESC LIMIT $4) AS newest \
         WHERE conversation_id = $3 AND ($5 IS NULL OR id = ANY($5))",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(one)
    .bind::<SqlUuid, _>(other)
    .bind::<BigInt, _>(i64::from(unread.max(0)))
    .bind::<Nullable<Array<SqlUuid>>, _>(among)
    .get_result(conn)?;
    Ok(i32::try_from(counted.count).unwrap_or(i32::MAX))
}

#[derive(QueryableByName)]
struct Newest {
    #[diesel(sql_type = diesel::sql_types::Jsonb)]
    shown: Value,
    #[diesel(sql_type = Bool)]
    is_reworded: bool,
}

const NEWEST: &str = "
    SELECT jsonb_build_object('last_message_id', id, 'last_message_at', occurred_at, 'last_message_direction', direction,
        'last_message_status', CASE WHEN NOT is_private THEN status END, 'last_message_preview', CASE
            WHEN is_private THEN left('Note: ' || body, 160)
            WHEN revoked_at IS NOT NULL THEN 'This message was deleted'
            WHEN btrim(body) <> '' THEN left(body, 160)
            ELSE CASE message_type WHEN 'image' THEN 'Photo' WHEN 'voice' THEN 'Voice message' WHEN 'document' THEN 'File'
                WHEN 'text' THEN 'Unsupported message' WHEN 'unsupported' THEN 'Unsupported message'
                ELSE initcap(message_type) END
        END) AS shown, COALESCE(greatest(edited_at, revoked_at) >= $3, false) AS is_reworded
    FROM messages WHERE tenant_id = $1 AND conversation_id = $2 AND deleted_at IS NULL
    ORDER BY occurred_at DESC, id DESC LIMIT 1";

const SHOWN: [&str; 5] =
    ["last_message_id", "last_message_at", "last_message_direction", "last_message_status", "last_message_preview"];

/// What a list row shows of a conversation's last message: as one of the `snapshots` has it, unless it was reworded
/// `since`.
pub(super) fn last_message(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: Uuid,
    since: DateTime<Utc>,
    snapshots: &[&Value],
) -> Result<Map<String, Value>> {
    let query = diesel::sql_query(NEWEST).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(id);
    let newest: Option<Newest> = query.bind::<Timestamptz, _>(since).get_result(conn).optional()?;
    let Some(Newest { shown: row, is_reworded }) = newest else {
        return Ok(SHOWN.iter().map(|column| ((*column).to_owned(), Value::Null)).collect());
    };
    let known = snapshots.iter().find(|known| known["last_message_id"] == row["last_message_id"]);
    let shown = SHOWN.iter().map(|column| {
        let value = match known {
            Some(known) if *column == "last_message_preview" && !is_reworded => known[*column].clone(),
            _ => row[*column].clone(),
        };
        ((*column).to_owned(), value)
    });
    Ok(shown.collect())
}

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = diesel::sql_types::Jsonb)]
    row: Value,
}

/// Since when the customer waits: their first message after our last one, of those that came after the last resolution.
pub(super) fn waiting(conn: &mut PgConnection, tenant: TenantId, id: Uuid, row: &Value) -> Result<Value> {
    if row["status"] != "open" && row["status"] != "snoozed" {
        return Ok(Value::Null);
    }
    let found: Waiting = diesel::sql_query(
        "SELECT COALESCE(to_jsonb((SELECT min(m.occurred_at) FROM messages m \
             WHERE m.tenant_id = $1 AND m.conversation_id = $2 AND m.direction = 'inbound' AND NOT m.is_private \
                 AND m.created_at > COALESCE(c.resolved_at, '-infinity') \
                 AND m.occurred_at > COALESCE((SELECT max(a.occurred_at) FROM messages a WHERE a.tenant_id = $1 \
                     AND a.conversation_id = $2 AND a.direction = 'outbound' AND NOT a.is_private), '-infinity'))), 'null') AS row \
         FROM conversations c WHERE c.tenant_id = $1 AND c.id = $2",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(id)
    .get_result(conn)?;
    Ok(found.row)
}

pub(super) fn number(row: &Value, column: &str) -> i32 {
    row[column].as_i64().and_then(|count| i32::try_from(count).ok()).unwrap_or(0)
}
