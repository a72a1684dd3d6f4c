//! The list of customers, a page at a time, in any order and narrowed by any filter.
//!
//! Row level security lets only uuids, times and texts be conditions of an index. So `switchboard_narrow_customers` is
//! asked first whether one of the conditions leaves few customers; then just those are read. Otherwise every condition
//! leaves many, and the order's own index is walked until the page is full.

use super::filter::{Filter, Seen, Standing, Test, ValueTest};
use super::model::{CustomerId, CustomerState, CustomerType};
use crate::kit::error::Result;
use crate::kit::page::TextCursor;
use crate::kit::tenant::TenantId;
use crate::labels::model::LabelId;
use crate::schema::{consent_states, customer_labels, customers};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::expression::BoxableExpression;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Customers on a page.
pub const PAGE: usize = 50;
/// Rows at once, for a list that was scrolled down and is shown anew.
pub const MOST: usize = 500;
/// A condition that more customers fit is none to begin with: walking is quicker then.
const FEW: i32 = 2000;

#[diesel::declare_sql_function]
extern "SQL" {
    fn switchboard_narrow_customers(tenant: SqlUuid, wanted: Jsonb, most: Integer) -> Nullable<Array<SqlUuid>>;
    fn switchboard_patterns(words: Array<Text>) -> Array<Text>;
    fn split_part(text: Text, at: Text, nth: Integer) -> Text;
    fn jsonb_ge(one: Nullable<Jsonb>, other: Jsonb) -> Nullable<Bool>;
    fn jsonb_le(one: Nullable<Jsonb>, other: Jsonb) -> Nullable<Bool>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    #[default]
    Name,
    Seen,
    Created,
    Company,
}

impl Sort {
    pub const ALL: [Self; 4] = [Self::Name, Self::Seen, Self::Created, Self::Company];

    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Seen => "last_seen",
            Self::Created => "created",
            Self::Company => "company",
        }
    }

    /// Names begin with A, times with the newest.
    pub fn is_usually_descending(self) -> bool {
        matches!(self, Self::Seen | Self::Created)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Order {
    pub sort: Sort,
    pub is_descending: bool,
}

/// A customer as lists and exports show one.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = customers)]
pub struct Row {
    pub id: CustomerId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub display_name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub company: Option<String>,
    pub customer_type: CustomerType,
    pub state: CustomerState,
    pub locale: Option<String>,
    pub time_zone: Option<String>,
    pub external_id: Option<String>,
    /// By the key of the tenant's own field.
    pub attributes: Value,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub restricted_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    sort_name: String,
    sort_company: String,
}

impl Row {
    /// The best name there is; empty for somebody without one.
    pub fn name(&self) -> String {
        let names: Vec<&str> = [&self.first_name, &self.last_name].into_iter().flatten().map(String::as_str).collect();
        match names.is_empty() {
            false => names.join(" "),
            true => self.display_name.clone().unwrap_or_default(),
        }
    }

    /// Where the next page begins when this is the last row of one.
    pub fn place(&self, sort: Sort) -> TextCursor {
        let text = match sort {
            Sort::Name => self.sort_name.clone(),
            Sort::Company => self.sort_company.clone(),
            Sort::Seen => self.last_seen_at.unwrap_or_default().timestamp_micros().to_string(),
            Sort::Created => String::new(),
        };
        TextCursor { text, id: self.id.get() }
    }
}

type Rows = customers::BoxedQuery<'static, Pg>;
type Condition = Box<dyn BoxableExpression<customers::table, Pg, SqlType = Bool>>;

#[auto_type]
pub(super) fn ever_of(tenant: TenantId) -> _ {
    customers::table.filter(customers::tenant_id.eq(tenant))
}

#[auto_type]
fn labels_of(tenant: TenantId) -> _ {
    customer_labels::table.filter(customer_labels::tenant_id.eq(tenant))
}

/// `size + 1` customers after `after`, so that `page::cut` can tell whether more follow.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    filter: &Filter,
    order: Order,
    after: Option<TextCursor>,
    size: usize,
) -> Result<Vec<Row>> {
    let Some(rows) = fitting(conn, tenant, filter, order.sort)? else { return Ok(Vec::new()) };
    let rows = match after {
        Some(place) => beyond(rows, order, place),
        None => rows,
    };
    let size = i64::try_from(size).unwrap_or(i64::MAX - 1);
    Ok(ordered(rows, order).limit(size + 1).select(Row::as_select()).load(conn)?)
}

/// At most `size` customers after `after`, in the order in which they were made.
pub fn ids(
    conn: &mut PgConnection,
    tenant: TenantId,
    filter: &Filter,
    after: Option<CustomerId>,
    size: usize,
) -> Result<Vec<CustomerId>> {
    let Some(mut rows) = fitting(conn, tenant, filter, Sort::Created)? else { return Ok(Vec::new()) };
    if let Some(after) = after {
        rows = rows.filter(customers::id.gt(after));
    }
    Ok(rows.order(customers::id).limit(i64::try_from(size).unwrap_or(i64::MAX)).select(customers::id).load(conn)?)
}

