//! A look through all customers of a tenant for duplicates, a piece at a time: by addresses, by external ids, by names.
//! Each piece is one statement and one step of the scan's row, so whoever is killed in between goes on from there.

use super::scoring::{LEAST, SCORED};
use crate::ids;
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::schema::duplicate_scans;
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, SmallInt, Text, Uuid as SqlUuid};

ids! {
    /// A look through all customers.
    ScanId,
}

/// The kind of the event that says that a scan is further.
pub const CHANGED: &str = "duplicate_scan";
/// Rows of one piece: about a third of a second.
const PIECE: i64 = 20_000;
/// Records with one address of which it says nothing any more: an office's switchboard, a test number.
const MOST_ALIKE: i64 = 20;
/// The same of names, which count with a company only.
const MOST_NAMESAKES: i64 = 500;

#[auto_type]
fn of(tenant: TenantId) -> _ {
    duplicate_scans::table.filter(duplicate_scans::tenant_id.eq(tenant))
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = duplicate_scans)]
pub struct Scan {
    pub id: ScanId,
    stage: String,
    after_key: String,
    pub looked_at: i64,
    /// About as many there are to look at.
    pub total: i64,
    pub found: i64,
    pub created_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl Scan {
    /// 0 to 100
    pub fn percent(&self) -> i64 {
        if self.ended_at.is_some() { 100 } else { (self.looked_at * 100 / self.total.max(1)).min(99) }
    }
}

/// Begins a scan, unless one is under way. False: one is.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, by: Option<UserId>) -> Result<bool> {
    let id = ScanId::new();
    let sql = "INSERT INTO duplicate_scans (tenant_id, id, requested_by, total) SELECT $1, $2, $3, \
                   (SELECT count(*) FROM customer_identities WHERE tenant_id = $1 AND deleted_at IS NULL AND match_key IS NOT NULL) \
                 + (SELECT count(*) FROM customers WHERE tenant_id = $1 AND deleted_at IS NULL AND name_sound IS NOT NULL) \
               ON CONFLICT DO NOTHING";
    let query = diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(id);
    let begun = query.bind::<Nullable<SqlUuid>, _>(by).execute(conn)? > 0;
    if begun {
        audit::record(conn, tenant, &Entry::new("asked_for", "duplicate_scans", id.get()))?;
        live::announce(conn, tenant, CHANGED, id.get())?;
    }
    Ok(begun)
}

/// The newest, under way or over.
pub fn latest(conn: &mut PgConnection, tenant: TenantId) -> Result<Option<Scan>> {
    let newest = of(tenant).order((duplicate_scans::created_at.desc(), duplicate_scans::id.desc()));
    Ok(newest.select(Scan::as_select()).first(conn).optional()?)
}

#[derive(QueryableByName)]
struct Piece {
    #[diesel(sql_type = Nullable<Text>)]
    until: Option<String>,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    found: i64,
}

/// Looks at the next piece. False: nothing is left to look at.
pub fn go_on(conn: &mut PgConnection, tenant: TenantId) -> Result<bool> {
    let under_way = of(tenant).filter(duplicate_scans::ended_at.is_null());
    let scan: Option<Scan> = under_way.select(Scan::as_select()).for_update().first(conn).optional()?;
    let Some(scan) = scan else { return Ok(false) };
    match scan.stage.as_str() {
        "addresses" => scan.piece(conn, tenant, ADDRESS_KEYS, ADDRESSES, MOST_ALIKE, "external_ids")?,
        "external_ids" => scan.piece(conn, tenant, ID_KEYS, EXTERNAL_IDS, MOST_ALIKE, "names")?,
        _ => scan.piece(conn, tenant, NAME_KEYS, NAMES, MOST_NAMESAKES, "done")?,
    }
    Ok(of(tenant)
        .filter(duplicate_scans::id.eq(scan.id))
        .select(duplicate_scans::ended_at)
        .first::<Option<DateTime<Utc>>>(conn)?
        .is_none())
}

const ADDRESS_KEYS: &str = "SELECT match_key AS key FROM customer_identities WHERE tenant_id = $1 AND match_key > $2 \
                            AND deleted_at IS NULL AND match_key IS NOT NULL ORDER BY match_key LIMIT $3";
const ADDRESSES: &str = "
    chunk AS MATERIALIZED (
        SELECT match_key, customer_id, count(*) OVER (PARTITION BY match_key) AS size FROM customer_identities
        WHERE tenant_id = $1 AND match_key > $2 AND match_key <= $3 AND deleted_at IS NULL AND match_key IS NOT NULL
    ), pairs AS MATERIALIZED (
        SELECT DISTINCT a.customer_id AS left_id, b.customer_id AS right_id FROM chunk a
        JOIN chunk b ON b.match_key = a.match_key AND b.customer_id > a.customer_id WHERE a.size <= $4
    )";

const ID_KEYS: &str = "SELECT external_id::text COLLATE \"C\" AS key FROM customers WHERE tenant_id = $1 AND deleted_at IS NULL \
                       AND external_id IS NOT NULL AND external_id > $2 AND $3 > 0 ORDER BY 1 DESC LIMIT 1";
const EXTERNAL_IDS: &str = "
    chunk AS MATERIALIZED (
        SELECT id, key, count(*) OVER (PARTITION BY key) AS size FROM (
            SELECT id, lower(btrim(external_id)) AS key FROM customers
            WHERE tenant_id = $1 AND deleted_at IS NULL AND external_id IS NOT NULL AND $2 <= $3
        ) AS ids
    ), pairs AS MATERIALIZED (
        SELECT a.id AS left_id, b.id AS right_id FROM chunk a
        JOIN chunk b ON b.key = a.key AND b.id > a.id WHERE a.size <= $4
    )";

