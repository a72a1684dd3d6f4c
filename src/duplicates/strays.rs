//! Messages that came in while two people were taken for one: each goes with the address that it came from or went to.

use super::rows::{last_message, number, readers, unread_in, waiting};
use super::threads::{self, set_seen};
use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Timestamptz, Uuid as SqlUuid};
use serde_json::json;
use uuid::Uuid;

/// A conversation of one with messages since the merge that are the other's by their address.
#[derive(QueryableByName)]
pub(super) struct Stray {
    #[diesel(sql_type = SqlUuid)]
    conversation: Uuid,
    #[diesel(sql_type = Array<SqlUuid>)]
    messages: Vec<Uuid>,
    #[diesel(sql_type = BigInt)]
    inbound: i64,
    #[diesel(sql_type = Bool)]
    is_all: bool,
}

const STRAYS: &str = "
    SELECT c.id AS conversation, array_agg(m.id) AS messages, count(*) FILTER (WHERE m.direction = 'inbound') AS inbound,
        NOT EXISTS (SELECT FROM messages o WHERE o.tenant_id = $1 AND o.conversation_id = c.id AND o.id <> ALL(array_agg(m.id)))
            AND NOT EXISTS (SELECT FROM conversations t WHERE t.tenant_id = $1 AND t.customer_id = $4
                AND t.session_id = c.session_id AND NOT t.is_group AND t.deleted_at IS NULL) AS is_all
    FROM conversations c
    JOIN messages m ON m.tenant_id = $1 AND m.conversation_id = c.id AND m.created_at >= $2
    CROSS JOIN LATERAL (SELECT COALESCE(
        NULLIF(split_part(m.waha_message_id, '_', 2), ''),
        COALESCE(m.from_msisdn, m.to_msisdn) || '@c.us'
    ) AS chat) AS address
    JOIN customer_identities i ON i.tenant_id = $1 AND i.customer_id = $4 AND i.deleted_at IS NULL
        AND (i.kind = 'lid' AND i.value = chat
            OR i.kind = 'phone' AND chat NOT LIKE '%@lid' AND i.value = split_part(chat, '@', 1))
    WHERE c.tenant_id = $1 AND c.customer_id = $3 AND NOT c.is_group AND c.deleted_at IS NULL
    GROUP BY c.id, c.session_id ORDER BY c.id";

pub(super) fn strays(
    conn: &mut PgConnection,
    tenant: TenantId,
    since: DateTime<Utc>,
    from: CustomerId,
    to: CustomerId,
) -> Result<Vec<Stray>> {
    let query = diesel::sql_query(STRAYS).bind::<SqlUuid, _>(tenant).bind::<Timestamptz, _>(since);
    Ok(query.bind::<SqlUuid, _>(from).bind::<SqlUuid, _>(to).load(conn)?)
}

#[derive(QueryableByName)]
struct Target {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

impl Stray {
    pub(super) fn go(
        &self,
        conn: &mut PgConnection,
        tenant: TenantId,
        since: DateTime<Utc>,
        to: CustomerId,
    ) -> Result<()> {
        if self.is_all {
            // It was the other's conversation from its first message on.
            diesel::sql_query("UPDATE conversations SET customer_id = $3, updated_at = clock_timestamp() WHERE tenant_id = $1 AND id = $2")
                .bind::<SqlUuid, _>(tenant)
                .bind::<SqlUuid, _>(self.conversation)
                .bind::<SqlUuid, _>(to)
                .execute(conn)?;
            return Ok(());
        }
        let target = target(conn, tenant, self.conversation, to)?;
        threads::hold(conn, tenant, &[self.conversation, target])?;
        diesel::sql_query("UPDATE messages SET conversation_id = $3 WHERE tenant_id = $1 AND id = ANY($2)")
            .bind::<SqlUuid, _>(tenant)
            .bind::<Array<SqlUuid>, _>(&self.messages)
            .bind::<SqlUuid, _>(target)
            .execute(conn)?;
        let (mut here, mut there) =
            (threads::row(conn, tenant, self.conversation)?, threads::row(conn, tenant, target)?);
        let moved = i32::try_from(self.inbound).unwrap_or(i32::MAX);
        self.share_readers(conn, tenant, target, number(&here, "inbound_count"), moved)?;
        let snapshots = [here.clone(), there.clone()];
        let snapshots = [&snapshots[0], &snapshots[1]];
        for (id, row, change) in [(self.conversation, &mut here, -moved), (target, &mut there, moved)] {
            row["inbound_count"] = json!((number(row, "inbound_count") + change).max(0));
            if change > 0 && (row["status"] == "resolved" || row["status"] == "snoozed") {
                row["status"] = json!("open");
            }
            for (column, value) in last_message(conn, tenant, id, since, &snapshots)? {
                row[column] = value;
            }
            row["waiting_since"] = waiting(conn, tenant, id, row)?;
            threads::write(conn, tenant, id, row)?;
        }
        Ok(())
    }

    fn share_readers(
        &self,
        conn: &mut PgConnection,
        tenant: TenantId,
        target: Uuid,
        total: i32,
        moved: i32,
    ) -> Result<()> {
        let there = readers(conn, tenant, target)?;
        for (user, seen) in readers(conn, tenant, self.conversation)? {
            let ends = [self.conversation, target];
            let seen_of_moved = (moved - unread_in(conn, tenant, ends, Some(&self.messages), total - seen)?).max(0);
            let known = there.iter().find(|(other, _)| *other == user).map_or(0, |(_, seen)| *seen);
            if seen_of_moved > 0 {
                set_seen(conn, tenant, target, user, known + seen_of_moved)?;
                set_seen(conn, tenant, self.conversation, user, (seen - seen_of_moved).max(0))?;
            }
        }
        Ok(())
    }
}

/// The conversation of `to` over the same number as `beside`, made if there is none.
fn target(conn: &mut PgConnection, tenant: TenantId, beside: Uuid, to: CustomerId) -> Result<Uuid> {
    let found: Option<Target> = diesel::sql_query(
        "SELECT t.id FROM conversations c JOIN conversations t ON t.tenant_id = $1 AND t.session_id = c.session_id \
             AND t.customer_id = $3 AND t.kind = 'customer' AND NOT t.is_group AND t.deleted_at IS NULL \
         WHERE c.tenant_id = $1 AND c.id = $2",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(beside)
    .bind::<SqlUuid, _>(to)
    .get_result(conn)
    .optional()?;
    if let Some(found) = found {
        return Ok(found.id);
    }
    let made: Target = diesel::sql_query(
        "INSERT INTO conversations (tenant_id, id, kind, status, title, session_id, chat_id, customer_id, assignee_id) \
         SELECT $1, $4, 'customer', c.status, c.title, c.session_id, \
             (SELECT CASE i.kind WHEN 'phone' THEN i.value || '@c.us' ELSE i.value END FROM customer_identities i \
              WHERE i.tenant_id = $1 AND i.customer_id = $3 AND i.kind IN ('phone', 'lid') AND i.deleted_at IS NULL \
              ORDER BY i.is_primary DESC, i.learnt_at, i.id LIMIT 1), $3, c.assignee_id \
         FROM conversations c WHERE c.tenant_id = $1 AND c.id = $2 RETURNING id",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(beside)
    .bind::<SqlUuid, _>(to)
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .get_result(conn)?;
    Ok(made.id)
}