/// Which labels stick to each of these customers, also such as were deleted.
pub fn labels(
    conn: &mut PgConnection,
    tenant: TenantId,
    customers: &[CustomerId],
) -> Result<Vec<(CustomerId, LabelId)>> {
    let theirs = labels_of(tenant).filter(customer_labels::customer_id.eq_any(customers));
    Ok(theirs.select((customer_labels::customer_id, customer_labels::label_id)).load(conn)?)
}

/// How many fit. Reads them all where the filter leaves many, so pages do not ask.
pub fn count(conn: &mut PgConnection, tenant: TenantId, filter: &Filter) -> Result<i64> {
    match fitting(conn, tenant, filter, Sort::Created)? {
        Some(rows) => Ok(rows.count().get_result(conn)?),
        None => Ok(0),
    }
}

/// None where nobody can fit.
fn fitting(conn: &mut PgConnection, tenant: TenantId, filter: &Filter, sort: Sort) -> Result<Option<Rows>> {
    if filter.is_vain {
        return Ok(None);
    }
    let now = Utc::now();
    let rows = fit(ever_of(tenant).into_boxed::<Pg>(), filter, sort, now);
    let narrowing = filter.narrowing(now, matches!(sort, Sort::Name | Sort::Company));
    if narrowing.is_empty() || filter.picked.is_some() && filter.words.is_empty() {
        return Ok(Some(rows));
    }
    let few = switchboard_narrow_customers(tenant, json!(narrowing), FEW);
    let (few, patterns): (Option<Vec<CustomerId>>, Vec<String>) =
        diesel::select((few, switchboard_patterns(filter.words.clone()))).get_result(conn)?;
    let rows = match named(filter, patterns) {
        Some(condition) => rows.filter(condition),
        None => rows,
    };
    Ok(match few {
        Some(few) if few.is_empty() => None,
        Some(few) => Some(rows.filter(customers::id.eq_any(few))),
        None => Some(rows),
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
        let (from, until) = seen.range(now);
        // Only in its own order: a plan that does not know the times would else read by this index all that were seen.
        rows = match (sort, seen) {
            (Sort::Seen, _) => rows.filter(customers::sort_seen.ge(from).and(customers::sort_seen.lt(until))),
            (_, Seen::Within(_)) => rows.filter(customers::last_seen_at.ge(from).assume_not_null()),
            (_, Seen::NotWithin(_)) => {
                let long_ago = customers::last_seen_at.lt(until).assume_not_null();
                rows.filter(customers::last_seen_at.is_null().or(long_ago))
            }
            (_, Seen::Never) => rows.filter(customers::last_seen_at.is_null()),
        };
    }
    if filter.made_from.is_some() || filter.made_until.is_some() {
        let (from, until) = filter.made();
        rows = rows.filter(customers::id.ge(from).and(customers::id.lt(until)));
    }
    filter.values.iter().fold(rows, valued)
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

fn ordered(rows: Rows, Order { sort, is_descending }: Order) -> Rows {
    use customers::{id, sort_company, sort_name, sort_seen};
    match (sort, is_descending) {
        (Sort::Name, false) => rows.order((sort_name, id)),
        (Sort::Name, true) => rows.order((sort_name.desc(), id.desc())),
        (Sort::Company, false) => rows.order((sort_company, id)),
        (Sort::Company, true) => rows.order((sort_company.desc(), id.desc())),
        (Sort::Seen, false) => rows.order((sort_seen, id)),
        (Sort::Seen, true) => rows.order((sort_seen.desc(), id.desc())),
        (Sort::Created, false) => rows.order(id),
        (Sort::Created, true) => rows.order(id.desc()),
    }
}

/// The rows after `place`. Said twice, so that the index begins there.
fn beyond(rows: Rows, Order { sort, is_descending }: Order, TextCursor { text, id: last }: TextCursor) -> Rows {
    use customers::{id, sort_company, sort_name, sort_seen};
    let last = CustomerId::from(last);
    let seen = text.parse().ok().and_then(DateTime::from_timestamp_micros).unwrap_or_default();
    macro_rules! beyond {
        ($key:expr, $value:expr) => {
            match is_descending {
                false => rows.filter($key.ge($value)).filter($key.gt($value).or($key.eq($value).and(id.gt(last)))),
                true => rows.filter($key.le($value)).filter($key.lt($value).or($key.eq($value).and(id.lt(last)))),
            }
        };
    }
    match sort {
        Sort::Name => beyond!(sort_name, text.clone()),
        Sort::Company => beyond!(sort_company, text.clone()),
        Sort::Seen => beyond!(sort_seen, seen),
        Sort::Created if is_descending => rows.filter(id.lt(last)),
        Sort::Created => rows.filter(id.gt(last)),
    }
}
