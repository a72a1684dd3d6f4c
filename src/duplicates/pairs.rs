//! Pairs of records that may be one person: found, offered, and decided on.

use super::reasons::Reason;
use crate::customers::model::CustomerId;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::page::TextCursor;
use crate::kit::tenant::TenantId;
use crate::pg_enum;
use crate::schema::{customers, duplicate_pairs};
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use serde_json::json;

pg_enum! {
    /// What was decided about two records.
    PairState over PairState { Open = "open", Dismissed = "dismissed", Merged = "merged" }
}

/// Pairs per page.
pub const PAGE: usize = 30;

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    duplicate_pairs::table.filter(duplicate_pairs::tenant_id.eq(tenant))
}

/// The two in the order of their ids.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = duplicate_pairs)]
pub struct Duplicate {
    pub left_id: CustomerId,
    pub right_id: CustomerId,
    /// 0 to 100
    pub score: i16,
    pub reasons: Vec<Option<String>>,
    pub state: PairState,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<DateTime<Utc>>,
}

impl Duplicate {
    pub fn reasons(&self) -> Vec<Reason> {
        Reason::of_words(self.reasons.iter().flatten().map(String::as_str))
    }

    /// Where the next page starts.
    pub fn cursor(&self) -> TextCursor {
        TextCursor { text: format!("{:03} {}", self.score, self.left_id), id: self.right_id.get() }
    }
}

/// `PAGE + 1` pairs of living customers, the likeliest first.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    state: PairState,
    reason: Option<Reason>,
    after: Option<&TextCursor>,
) -> Result<Vec<Duplicate>> {
    let (left, right) = diesel::alias!(customers as left_one, customers as right_one);
    let is_left = left
        .field(customers::tenant_id)
        .eq(duplicate_pairs::tenant_id)
        .and(left.field(customers::id).eq(duplicate_pairs::left_id))
        .and(left.field(customers::deleted_at).is_null());
    let is_right = right
        .field(customers::tenant_id)
        .eq(duplicate_pairs::tenant_id)
        .and(right.field(customers::id).eq(duplicate_pairs::right_id))
        .and(right.field(customers::deleted_at).is_null());
    let mut rows = of(tenant)
        .inner_join(left.on(is_left))
        .inner_join(right.on(is_right))
        .filter(duplicate_pairs::state.eq(state.literal()))
        .select(Duplicate::as_select())
        .into_boxed::<Pg>();
    if let Some(reason) = reason {
        rows = rows.filter(duplicate_pairs::reasons.contains(vec![Some(reason.word())]));
    }
    if let Some((score, left, right)) = after.and_then(place) {
        let same = duplicate_pairs::score.eq(score);
        let later = duplicate_pairs::left_id
            .lt(left)
            .or(duplicate_pairs::left_id.eq(left).and(duplicate_pairs::right_id.lt(right)));
        rows =
            rows.filter(duplicate_pairs::score.le(score)).filter(duplicate_pairs::score.lt(score).or(same.and(later)));
    }
    let rows = rows
        .order((duplicate_pairs::score.desc(), duplicate_pairs::left_id.desc(), duplicate_pairs::right_id.desc()))
        .limit(PAGE as i64 + 1)
        .load(conn)?;
    Ok(rows)
}

fn place(cursor: &TextCursor) -> Option<(i16, CustomerId, CustomerId)> {
    let (score, left) = cursor.text.split_once(' ')?;
    Some((score.parse().ok()?, left.parse().ok()?, cursor.id.into()))
}

fn sorted(one: CustomerId, other: CustomerId) -> (CustomerId, CustomerId) {
    (one.min(other), one.max(other))
}

/// # Errors
/// `NotFound` where nobody knows of such a pair.
pub fn find(conn: &mut PgConnection, tenant: TenantId, one: CustomerId, other: CustomerId) -> Result<Duplicate> {
    let (left, right) = sorted(one, other);
    let this = of(tenant).filter(duplicate_pairs::left_id.eq(left).and(duplicate_pairs::right_id.eq(right)));
    Ok(this.select(Duplicate::as_select()).first(conn)?)
}

