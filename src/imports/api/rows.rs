//! `…/{import}/rows` and `…/{import}/report`: what was read, what became of it, and why not more.

use crate::customers::model::CustomerId;
use crate::imports::model::{self, ImportId};
use crate::imports::report;
use crate::imports::rows::{self, Row, RowState, WHOLE};
use crate::kit::access::{Client, ImportCustomers, ViewAddresses};
use crate::kit::error::Result;
use crate::kit::headers::attachment;
use crate::kit::json::{List, Params, Slice, refused};
use crate::kit::page;
use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Path;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A row of the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportRow {
    /// In the file, from 1.
    number: i64,
    state: RowState,
    /// In the order of the columns. Addresses in them are masked for callers without `customers:read_addresses`.
    cells: Vec<String>,
    problems: Vec<ImportProblem>,
    /// Who was made or changed.
    #[schema(value_type = Option<Uuid>)]
    customer: Option<CustomerId>,
}

/// What is wrong with a row.
#[derive(Debug, Serialize, ToSchema)]
struct ImportProblem {
    /// Which column, from 0; null: the whole row.
    column: Option<usize>,
    heading: Option<String>,
    #[schema(example = "This is no phone number.")]
    detail: String,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RowSearch {
    /// How many at most, from 1 to 100.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100, example = 50)]
    limit: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// `waiting`, `refused`, `skipped`, `created`, `updated`, `unchanged` or `undone`.
    #[param(example = "refused")]
    state: Option<String>,
}

/// Lists the rows of an import with what became of them, in the file's order.
#[utoipa::path(
    get, path = "/api/v1/customers/imports/{import}/rows", tag = "imports", operation_id = "listImportRows",
    params(("import" = Uuid, Path, description = "The import's id"), RowSearch),
    security(("bearer" = ["customers:import"])), responses((status = 200, body = List<ImportRow>))
)]
pub async fn index(
    client: Client<ImportCustomers>,
    id: Path<ImportId>,
    Params(search): Params<RowSearch>,
) -> Result<HttpResponse> {
    let parse = |text: &str| text.parse::<i64>().ok();
    let Slice { size, after } = Slice::of(search.limit.as_deref(), search.cursor.as_deref(), parse)?;
    let state = search.state.as_deref().map(RowState::of_word);
    if state == Some(None) {
        return Err(refused("state", "There is no such state of rows."));
    }
    let (id, state, after) = (*id, state.flatten(), after.unwrap_or(0));
    let found = client.run(move |conn, tenant| {
        let import = model::find(conn, tenant, id)?;
        let rows = page::cut(rows::page(conn, tenant, id, state, after, size + 1)?, size);
        Ok((import.headings(), rows))
    });
    let (headings, rows) = found.await?;
    client.show(&List::of(rows, |row| row.number, |row| shown(&client, &headings, &row)))
}

fn shown(client: &Client<ImportCustomers>, headings: &[String], row: &Row) -> ImportRow {
    let problem = |(place, detail): (String, String)| {
        let column = Some(place).filter(|place| place != WHOLE).and_then(|place| place.parse().ok());
        let heading = column.and_then(|index: usize| headings.get(index).cloned());
        ImportProblem { column, heading, detail: client.words(&detail) }
    };
    ImportRow {
        number: row.number,
        state: row.state,
        cells: row.cells().into_iter().map(|cell| client.words(cell)).collect(),
        problems: row.problems().into_iter().map(problem).collect(),
        customer: row.customer_id,
    }
}

/// Sends the refused rows as CSV, each with its reason, to be mended and imported again; needs `customers:read_addresses`, too.
#[utoipa::path(
    get, path = "/api/v1/customers/imports/{import}/report", tag = "imports", operation_id = "showImportReport",
    params(("import" = Uuid, Path, description = "The import's id")),
    security(("bearer" = ["customers:import"])),
    responses((status = 200, description = "The table", body = String, content_type = "text/csv; charset=utf-8"))
)]
pub async fn report(client: Client<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    // A table of masked cells could not be imported again.
    client.must::<ViewAddresses>().await?;
    let id = *id;
    let begun = client.run(move |conn, tenant| {
        let import = model::find(conn, tenant, id)?;
        report::begin(conn, tenant, id)?;
        Ok(import)
    });
    let import = begun.await?;
    let (name, lines) = (report::name(&import), report::whole(client, import)?);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, attachment(Some(&name))))
        .streaming(lines))
}
