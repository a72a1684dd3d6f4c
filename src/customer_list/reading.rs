//! What a page of the list is made from, read in one transaction.

use super::look::Look;
use super::wish::Asker;
use crate::customers::attributes::{self, Definition};
use crate::customers::columns::{self, Column};
use crate::customers::counts::{self, Counts};
use crate::customers::filter::Filter;
use crate::customers::listing::{self, MOST, PAGE};
use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::form::Errors;
use crate::kit::page;
use crate::kit::tenant::TenantId;
use crate::labels::model::{self as labels, Label, LabelId};
use crate::saved_filters::model::{self as saved_filters, SavedFilter};
use crate::users::model::{UserId, names};
use crate::users::profile;
use diesel::PgConnection;

/// The word of this list among saved filters.
pub const LIST: &str = "customers";

#[derive(Default)]
pub struct Found {
    pub rows: Vec<listing::Row>,
    /// The cursor of the page after these.
    pub next: Option<String>,
    pub stuck: Vec<(CustomerId, LabelId)>,
    pub definitions: Vec<Definition>,
    pub labels: Vec<Label>,
    pub columns: Vec<Column>,
    pub counts: Counts,
    pub saved: Vec<SavedFilter>,
    /// Of those who share filters.
    pub names: Vec<(UserId, String)>,
    /// None where what was asked for cannot be understood.
    pub filter: Option<Filter>,
    pub errors: Errors,
}

/// Reads the page; `is_whole`: with what stands around the rows.
pub fn read(
    conn: &mut PgConnection,
    tenant: TenantId,
    look: &Look,
    asker: &Asker,
    user: UserId,
    is_whole: bool,
) -> Result<Found> {
    let mut found = Found { definitions: attributes::definitions(conn, tenant)?, ..Found::default() };
    found.columns = own_columns(conn, tenant, user, &found.definitions)?;
    found.labels = labels::list(conn, tenant, false)?;
    if is_whole {
        found.counts = counts::counts(conn, tenant)?;
        found.saved = saved_filters::list(conn, tenant, LIST, user)?;
        let sharing: Vec<UserId> = found.saved.iter().map(|one| one.created_by).filter(|by| *by != user).collect();
        found.names = if sharing.is_empty() { Vec::new() } else { names(conn, tenant, &sharing)? };
    }
    match look.filter(&found.definitions, asker) {
        Ok(filter) => read_rows(conn, tenant, look, filter, &mut found)?,
        Err(errors) => found.errors = errors,
    }
    Ok(found)
}

/// The columns that somebody has chosen; a visitor, who is a user elsewhere, sees the usual ones.
pub fn own_columns(
    conn: &mut PgConnection,
    tenant: TenantId,
    user: UserId,
    definitions: &[Definition],
) -> Result<Vec<Column>> {
    let chosen = profile::preferences(conn, tenant, user)?.and_then(|preferences| preferences.customer_columns);
    Ok(columns::chosen(chosen.as_deref(), definitions))
}

fn read_rows(conn: &mut PgConnection, tenant: TenantId, look: &Look, filter: Filter, found: &mut Found) -> Result<()> {
    let (order, size) = (look.order(), look.rows().clamp(PAGE, MOST));
    let (rows, has_more) = page::cut(listing::page(conn, tenant, &filter, order, look.after(), size)?, size);
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    found.stuck = listing::labels(conn, tenant, &ids)?;
    found.next = rows.last().filter(|_| has_more).map(|row| row.place(order.sort).to_string());
    (found.rows, found.filter) = (rows, Some(filter));
    Ok(())
}
