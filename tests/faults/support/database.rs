//! What the rows say, read past the program.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use uuid::Uuid;

use super::house::House;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(Debug, QueryableByName)]
pub struct Row {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub body: String,
}

/// Messages whose way out has not ended.
pub const UNDER_WAY: &str = "messages WHERE direction = 'outbound' AND status IN ('queued', 'sending', 'unknown')";

impl House {
    /// How many rows there are of `what`: a table, and a condition if need be.
    pub fn count(&self, what: &str) -> i64 {
        let sql = format!("SELECT count(*) AS count FROM {what}");
        diesel::sql_query(sql).get_result::<Count>(&mut self.sql()).unwrap().count
    }

    pub fn messages(&self, condition: &str) -> Vec<Row> {
        let sql = format!("SELECT id, body FROM messages WHERE {condition} ORDER BY occurred_at, id");
        diesel::sql_query(sql).load(&mut self.sql()).unwrap()
    }

    /// Leaves up to `count` conversations' next messages as a process does that dies after its claim and before it asks
    /// the gateway. Only while no desk runs.
    pub fn claim_without_sending(&self, count: i64, with_key: bool) -> usize {
        let key = if with_key { "'3EB0' || upper(substr(md5(random()::text), 1, 18))" } else { "NULL" };
        let sql = format!(
            "UPDATE messages SET status = 'sending', lease = lease + 1, message_key = COALESCE(message_key, {key}) \
             WHERE id IN (SELECT DISTINCT ON (session_id) id FROM messages m \
                          WHERE direction = 'outbound' AND status = 'queued' AND NOT EXISTS ( \
                              SELECT 1 FROM messages o WHERE o.session_id = m.session_id AND o.direction = 'outbound' \
                                  AND o.status IN ('sending', 'unknown')) \
                          ORDER BY session_id, occurred_at, id LIMIT {count})"
        );
        diesel::sql_query(sql).execute(&mut self.sql()).unwrap()
    }

    /// As if so many tries had been in vain; the next one is not before `let_go`.
    pub fn pass_tries(&self, tries: i64) {
        let sql = format!(
            "UPDATE messages SET lease = {tries}, send_after = now() + interval '1 hour' WHERE status = 'queued'"
        );
        assert!(diesel::sql_query(sql).execute(&mut self.sql()).unwrap() > 0);
    }

    pub fn let_go(&self) {
        let sql = "UPDATE messages SET send_after = NULL WHERE status = 'queued'";
        assert!(diesel::sql_query(sql).execute(&mut self.sql()).unwrap() > 0);
    }

    /// Jobs that some worker holds.
    pub fn jobs_held(&self) -> i64 {
        self.count("graphile_worker._private_jobs WHERE locked_at IS NOT NULL")
    }
}
