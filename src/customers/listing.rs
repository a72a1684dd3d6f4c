//! The list of customers, a page at a time, in any order and narrowed by any filter.

use super::filter::Filter;
use super::fitting::{Fitting, Rows, ever_of, fitting, gathered};
use super::model::{self, CustomerId, CustomerState, CustomerType};
use crate::kit::error::Result;
use crate::kit::page::TextCursor;
use crate::kit::tenant::TenantId;
use crate::labels::model::LabelId;
use crate::schema::{customer_labels, customers};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Customers on a page.
pub const PAGE: usize = 50;
/// Rows at once, for a list that was scrolled down and is shown anew.
pub const MOST: usize = 500;
/// Customers passed at most on the way through names or companies, before those who fit are collected instead.
const WALK: i64 = 3_000;

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

impl Order {
    fn reversed(self) -> Self {
        Self { is_descending: !self.is_descending, ..self }
    }
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
        model::name(&self.first_name, &self.last_name, &self.display_name).unwrap_or_default()
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
    let size = i64::try_from(size).unwrap_or(i64::MAX - 1) + 1;
    let read = |conn: &mut PgConnection, rows: Rows, until: Option<TextCursor>| -> Result<Vec<Row>> {
        let rows = match &after {
            Some(place) => beyond(rows, order, place),
            None => rows,
        };
        let rows = match &until {
            Some(place) => beyond(rows, order.reversed(), place),
            None => rows,
        };
        Ok(ordered(rows, order).limit(size).select(Row::as_select()).load(conn)?)
    };
    let hangs_together = matches!(order.sort, Sort::Name | Sort::Company) && !filter.naming().is_empty();
    let rows = match fitting(conn, tenant, filter, order.sort)? {
        Fitting::Nobody => return Ok(Vec::new()),
        Fitting::Many(rows) if hangs_together => {
            let Some(place) = ahead(conn, tenant, order, after.as_ref())? else { return read(conn, rows, None) };
            let met = read(conn, rows, Some(place))?;
            if met.len() as i64 == size {
                return Ok(met);
            }
            gathered(conn, tenant, filter, order.sort)?.rows()
        }
        Fitting::Few(rows) | Fitting::Many(rows) => Some(rows),
    };
    rows.map_or(Ok(Vec::new()), |rows| read(conn, rows, None))
}

/// The customer who stands `WALK` places after `after`, whoever fits or not; None where the list ends before.
fn ahead(
    conn: &mut PgConnection,
    tenant: TenantId,
    order: Order,
    after: Option<&TextCursor>,
) -> Result<Option<TextCursor>> {
    let everybody = ever_of(tenant).into_boxed();
    let rows = match after {
        Some(place) => beyond(everybody, order, place),
        None => everybody,
    };
    let rows = ordered(rows, order).offset(WALK).limit(1);
    let place: Option<(String, CustomerId)> = match order.sort {
        Sort::Company => rows.select((customers::sort_company, customers::id)).first(conn).optional()?,
        _ => rows.select((customers::sort_name, customers::id)).first(conn).optional()?,
    };
    Ok(place.map(|(text, id)| TextCursor { text, id: id.get() }))
}

/// At most `size` customers after `after`, in the order in which they were made.
pub fn ids(
    conn: &mut PgConnection,
    tenant: TenantId,
    filter: &Filter,
    after: Option<CustomerId>,
    size: usize,
) -> Result<Vec<CustomerId>> {
    let Some(mut rows) = fitting(conn, tenant, filter, Sort::Created)?.rows() else { return Ok(Vec::new()) };
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
    match fitting(conn, tenant, filter, Sort::Created)?.rows() {
        Some(rows) => Ok(rows.count().get_result(conn)?),
        None => Ok(0),
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
fn beyond(rows: Rows, Order { sort, is_descending }: Order, TextCursor { text, id: last }: &TextCursor) -> Rows {
    use customers::{id, sort_company, sort_name, sort_seen};
    let last = CustomerId::from(*last);
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
