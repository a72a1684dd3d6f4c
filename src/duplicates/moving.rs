//! Moving whatever points at one row to another, with a note of every row, and back. Which columns point there is read
//! from the database's catalogue.

use super::model::MergeId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use uuid::Uuid;

/// (table, why its rows stay where they are when customers are joined)
pub const STAYING: &[(&str, &str)] = &[
    ("customer_merges", "is what this is about"),
    ("duplicate_pairs", "says of these very records that they are or are not one person"),
    ("consent_states", "is made anew from the ledger, which moves"),
];

/// The same when conversations are joined.
pub const STAYING_IN_THREADS: &[(&str, &str)] =
    &[("conversation_readers", "how much is unread is added up, not moved: see threads")];

/// A column that points at rows of another table.
#[derive(Debug, Clone, QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = Text)]
    reference: String,
    /// The primary key of its table, without the tenant.
    #[diesel(sql_type = Array<Text>)]
    key: Vec<String>,
    /// For each unique index that the column is part of a condition on two rows, `mine` and `theirs`, that they collide
    /// in it, and the rows that the index is about.
    #[diesel(sql_type = Array<Text>)]
    same: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    within: Vec<String>,
}

const REFERENCES: &str = "
    SELECT c.conrelid::regclass::text AS relation, quote_ident(a.attname) AS reference,
        ARRAY(
            SELECT quote_ident(k.attname) FROM pg_index i JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = ANY(i.indkey)
            WHERE i.indrelid = c.conrelid AND i.indisprimary AND k.attname <> 'tenant_id' ORDER BY k.attnum
        ) AS key,
        ARRAY(
            SELECT (
                SELECT COALESCE(string_agg(format('theirs.%1$I = mine.%1$I', o.attname), ' AND '), 'true')
                FROM pg_attribute o WHERE o.attrelid = i.indrelid AND o.attnum = ANY(i.indkey)
                    AND o.attnum <> a.attnum AND o.attname <> 'tenant_id'
            )
            FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indisunique AND a.attnum = ANY(i.indkey) ORDER BY i.indexrelid
        ) AS same,
        ARRAY(
            SELECT COALESCE(pg_get_expr(i.indpred, i.indrelid), 'true')
            FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indisunique AND a.attnum = ANY(i.indkey) ORDER BY i.indexrelid
        ) AS within
    FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey) AND a.attname <> 'tenant_id'
    WHERE c.contype = 'f' AND c.confrelid = $1::regclass AND NOT (c.conrelid::regclass::text = ANY($2))
    ORDER BY 1, 2";

/// One row is joined with another of its table: what points at `from` shall point at `to`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Move {
    pub merge: MergeId,
    pub from: Uuid,
    pub to: Uuid,
}

/// Moves every row that points at one of `table`, except where the tables are among `staying`, and where the row would
/// collide with one that is there: that one stays, and says the same of the one that is left.
pub(super) fn all(
    conn: &mut PgConnection,
    tenant: TenantId,
    table: &str,
    staying: &[(&str, &str)],
    ends: Move,
) -> Result<()> {
    let staying: Vec<&str> = staying.iter().map(|(table, _)| *table).collect();
    let query = diesel::sql_query(REFERENCES).bind::<Text, _>(table);
    let references: Vec<Reference> = query.bind::<Array<Text>, _>(staying).load(conn)?;
    for reference in references {
        reference.carry(conn, tenant, ends)?;
    }
    Ok(())
}

impl Reference {
    fn carry(&self, conn: &mut PgConnection, tenant: TenantId, Move { merge, from, to }: Move) -> Result<()> {
        let Self { relation, reference, key, .. } = self;
        let parts: Vec<String> = key
            .iter()
            .map(|column| match column == reference {
                true => format!("'{column}', $3"),
                false => format!("'{column}', t.{column}"),
            })
            .collect();
        let sql = format!(
            "WITH moved AS ( \
                 UPDATE {relation} t SET {reference} = $2 WHERE t.tenant_id = $1 AND t.{reference} = $3 {collisions} \
                 RETURNING jsonb_build_object({parts}) AS row_key \
             ) \
             INSERT INTO customer_merge_rows AS known (tenant_id, merge_id, relation, row_key, before, after) \
             SELECT $1, $4, '{relation}', row_key, jsonb_build_object('{reference}', $3), \
                 jsonb_build_object('{reference}', $2) FROM moved \
             ON CONFLICT (tenant_id, merge_id, relation, row_key) DO UPDATE \
                 SET before = EXCLUDED.before || known.before, after = known.after || EXCLUDED.after",
            collisions = self.collisions(),
            parts = parts.join(", "),
        );
        let query = diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(to);
        query.bind::<SqlUuid, _>(from).bind::<SqlUuid, _>(merge).execute(conn)?;
        Ok(())
    }

