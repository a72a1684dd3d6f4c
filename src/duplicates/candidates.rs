//! Who else one customer may be, looked up at once: by the columns that the database keeps for it.

use super::reasons::Reason;
use super::scoring::{LEAST, SCORED};
use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, SmallInt, Text, Uuid as SqlUuid};
use std::collections::BTreeSet;
use uuid::Uuid;

/// As many as a page shows.
const SHOWN: usize = 10;
/// Records with the same key that are weighed: more say nothing any more.
const MOST: i64 = 200;

/// Somebody who may be the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub id: CustomerId,
    /// 0 to 100
    pub score: i16,
    pub reasons: Vec<Reason>,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct Keys {
    #[diesel(sql_type = Nullable<Text>)]
    name_sound: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    external_id: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    addresses: Vec<String>,
}

#[derive(QueryableByName)]
struct Scored {
    #[diesel(sql_type = SqlUuid)]
    left_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    right_id: Uuid,
    #[diesel(sql_type = SmallInt)]
    score: i16,
    #[diesel(sql_type = Array<Text>)]
    reasons: Vec<String>,
}

/// The likeliest first, at most ten; without those whom somebody has told apart from this one.
///
/// # Errors
/// `NotFound` for a deleted customer, too.
pub fn of(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<Vec<Candidate>> {
    let keys: Keys = diesel::sql_query(
        "SELECT name_sound, external_id::text, ARRAY(SELECT i.match_key FROM customer_identities i \
         WHERE i.tenant_id = $1 AND i.customer_id = $2 AND i.deleted_at IS NULL AND i.match_key IS NOT NULL) AS addresses \
         FROM customers WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(id)
    .get_result(conn)?;
    let others = with_one_key(conn, tenant, id, &keys)?;
    let mut found = scored(conn, tenant, id, &others)?;
    found.retain(|candidate| candidate.score >= LEAST);
    found.extend(
        told(conn, tenant, id)?
            .into_iter()
            .filter(|told| found.iter().all(|one| one.id != told.id))
            .collect::<Vec<_>>(),
    );
    found.sort_by_key(|candidate| (-candidate.score, candidate.id));
    found.truncate(SHOWN);
    Ok(found)
}

fn with_one_key(conn: &mut PgConnection, tenant: TenantId, id: CustomerId, keys: &Keys) -> Result<Vec<Uuid>> {
    let mut others = BTreeSet::new();
    let mut add = |rows: Vec<Id>| others.extend(rows.into_iter().map(|row| row.id));
    let by_address = "SELECT customer_id AS id FROM customer_identities WHERE tenant_id = $1 AND match_key = ANY($3) \
                      AND deleted_at IS NULL AND match_key IS NOT NULL AND customer_id <> $2 LIMIT $4";
    let query = diesel::sql_query(by_address).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(id);
    add(query.bind::<Array<Text>, _>(&keys.addresses).bind::<diesel::sql_types::BigInt, _>(MOST).load(conn)?);
    if let Some(sound) = &keys.name_sound {
        let by_name = "SELECT id FROM customers WHERE tenant_id = $1 AND name_sound = $3 AND deleted_at IS NULL \
                       AND name_sound IS NOT NULL AND id <> $2 LIMIT $4";
        let query = diesel::sql_query(by_name).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(id);
        add(query.bind::<Text, _>(sound).bind::<diesel::sql_types::BigInt, _>(MOST).load(conn)?);
    }
    if let Some(external) = &keys.external_id {
        // The index is on the id as it was given; one that differs in case or by spaces is the same to people.
        let text = external.trim();
        let spellings = vec![text.to_owned(), text.to_lowercase(), text.to_uppercase()];
        let by_id = "SELECT id FROM customers WHERE tenant_id = $1 AND external_id = ANY($3) AND deleted_at IS NULL \
                     AND id <> $2 LIMIT $4";
        let query = diesel::sql_query(by_id).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(id);
        add(query.bind::<Array<Text>, _>(spellings).bind::<diesel::sql_types::BigInt, _>(MOST).load(conn)?);
    }
    Ok(others.into_iter().collect())
}

fn scored(conn: &mut PgConnection, tenant: TenantId, id: CustomerId, others: &[Uuid]) -> Result<Vec<Candidate>> {
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "WITH pairs AS (SELECT least($2, other) AS left_id, greatest($2, other) AS right_id FROM unnest($3) AS other \
            WHERE NOT EXISTS (SELECT FROM duplicate_pairs d WHERE d.tenant_id = $1 AND d.state = 'dismissed' \
                AND d.left_id = least($2, other) AND d.right_id = greatest($2, other))), {SCORED} \
         SELECT left_id, right_id, score, reasons FROM scored ORDER BY score DESC, left_id, right_id LIMIT 50"
    );
    let query = diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(id);
    let rows: Vec<Scored> = query.bind::<Array<SqlUuid>, _>(others).load(conn)?;
    Ok(rows.into_iter().map(|row| row.beside(id)).collect())
}

/// Pairs that WhatsApp has told of, which no comparison finds.
fn told(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<Vec<Candidate>> {
    let rows: Vec<Scored> = diesel::sql_query(
        "SELECT d.left_id, d.right_id, d.score, d.reasons FROM duplicate_pairs d \
         JOIN customers c ON c.tenant_id = $1 AND c.id = CASE WHEN d.left_id = $2 THEN d.right_id ELSE d.left_id END \
             AND c.deleted_at IS NULL \
         WHERE d.tenant_id = $1 AND (d.left_id = $2 OR d.right_id = $2) AND d.state = 'open' \
             AND 'whatsapp' = ANY(d.reasons) ORDER BY d.left_id, d.right_id LIMIT 10",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(id)
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.beside(id)).collect())
}

impl Scored {
    fn beside(self, id: CustomerId) -> Candidate {
        let other = if self.left_id == id.get() { self.right_id } else { self.left_id };
        let reasons = Reason::of_words(self.reasons.iter().map(String::as_str));
        Candidate { id: other.into(), score: self.score, reasons }
    }
}
