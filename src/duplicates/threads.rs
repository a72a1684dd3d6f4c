//! Two conversations over one number become one. The messages move; counters add up; what is open stays open.

use super::model::{MergeId, Threads};
use super::moving::{self, Move, Noted, STAYING_IN_THREADS};
use crate::conversations::model::CHANGED;
use crate::conversations::states;
use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::tenant::TenantId;
use diesel::prelude::*;
use diesel::sql_types::{Array, Jsonb, Nullable, Text, Uuid as SqlUuid};
use serde_json::{Value, json};
use uuid::Uuid;

/// What two conversations are merged in, besides their messages.
const COLUMNS: [&str; 14] = [
    "status",
    "snoozed_until",
    "assignee_id",
    "team_id",
    "priority",
    "chat_id",
    "last_message_id",
    "last_message_at",
    "last_message_preview",
    "last_message_direction",
    "last_message_status",
    "inbound_count",
    "waiting_since",
    "resolved_at",
];

#[derive(QueryableByName)]
struct Twin {
    #[diesel(sql_type = SqlUuid)]
    lost: Uuid,
    #[diesel(sql_type = SqlUuid)]
    kept: Uuid,
}

#[derive(QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = Jsonb)]
    pub row: Value,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct Seen {
    #[diesel(sql_type = SqlUuid)]
    user_id: Uuid,
    #[diesel(sql_type = Nullable<diesel::sql_types::Integer>)]
    before: Option<i32>,
    #[diesel(sql_type = diesel::sql_types::Integer)]
    after: i32,
}

const TWINS: &str = "
    SELECT l.id AS lost, k.id AS kept FROM conversations l
    JOIN conversations k ON k.tenant_id = $1 AND k.session_id = l.session_id AND k.customer_id = $2
        AND k.kind = 'customer' AND NOT k.is_group AND k.deleted_at IS NULL
    WHERE l.tenant_id = $1 AND l.customer_id = $3 AND l.kind = 'customer' AND NOT l.is_group AND l.deleted_at IS NULL
    ORDER BY l.id";

/// Joins the conversations that could not simply move, because the kept customer has one over the same number.
pub(super) fn join(conn: &mut PgConnection, tenant: TenantId, Move { merge, from, to }: Move) -> Result<()> {
    let query = diesel::sql_query(TWINS).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(to);
    let twins: Vec<Twin> = query.bind::<SqlUuid, _>(from).load(conn)?;
    let mut joined = Vec::new();
    for Twin { lost, kept } in twins {
        let ends = Move { merge, from: lost, to: kept };
        // Whoever works on a message takes its row first and its conversation's then; so do we. What came in between is
        // moved by the second round.
        moving::all(conn, tenant, "conversations", STAYING_IN_THREADS, ends)?;
        hold(conn, tenant, &[lost, kept])?;
        moving::all(conn, tenant, "conversations", STAYING_IN_THREADS, ends)?;
        add_readers(conn, tenant, ends)?;
        combine(conn, tenant, ends)?;
        joined.push(Threads { lost, kept });
    }
    diesel::sql_query("UPDATE customer_merges SET threads = $3 WHERE tenant_id = $1 AND id = $2")
        .bind::<SqlUuid, _>(tenant)
        .bind::<SqlUuid, _>(merge)
        .bind::<Jsonb, _>(serde_json::to_value(joined)?)
        .execute(conn)?;
    Ok(())
}

/// Until the transaction ends nobody adds a message to these or changes them.
pub(super) fn hold(conn: &mut PgConnection, tenant: TenantId, conversations: &[Uuid]) -> Result<()> {
    diesel::sql_query("SELECT id FROM conversations WHERE tenant_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE")
        .bind::<SqlUuid, _>(tenant)
        .bind::<Array<SqlUuid>, _>(conversations)
        .execute(conn)?;
    Ok(())
}

