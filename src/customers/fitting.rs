//! Which customers fit a filter, as a query.
//!
//! Row level security lets only uuids, times and texts be conditions of an index. So `switchboard_narrow_customers` is
//! asked first whether one of the conditions leaves few customers; then just those are read. Otherwise every condition
//! leaves many, and the order's own index is walked until the page is full; by names not without an end, for they hang
//! together with what was asked for: whoever is nameless stands together, and every Garcia.

use super::filter::{Filter, Seen, Standing, Test, ValueTest};
use super::listing::Sort;
use super::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::{consent_states, customer_labels, customers};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::expression::BoxableExpression;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use serde_json::{Value, json};

/// A condition that more customers fit is none to begin with: walking is quicker then.
const FEW: i32 = 2000;

pub(super) type Rows = customers::BoxedQuery<'static, Pg>;
type Condition = Box<dyn BoxableExpression<customers::table, Pg, SqlType = Bool>>;

#[auto_type]
pub(super) fn ever_of(tenant: TenantId) -> _ {
    customers::table.filter(customers::tenant_id.eq(tenant))
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn switchboard_narrow_customers(tenant: SqlUuid, wanted: Jsonb, most: Integer) -> Nullable<Array<SqlUuid>>;
    fn switchboard_patterns(words: Array<Text>) -> Array<Text>;
    fn split_part(text: Text, at: Text, nth: Integer) -> Text;
    fn jsonb_ge(one: Nullable<Jsonb>, other: Jsonb) -> Nullable<Bool>;
    fn jsonb_le(one: Nullable<Jsonb>, other: Jsonb) -> Nullable<Bool>;
}

/// Those who fit a filter, as far as indexes know.
pub(super) enum Fitting {
    Nobody,
    /// They were collected: so few that they can be sorted.
    Few(Rows),
    /// Every condition leaves many: one who fits is soon met on the way through a list.
    Many(Rows),
}

impl Fitting {
    /// None where nobody can fit.
    pub(super) fn rows(self) -> Option<Rows> {
        match self {
            Self::Nobody => None,
            Self::Few(rows) | Self::Many(rows) => Some(rows),
        }
    }
}

/// Whom a filter leaves, for a list in the order of `sort`.
pub(super) fn fitting(conn: &mut PgConnection, tenant: TenantId, filter: &Filter, sort: Sort) -> Result<Fitting> {
    let now = Utc::now();
    narrowed(conn, tenant, filter, (sort, now), filter.narrowing(now))
}

/// The same where on the way through the names or companies too few were met: more are collected.
pub(super) fn gathered(conn: &mut PgConnection, tenant: TenantId, filter: &Filter, sort: Sort) -> Result<Fitting> {
    narrowed(conn, tenant, filter, (sort, Utc::now()), filter.naming())
}

fn narrowed(
    conn: &mut PgConnection,
    tenant: TenantId,
    filter: &Filter,
    (sort, now): (Sort, DateTime<Utc>),
    narrowing: Vec<Value>,
) -> Result<Fitting> {
    if filter.is_vain {
        return Ok(Fitting::Nobody);
    }
    let rows = fit(ever_of(tenant).into_boxed::<Pg>(), filter, sort, now);
    match &filter.picked {
        Some(_) if filter.words.is_empty() => return Ok(Fitting::Few(rows)),
        _ if narrowing.is_empty() => return Ok(Fitting::Many(rows)),
        _ => {}
    }
    let few = switchboard_narrow_customers(tenant, json!(narrowing), FEW);
    let (few, patterns): (Option<Vec<CustomerId>>, Vec<String>) =
        diesel::select((few, switchboard_patterns(filter.words.clone()))).get_result(conn)?;
    let rows = match named(filter, patterns) {
        Some(condition) => rows.filter(condition),
        None => rows,
    };
    Ok(match few {
        Some(few) if few.is_empty() => Fitting::Nobody,
        Some(few) => Fitting::Few(rows.filter(customers::id.eq_any(few))),
        None => Fitting::Many(rows),
    })
}

/// The record or the note has the words.
fn named(filter: &Filter, patterns: Vec<String>) -> Option<Condition> {
    let each = patterns.into_iter().map(|pattern| -> Condition {
        match filter.by_address {
            true => Box::new(customers::search_text.like(pattern)),
            false => Box::new(split_part(customers::search_text, "\n", 1).like(pattern)),
        }
    });
    let record = each.reduce(|one, other| Box::new(one.and(other)))?;
    Some(match filter.notes.is_empty() {
        true => record,
        false => {
            let notes: Vec<Option<i64>> = filter.notes.iter().copied().map(Some).collect();
            Box::new(record.or(customers::note_words.contains(notes)))
        }
    })
}