    fn collisions(&self) -> String {
        let Self { relation, reference, key, same, within } = self;
        let is_row: Vec<String> = key.iter().map(|column| format!("mine.{column} = t.{column}")).collect();
        let clause = |(same, within): (&String, &String)| {
            format!(
                "AND NOT EXISTS (SELECT FROM (SELECT * FROM {relation} WHERE {within}) mine, \
                 (SELECT * FROM {relation} WHERE {within}) theirs WHERE mine.tenant_id = $1 AND {is_row} \
                 AND theirs.tenant_id = $1 AND theirs.{reference} = $2 AND {same})",
                is_row = is_row.join(" AND "),
            )
        };
        same.iter().zip(within).map(clause).collect::<Vec<_>>().join(" ")
    }
}

/// Writes down that columns of a row were changed; see `customer_merge_rows`.
pub(super) fn note(
    conn: &mut PgConnection,
    tenant: TenantId,
    merge: MergeId,
    relation: &str,
    row: &Noted,
) -> Result<()> {
    diesel::sql_query(
        "INSERT INTO customer_merge_rows AS known (tenant_id, merge_id, relation, row_key, before, after) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, merge_id, relation, row_key) DO UPDATE \
         SET before = EXCLUDED.before || known.before, after = known.after || EXCLUDED.after",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(merge)
    .bind::<Text, _>(relation)
    .bind::<diesel::sql_types::Jsonb, _>(&row.row_key)
    .bind::<diesel::sql_types::Jsonb, _>(&row.before)
    .bind::<diesel::sql_types::Jsonb, _>(&row.after)
    .execute(conn)?;
    Ok(())
}

/// A row as it is written down.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Noted {
    #[diesel(sql_type = diesel::sql_types::Jsonb)]
    pub row_key: serde_json::Value,
    #[diesel(sql_type = diesel::sql_types::Jsonb)]
    pub before: serde_json::Value,
    #[diesel(sql_type = diesel::sql_types::Jsonb)]
    pub after: serde_json::Value,
}

/// What a merge wrote down about rows of `relation`.
pub(super) fn noted(conn: &mut PgConnection, tenant: TenantId, merge: MergeId, relation: &str) -> Result<Vec<Noted>> {
    let query = diesel::sql_query(
        "SELECT row_key, before, after FROM customer_merge_rows \
         WHERE tenant_id = $1 AND merge_id = $2 AND relation = $3 ORDER BY row_key",
    );
    let query = query.bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(merge).bind::<Text, _>(relation);
    Ok(query.load(conn)?)
}

#[derive(QueryableByName)]
struct Touched {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = Array<Text>)]
    columns: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    key: Vec<String>,
}

const TOUCHED: &str = "
    SELECT relation, array_agg(DISTINCT quote_ident(changed)) AS columns, ARRAY(
        SELECT quote_ident(k.attname) FROM pg_index i JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = ANY(i.indkey)
        WHERE i.indrelid = relation::regclass AND i.indisprimary AND k.attname <> 'tenant_id' ORDER BY k.attnum
    ) AS key
    FROM (
        SELECT relation::text, jsonb_object_keys(before) AS changed FROM customer_merge_rows
        WHERE tenant_id = $1 AND merge_id = $2 AND NOT (relation = ANY($3))
    ) AS rows
    GROUP BY relation ORDER BY relation";

/// Puts back what a merge changed, column by column, where it is still as the merge left it; not in the tables of
/// `except`.
pub(super) fn back(conn: &mut PgConnection, tenant: TenantId, merge: MergeId, except: &[&str]) -> Result<()> {
    let query = diesel::sql_query(TOUCHED).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(merge);
    let touched: Vec<Touched> = query.bind::<Array<Text>, _>(except).load(conn)?;
    for Touched { relation, columns, key } in touched {
        let set = columns.iter().map(|column| {
            format!(
                "{column} = CASE WHEN jsonb_exists(r.before, '{column}') AND t.{column} IS NOT DISTINCT FROM a.{column} \
                 THEN b.{column} ELSE t.{column} END"
            )
        });
        let set: Vec<String> = set.collect();
        let is_row: Vec<String> = key.iter().map(|column| format!("t.{column} = a.{column}")).collect();
        let sql = format!(
            "UPDATE {relation} t SET {set} FROM customer_merge_rows r, \
                 LATERAL jsonb_populate_record(NULL::{relation}, r.row_key || r.after) a, \
                 LATERAL jsonb_populate_record(NULL::{relation}, r.before) b \
             WHERE r.tenant_id = $1 AND r.merge_id = $2 AND r.relation = '{relation}' AND t.tenant_id = $1 AND {is_row}",
            set = set.join(", "),
            is_row = is_row.join(" AND "),
        );
        diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(merge).execute(conn)?;
    }
    Ok(())
}