/// The columns of a conversation that a merge changes.
pub(super) fn row(conn: &mut PgConnection, tenant: TenantId, id: Uuid) -> Result<Value> {
    let parts: Vec<String> = COLUMNS.iter().map(|column| format!("'{column}', {column}")).collect();
    let sql = format!(
        "SELECT jsonb_build_object({}) AS row FROM conversations WHERE tenant_id = $1 AND id = $2",
        parts.join(", ")
    );
    let found: Row = diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(id).get_result(conn)?;
    Ok(found.row)
}

/// Writes those of these columns that `values` names.
pub(super) fn write(conn: &mut PgConnection, tenant: TenantId, id: Uuid, values: &Value) -> Result<()> {
    let new: Vec<String> = COLUMNS.iter().map(|column| format!("n.{column}")).collect();
    let sql = format!(
        "UPDATE conversations c SET ({columns}, updated_at) = \
             (SELECT {new}, clock_timestamp() FROM jsonb_populate_record(c, $3) AS n) WHERE c.tenant_id = $1 AND c.id = $2",
        columns = COLUMNS.join(", "),
        new = new.join(", "),
    );
    let query = diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(id);
    query.bind::<Jsonb, _>(values).execute(conn)?;
    live::announce(conn, tenant, CHANGED, id)
}