/// "Not the same person": never offered again.
///
/// # Errors
/// `NotFound` unless both are customers of the tenant.
pub fn dismiss(
    conn: &mut PgConnection,
    tenant: TenantId,
    one: CustomerId,
    other: CustomerId,
    by: Option<UserId>,
) -> Result<()> {
    must_be_two(conn, tenant, one, other)?;
    decide(conn, tenant, (one, other), PairState::Dismissed, by)?;
    let entry = Entry::new("told_apart", "customers", one.get()).after(json!({ "from": other }));
    audit::record(conn, tenant, &entry)
}

/// Two who were told apart may be offered again; if they were never found alike, whenever they are.
///
/// # Errors
/// `NotFound` where nobody told them apart.
pub fn offer_again(conn: &mut PgConnection, tenant: TenantId, one: CustomerId, other: CustomerId) -> Result<()> {
    let (left, right) = sorted(one, other);
    let this = || {
        of(tenant)
            .filter(duplicate_pairs::left_id.eq(left).and(duplicate_pairs::right_id.eq(right)))
            .filter(duplicate_pairs::state.eq(PairState::Dismissed))
    };
    let forgotten = diesel::delete(this().filter(duplicate_pairs::score.eq(0))).execute(conn)?;
    let reopened = diesel::update(this())
        .set((
            duplicate_pairs::state.eq(PairState::Open),
            duplicate_pairs::decided_by.eq(None::<UserId>),
            duplicate_pairs::decided_at.eq(None::<DateTime<Utc>>),
            duplicate_pairs::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    if forgotten + reopened == 0 {
        return Err(Error::NotFound);
    }
    let entry = Entry::new("offered_again", "customers", one.get()).after(json!({ "with": other }));
    audit::record(conn, tenant, &entry)
}

/// WhatsApp says that they are one person, and somebody is to look at it.
pub(super) fn told_by_whatsapp(
    conn: &mut PgConnection,
    tenant: TenantId,
    one: CustomerId,
    other: CustomerId,
) -> Result<()> {
    let (left, right) = sorted(one, other);
    let reasons = vec![Some(Reason::Whatsapp.word())];
    let told = (duplicate_pairs::score.eq(100), duplicate_pairs::reasons.eq(&reasons));
    diesel::insert_into(duplicate_pairs::table)
        .values((
            duplicate_pairs::tenant_id.eq(tenant),
            duplicate_pairs::left_id.eq(left),
            duplicate_pairs::right_id.eq(right),
            told,
        ))
        .on_conflict((duplicate_pairs::tenant_id, duplicate_pairs::left_id, duplicate_pairs::right_id))
        .do_update()
        .set((told, duplicate_pairs::updated_at.eq(Utc::now())))
        .execute(conn)?;
    let entry = Entry::new("found_alike", "customers", left.get());
    audit::record(conn, tenant, &entry.after(json!({ "with": right, "source": "whatsapp" })))
}

fn must_be_two(conn: &mut PgConnection, tenant: TenantId, one: CustomerId, other: CustomerId) -> Result<()> {
    if one == other {
        return Err(Error::Refused("These are one and the same record.".into()));
    }
    for id in [one, other] {
        crate::customers::model::find(conn, tenant, id)?;
    }
    Ok(())
}

/// What was found out of two: joined, or told apart.
pub(super) fn decide(
    conn: &mut PgConnection,
    tenant: TenantId,
    (one, other): (CustomerId, CustomerId),
    state: PairState,
    by: Option<UserId>,
) -> Result<()> {
    let (left, right) = sorted(one, other);
    let now = Utc::now();
    let decision = (
        duplicate_pairs::state.eq(state),
        duplicate_pairs::decided_by.eq(by),
        duplicate_pairs::decided_at.eq(now),
        duplicate_pairs::updated_at.eq(now),
    );
    diesel::insert_into(duplicate_pairs::table)
        .values((
            duplicate_pairs::tenant_id.eq(tenant),
            duplicate_pairs::left_id.eq(left),
            duplicate_pairs::right_id.eq(right),
            duplicate_pairs::score.eq(0),
            duplicate_pairs::reasons.eq(Vec::<Option<String>>::new()),
            decision.clone(),
        ))
        .on_conflict((duplicate_pairs::tenant_id, duplicate_pairs::left_id, duplicate_pairs::right_id))
        .do_update()
        .set(decision)
        .execute(conn)?;
    Ok(())
}
