//! Conversations of two people who were taken for one are theirs again, each with what came in meanwhile.

use super::model::{Merge, Threads};
use super::moving::{self, Noted};
use super::rows::{last_message, number, readers, unread_in};
use super::strays::strays;
use super::threads::{self, set_seen};
use crate::conversations::states;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// What the merge wrote down about two conversations that it had joined.
pub(super) struct Twins {
    threads: Threads,
    /// The kept one, before and after.
    kept: Noted,
    readers: Vec<Noted>,
}

/// Takes what concerns joined conversations out of the notes, since more than putting back is to be done there.
pub(super) fn take_notes(conn: &mut PgConnection, tenant: TenantId, merge: &Merge) -> Result<Vec<Twins>> {
    let conversations = moving::noted(conn, tenant, merge.id, "conversations")?;
    let readers = moving::noted(conn, tenant, merge.id, "conversation_readers")?;
    let mut twins = Vec::new();
    for threads in merge.threads() {
        let is_of = |noted: &&Noted, column: &str| noted.row_key[column] == json!(threads.kept);
        let kept = conversations.iter().find(|noted| is_of(noted, "id")).cloned();
        let readers = readers.iter().filter(|noted| is_of(noted, "conversation_id")).cloned().collect();
        twins.extend(kept.map(|kept| Twins { threads, kept, readers }));
    }
    let kept: Vec<String> = twins.iter().map(|twins| twins.threads.kept.to_string()).collect();
    diesel::sql_query(
        "DELETE FROM customer_merge_rows WHERE tenant_id = $1 AND merge_id = $2 AND (relation = 'conversation_readers' \
         OR relation = 'conversations' AND row_key ->> 'id' = ANY($3))",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(merge.id)
    .bind::<Array<Text>, _>(kept)
    .execute(conn)?;
    Ok(twins)
}

/// After every row has gone back: shares out what came in since, and makes counters and list rows true again.
pub(super) fn part(conn: &mut PgConnection, tenant: TenantId, merge: &Merge, twins: &[Twins]) -> Result<()> {
    touch(conn, tenant, merge)?;
    for twins in twins {
        twins.part(conn, tenant, merge)?;
    }
    for (from, to) in [(merge.kept_id, merge.lost_id), (merge.lost_id, merge.kept_id)] {
        for stray in strays(conn, tenant, merge.created_at, from, to)? {
            stray.go(conn, tenant, merge.created_at, to)?;
        }
    }
    Ok(())
}

/// A message that is on its way into one of these conversations looks again whose it is.
fn touch(conn: &mut PgConnection, tenant: TenantId, merge: &Merge) -> Result<()> {
    let both = [merge.kept_id.get(), merge.lost_id.get()];
    let sql = "UPDATE conversations SET updated_at = clock_timestamp() WHERE tenant_id = $1 AND customer_id = ANY($2)";
    diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<Array<SqlUuid>, _>(both.as_slice()).execute(conn)?;
    Ok(())
}

impl Twins {
    fn part(&self, conn: &mut PgConnection, tenant: TenantId, merge: &Merge) -> Result<()> {
        let Threads { lost, kept } = self.threads;
        threads::hold(conn, tenant, &[lost, kept])?;
        let (now, own) = (threads::row(conn, tenant, kept)?, threads::row(conn, tenant, lost)?);
        let (before, after) = (&self.kept.before, &self.kept.after);
        let (total, left) = (number(&now, "inbound_count"), number(&own, "inbound_count"));
        self.part_readers(conn, tenant, total, left)?;
        let mut values = Map::new();
        for column in ["assignee_id", "team_id", "priority", "chat_id", "waiting_since", "resolved_at"] {
            let is_untouched = now[column] == after[column];
            values.insert(column.into(), if is_untouched { before[column].clone() } else { now[column].clone() });
        }
        // Until when goes with the state that it belongs to.
        let is_snoozed_as_then = ["status", "snoozed_until"].iter().all(|column| now[*column] == after[*column]);
        let until = if is_snoozed_as_then { &before["snoozed_until"] } else { &now["snoozed_until"] };
        let status = if is_snoozed_as_then { &before["status"] } else { &now["status"] };
        values.extend([("status".into(), status.clone()), ("snoozed_until".into(), until.clone())]);
        values.insert("inbound_count".into(), json!(total - left));
        let snapshots = [before, &own, &now];
        values.extend(last_message(conn, tenant, kept, merge.created_at, &snapshots)?);
        threads::write(conn, tenant, kept, &Value::Object(values))?;
        let mut values = last_message(conn, tenant, lost, merge.created_at, &[&own, before, &now])?;
        if now["status"] != after["status"] && now["status"] == "resolved" {
            // What was resolved as one is resolved in both.
            for column in ["status", "snoozed_until", "resolved_at", "waiting_since"] {
                values.insert(column.into(), now[column].clone());
            }
        }
        threads::write(conn, tenant, lost, &Value::Object(values))?;
        [kept, lost].into_iter().try_for_each(|id| states::wake_in_time(conn, tenant, id.into()))
    }

    /// Whoever has read nothing since has read of each what they had. Whoever has, has seen all but the newest of both.
    fn part_readers(&self, conn: &mut PgConnection, tenant: TenantId, total: i32, left: i32) -> Result<()> {
        let Threads { lost, kept } = self.threads;
        for (user, seen) in readers(conn, tenant, kept)? {
            let noted = self.readers.iter().find(|noted| noted.row_key["user_id"] == json!(user));
            let noted = noted.filter(|noted| noted.after["inbound_seen"] == json!(seen));
            match noted.map(|noted| noted.before["inbound_seen"].as_i64()) {
                Some(Some(before)) => set_seen(conn, tenant, kept, user, i32::try_from(before).unwrap_or(seen))?,
                Some(None) => forget(conn, tenant, kept, user)?,
                None => {
                    let unread_there = unread_in(conn, tenant, [kept, lost], None, total - seen)?;
                    let seen_there = (left - unread_there).max(0);
                    set_seen(conn, tenant, lost, user, seen_there)?;
                    set_seen(conn, tenant, kept, user, (seen - seen_there).max(0))?;
                }
            }
        }
        Ok(())
    }
}

fn forget(conn: &mut PgConnection, tenant: TenantId, id: Uuid, user: Uuid) -> Result<()> {
    let sql = "DELETE FROM conversation_readers WHERE tenant_id = $1 AND conversation_id = $2 AND user_id = $3";
    let query = diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(id);
    query.bind::<SqlUuid, _>(user).execute(conn)?;
    Ok(())
}