/// What each user has read of the two adds up, like what came in.
fn add_readers(conn: &mut PgConnection, tenant: TenantId, Move { merge, from, to }: Move) -> Result<()> {
    let seen: Vec<Seen> = diesel::sql_query(
        "SELECT COALESCE(k.user_id, l.user_id) AS user_id, k.inbound_seen AS before, \
             COALESCE(k.inbound_seen, 0) + COALESCE(l.inbound_seen, 0) AS after \
         FROM (SELECT * FROM conversation_readers WHERE tenant_id = $1 AND conversation_id = $3) k \
         FULL JOIN (SELECT * FROM conversation_readers WHERE tenant_id = $1 AND conversation_id = $2) l \
             ON l.user_id = k.user_id ORDER BY 1",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(from)
    .bind::<SqlUuid, _>(to)
    .load(conn)?;
    for Seen { user_id, before, after } in seen {
        set_seen(conn, tenant, to, user_id, after)?;
        let noted = Noted {
            row_key: json!({ "conversation_id": to, "user_id": user_id }),
            before: json!({ "inbound_seen": before }),
            after: json!({ "inbound_seen": after }),
        };
        moving::note(conn, tenant, merge, "conversation_readers", &noted)?;
    }
    Ok(())
}

pub(super) fn set_seen(conn: &mut PgConnection, tenant: TenantId, id: Uuid, user: Uuid, seen: i32) -> Result<()> {
    diesel::sql_query(
        "INSERT INTO conversation_readers (tenant_id, conversation_id, user_id, inbound_seen) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (tenant_id, conversation_id, user_id) DO UPDATE SET inbound_seen = EXCLUDED.inbound_seen \
         WHERE conversation_readers.inbound_seen <> EXCLUDED.inbound_seen",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(user)
    .bind::<diesel::sql_types::Integer, _>(seen)
    .execute(conn)?;
    Ok(())
}

const COMBINED: &str = "
    SELECT jsonb_build_object(
        'status', CASE
            WHEN 'open' IN (k.status, l.status) THEN 'open' WHEN 'snoozed' IN (k.status, l.status) THEN 'snoozed'
            WHEN 'resolved' IN (k.status, l.status) THEN 'resolved' ELSE 'archived' END,
        'snoozed_until', CASE WHEN 'open' NOT IN (k.status, l.status) THEN least(k.snoozed_until, l.snoozed_until) END,
        'assignee_id', COALESCE(k.assignee_id, l.assignee_id),
        'team_id', COALESCE(k.team_id, l.team_id),
        'priority', greatest(k.priority, l.priority),
        'chat_id', COALESCE(
            (SELECT split_part(m.waha_message_id, '_', 2) FROM messages m
             WHERE m.tenant_id = $1 AND m.conversation_id = k.id AND m.direction = 'inbound' AND m.waha_message_id LIKE '%@%'
             ORDER BY m.occurred_at DESC, m.id DESC LIMIT 1), k.chat_id),
        'inbound_count', k.inbound_count + l.inbound_count,
        'resolved_at', greatest(k.resolved_at, l.resolved_at),
        'waiting_since', (
            SELECT min(m.occurred_at) FROM messages m
            WHERE m.tenant_id = $1 AND m.conversation_id = k.id AND m.direction = 'inbound' AND NOT m.is_private
                AND m.occurred_at >= least(k.waiting_since, l.waiting_since)
                AND m.occurred_at > COALESCE((
                    SELECT max(a.occurred_at) FROM messages a WHERE a.tenant_id = $1 AND a.conversation_id = k.id
                        AND a.direction = 'outbound' AND NOT a.is_private), '-infinity'))
    ) || CASE WHEN k.last_message_id IS NULL
            OR (l.last_message_at, l.last_message_id) > (k.last_message_at, k.last_message_id) THEN jsonb_build_object(
        'last_message_id', l.last_message_id, 'last_message_at', l.last_message_at,
        'last_message_preview', l.last_message_preview, 'last_message_direction', l.last_message_direction,
        'last_message_status', l.last_message_status) ELSE '{}' END AS row
    FROM conversations k, conversations l
    WHERE k.tenant_id = $1 AND k.id = $2 AND l.tenant_id = $1 AND l.id = $3";

fn combine(conn: &mut PgConnection, tenant: TenantId, Move { merge, from, to }: Move) -> Result<()> {
    let query = diesel::sql_query(COMBINED).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(to);
    let combined: Row = query.bind::<SqlUuid, _>(from).get_result(conn)?;
    let before = row(conn, tenant, to)?;
    write(conn, tenant, to, &combined.row)?;
    states::wake_in_time(conn, tenant, to.into())?;
    let after = row(conn, tenant, to)?;
    moving::note(conn, tenant, merge, "conversations", &Noted { row_key: json!({ "id": to }), before, after })?;
    let gone: Row = diesel::sql_query(
        "UPDATE conversations SET deleted_at = now(), updated_at = clock_timestamp() WHERE tenant_id = $1 AND id = $2 \
         RETURNING jsonb_build_object('deleted_at', deleted_at) AS row",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(from)
    .get_result(conn)?;
    let noted = Noted { row_key: json!({ "id": from }), before: json!({ "deleted_at": null }), after: gone.row };
    moving::note(conn, tenant, merge, "conversations", &noted)?;
    live::announce(conn, tenant, CHANGED, from)
}

/// Conversations are called like their customer; tells the browsers of those that changed their name or their customer.
pub(super) fn name(conn: &mut PgConnection, tenant: TenantId, merge: MergeId, customer: CustomerId) -> Result<()> {
    let changed: Vec<Id> = diesel::sql_query(
        "WITH named AS (UPDATE conversations c SET title = p.title, updated_at = clock_timestamp() FROM ( \
             SELECT COALESCE(NULLIF(btrim(COALESCE(first_name, '') || ' ' || COALESCE(last_name, '')), ''), display_name, \
                 '+' || phone, $4) AS title FROM customers WHERE tenant_id = $1 AND id = $2) AS p \
             WHERE c.tenant_id = $1 AND c.customer_id = $2 AND NOT c.is_group AND c.title <> p.title RETURNING c.id) \
         SELECT id FROM named UNION SELECT (row_key ->> 'id')::uuid FROM customer_merge_rows \
             WHERE tenant_id = $1 AND merge_id = $3 AND relation = 'conversations'",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(customer)
    .bind::<SqlUuid, _>(merge)
    .bind::<Text, _>(crate::customers::model::UNKNOWN)
    .load(conn)?;
    changed.into_iter().try_for_each(|row| live::announce(conn, tenant, CHANGED, row.id))
}