const NAME_KEYS: &str = "SELECT name_sound AS key FROM customers WHERE tenant_id = $1 AND name_sound > $2 \
                         AND deleted_at IS NULL AND name_sound IS NOT NULL ORDER BY name_sound LIMIT $3";
const NAMES: &str = "
    chunk AS MATERIALIZED (
        SELECT id, name_sound, count(*) OVER (PARTITION BY name_sound) AS size, phone IS NOT NULL AS has_phone,
            email IS NOT NULL AS has_email, NULLIF(switchboard_latin(company), '') AS company,
            switchboard_company_domain(email) AS domain
        FROM customers
        WHERE tenant_id = $1 AND name_sound > $2 AND name_sound <= $3 AND deleted_at IS NULL AND name_sound IS NOT NULL
    ), pairs AS MATERIALIZED (
        SELECT a.id AS left_id, b.id AS right_id FROM chunk a
        JOIN chunk b ON b.name_sound = a.name_sound AND b.id > a.id
        WHERE a.size <= $4 AND (
            a.company = b.company OR a.domain = b.domain
            OR a.size <= 20 AND NOT (a.has_phone AND b.has_phone) AND NOT (a.has_email AND b.has_email))
    )";

impl Scan {
    fn piece(
        &self,
        conn: &mut PgConnection,
        tenant: TenantId,
        keys: &str,
        pairs: &str,
        most: i64,
        next: &str,
    ) -> Result<()> {
        let sql = format!("SELECT max(key) AS until, count(*) AS rows FROM ({keys}) AS keys");
        let query = diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<Text, _>(&self.after_key);
        let piece: Piece = query.bind::<BigInt, _>(PIECE).get_result(conn)?;
        let Some(until) = &piece.until else { return self.turn_to(conn, tenant, next) };
        let sql = format!(
            "WITH {pairs}, {SCORED}, stored AS ( \
                 INSERT INTO duplicate_pairs AS known (tenant_id, left_id, right_id, score, reasons) \
                 SELECT $1, left_id, right_id, score, reasons FROM scored WHERE score >= $5 AND {NOT_TOLD_APART} \
                 ON CONFLICT (tenant_id, left_id, right_id) DO UPDATE SET score = greatest(known.score, EXCLUDED.score), \
                     reasons = CASE WHEN 'whatsapp' = ANY(known.reasons) THEN known.reasons ELSE EXCLUDED.reasons END, \
                     seen_at = now(), updated_at = now() \
                 WHERE known.state = 'open' RETURNING 1) \
             SELECT count(*) AS found FROM stored"
        );
        let query = diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<Text, _>(&self.after_key);
        let query = query.bind::<Text, _>(until).bind::<BigInt, _>(most).bind::<SmallInt, _>(LEAST);
        let Found { found } = query.get_result(conn)?;
        diesel::update(of(tenant).filter(duplicate_scans::id.eq(self.id)))
            .set((
                duplicate_scans::after_key.eq(until),
                duplicate_scans::looked_at.eq(duplicate_scans::looked_at + piece.rows),
                duplicate_scans::found.eq(duplicate_scans::found + found),
                duplicate_scans::updated_at.eq(Utc::now()),
            ))
            .execute(conn)?;
        live::announce(conn, tenant, CHANGED, self.id.get())
    }

    fn turn_to(&self, conn: &mut PgConnection, tenant: TenantId, next: &str) -> Result<()> {
        let is_over = next == "done";
        let now = Utc::now();
        diesel::update(of(tenant).filter(duplicate_scans::id.eq(self.id)))
            .set((
                duplicate_scans::stage.eq(next),
                duplicate_scans::after_key.eq(""),
                duplicate_scans::ended_at.eq(is_over.then_some(now)),
                duplicate_scans::updated_at.eq(now),
            ))
            .execute(conn)?;
        if is_over {
            self.forget(conn, tenant)?;
        }
        live::announce(conn, tenant, CHANGED, self.id.get())
    }

    /// What a whole scan no longer finds, and scans of long ago.
    fn forget(&self, conn: &mut PgConnection, tenant: TenantId) -> Result<()> {
        diesel::sql_query(
            "DELETE FROM duplicate_pairs WHERE tenant_id = $1 AND state = 'open' AND seen_at < $2 AND NOT 'whatsapp' = ANY(reasons)",
        )
        .bind::<SqlUuid, _>(tenant)
        .bind::<diesel::sql_types::Timestamptz, _>(self.created_at)
        .execute(conn)?;
        diesel::sql_query("DELETE FROM duplicate_scans WHERE tenant_id = $1 AND ended_at < now() - interval '30 days'")
            .bind::<SqlUuid, _>(tenant)
            .execute(conn)?;
        Ok(())
    }
}

/// Nobody has said of either, or of a record that was joined into either, that it is another person.
const NOT_TOLD_APART: &str = "NOT EXISTS (SELECT FROM duplicate_pairs d \
    JOIN customers l ON l.tenant_id = $1 AND l.id = d.left_id JOIN customers r ON r.tenant_id = $1 AND r.id = d.right_id \
    WHERE d.tenant_id = $1 AND d.state = 'dismissed' \
        AND least(COALESCE(l.merged_into_id, l.id), COALESCE(r.merged_into_id, r.id)) = scored.left_id \
        AND greatest(COALESCE(l.merged_into_id, l.id), COALESCE(r.merged_into_id, r.id)) = scored.right_id)";