fn fit(rows: Rows, filter: &Filter, sort: Sort, now: DateTime<Utc>) -> Rows {
    let mut rows = match filter.standing {
        Standing::In(state) => rows.filter(customers::state.eq(state)),
        Standing::Present => rows.filter(customers::deleted_at.is_null()),
        Standing::Any => rows,
    };
    if let Some(picked) = &filter.picked {
        rows = rows.filter(customers::id.eq_any(picked.clone()));
    }
    if let Some(wanted) = filter.customer_type {
        rows = rows.filter(customers::customer_type.eq(wanted));
    }
    // Looked up row by row: joined, a plan that does not know how few rows are wanted would read all of a label's.
    for label in &filter.labels {
        let sticks = customer_labels::table
            .filter(customer_labels::tenant_id.eq(customers::tenant_id))
            .filter(customer_labels::customer_id.eq(customers::id))
            .filter(customer_labels::label_id.eq(*label))
            .select(customer_labels::label_id)
            .single_value();
        rows = rows.filter(sticks.is_not_null());
    }
    if let Some(test) = filter.consent {
        let said = consent_states::table
            .filter(consent_states::tenant_id.eq(customers::tenant_id))
            .filter(consent_states::customer_id.eq(customers::id))
            .filter(consent_states::purpose.eq(test.purpose))
            .filter(consent_states::channel.eq(test.channel))
            .select(consent_states::state)
            .single_value();
        rows = match test.state {
            Some(state) => rows.filter(said.eq(state)),
            None => rows.filter(said.is_null()),
        };
    }
    if let Some(seen) = filter.seen {
        rows = seen_then(rows, seen, sort, now);
    }
    if filter.made_from.is_some() || filter.made_until.is_some() {
        let (from, until) = filter.made();
        rows = rows.filter(customers::id.ge(from).and(customers::id.lt(until)));
    }
    filter.values.iter().fold(rows, valued)
}

fn seen_then(rows: Rows, seen: Seen, sort: Sort, now: DateTime<Utc>) -> Rows {
    let (from, until) = seen.range(now);
    // By its index only in its own order: a plan that does not know the times would else read all that were seen.
    match (sort, seen) {
        (Sort::Seen, _) => rows.filter(customers::sort_seen.ge(from).and(customers::sort_seen.lt(until))),
        (_, Seen::Within(_)) => rows.filter(customers::last_seen_at.ge(from).assume_not_null()),
        (_, Seen::NotWithin(_)) => {
            let long_ago = customers::last_seen_at.lt(until).assume_not_null();
            rows.filter(customers::last_seen_at.is_null().or(long_ago))
        }
        (_, Seen::Never) => rows.filter(customers::last_seen_at.is_null()),
    }
}

fn valued(rows: Rows, ValueTest { key, test }: &ValueTest) -> Rows {
    let key = key.clone();
    match test {
        Test::Is(value) => rows.filter(customers::attributes.contains(json!({ (key): value }))),
        Test::Contains(text) => {
            let plain = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let text = customers::attributes.retrieve_as_text(key);
            rows.filter(text.ilike(format!("%{plain}%")).assume_not_null())
        }
        Test::Numbers(from, until) => {
            let number = || customers::attributes.retrieve_as_object(key.clone()).nullable();
            let rows = match from {
                Some(from) => rows.filter(jsonb_ge(number(), json!(from)).assume_not_null()),
                None => rows.filter(customers::attributes.has_key(key.clone())),
            };
            match until {
                Some(until) => rows.filter(jsonb_le(number(), json!(until)).assume_not_null()),
                None => rows,
            }
        }
        Test::Dates(from, until) => {
            let date = || customers::attributes.retrieve_as_text(key.clone());
            let rows = match from {
                Some(from) => rows.filter(date().ge(from.clone()).assume_not_null()),
                None => rows.filter(customers::attributes.has_key(key.clone())),
            };
            match until {
                Some(until) => rows.filter(date().le(until.clone()).assume_not_null()),
                None => rows,
            }
        }
        Test::Empty => rows.filter(diesel::dsl::not(customers::attributes.has_key(key))),
    }
}
