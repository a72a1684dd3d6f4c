//! Faulty rows: looked at, mended, left out.

use crate::imports::faulty::view::{self as faulty_view, Rejected};
use crate::imports::form::RowForm;
use crate::imports::model::{self, ImportId};
use crate::imports::rows::{self, RowState};
use crate::imports::{checking, view};
use crate::kit::access::{Access, ImportCustomers};
use crate::kit::error::Result;
use crate::kit::form::Form;
use crate::kit::page;
use crate::kit::vault::Vault;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

/// Rows on a page.
const PAGE: usize = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    /// The number of the last row of the page before.
    after: String,
}

impl Look {
    fn after(&self) -> i64 {
        self.after.parse().unwrap_or(0)
    }
}

pub async fn index(
    access: Access<ImportCustomers>,
    id: Path<ImportId>,
    Query(look): Query<Look>,
) -> Result<HttpResponse> {
    show(&access, *id, look.after(), None).await
}

/// POST …/rows/{row}: with other cells.
pub async fn update(
    access: Access<ImportCustomers>,
    path: Path<(ImportId, i64)>,
    Query(look): Query<Look>,
    form: Form<RowForm>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let ((id, number), after) = (path.into_inner(), look.after());
    if !form.0.errors.is_empty() {
        return show(&access, id, after, Some(&Rejected { number, form: &form.0 })).await;
    }
    let sent = form.0.clone();
    let mended = access.run(move |conn, tenant| {
        let width = model::find(conn, tenant, id)?.headings().len();
        let cells = sent.cells(width, &rows::find(conn, tenant, id, number)?.cells());
        checking::mend(conn, tenant, &vault, id, number, &cells)
    });
    match mended.await?.state {
        RowState::Refused => show(&access, id, after, Some(&Rejected { number, form: &form.0 })).await,
        _ => access.go(&here(id, after)),
    }
}

/// POST …/rows/{row}/skipping
pub async fn skip(
    access: Access<ImportCustomers>,
    path: Path<(ImportId, i64)>,
    Query(look): Query<Look>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let ((id, number), after) = (path.into_inner(), look.after());
    access.run(move |conn, tenant| checking::skip(conn, tenant, &vault, id, number)).await?;
    access.go(&here(id, after))
}

fn here(id: ImportId, after: i64) -> String {
    match after {
        0 => format!("{}/rows", view::href(id)),
        after => format!("{}/rows?after={after}", view::href(id)),
    }
}

async fn show(
    access: &Access<ImportCustomers>,
    id: ImportId,
    after: i64,
    rejected: Option<&Rejected<'_>>,
) -> Result<HttpResponse> {
    let found = access.run(move |conn, tenant| {
        let import = model::find(conn, tenant, id)?;
        let (found, has_more) = page::cut(rows::faulty(conn, tenant, id, after, PAGE + 1)?, PAGE);
        Ok((import, found, has_more))
    });
    let (import, found, has_more) = found.await?;
    access.show(&faulty_view::rows(access, &import, &found, after, has_more, rejected))
}
