//! `/customers/imports`: the list, the upload, and the steps of an import.

pub mod columns;
pub mod faulty_rows;

use super::columns::view as columns_view;
use super::model::{self, Import, ImportId, ImportState};
use super::receiving::{self, MOST, Taken};
use super::steps::Step;
use super::{jobs, report, sample, view};
use crate::kit::access::{Access, ImportCustomers};
use crate::kit::error::{Error, Result};
use crate::kit::headers::attachment;
use crate::kit::page::{self, Cursor};
use crate::kit::storage::Storage;
use crate::kit::upload::Upload;
use crate::kit::words;
use crate::tasks::model as tasks;
use crate::users::model::{UserId, names};
use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{Data, Path, Query};
use chrono::Utc;
use serde::Deserialize;

/// Imports on a page.
const PAGE: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    #[serde(deserialize_with = "page::lenient")]
    after: Option<Cursor>,
}

pub async fn index(access: Access<ImportCustomers>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let after = look.after;
    let found = access.run(move |conn, tenant| {
        let (imports, has_more) = page::cut(model::page(conn, tenant, after, PAGE + 1)?, PAGE);
        let people: Vec<UserId> = imports.iter().map(|import| import.created_by).collect();
        Ok((names(conn, tenant, &people)?, imports, has_more))
    });
    let (people, imports, has_more) = found.await?;
    let here = after.map_or(view::HERE.to_owned(), |after| format!("{}?after={after}", view::HERE));
    access.show(&view::index(&access, &imports, &people, here, has_more))
}

pub async fn new(access: Access<ImportCustomers>) -> Result<HttpResponse> {
    access.show(&view::new(&access, MOST, None))
}

pub async fn create(access: Access<ImportCustomers>, upload: Upload, storage: Data<Storage>) -> Result<HttpResponse> {
    let incoming = match upload.begin("file").await {
        Ok(Some(incoming)) => incoming,
        Ok(None) | Err(Error::Invalid(_)) => return refuse(&access, "Choose a file."),
        Err(error) => return Err(error),
    };
    let by = UserId::from(access.who().user);
    match receiving::take_in(&access, &storage, incoming, None, by).await {
        Ok(Taken::In(id)) => access.go(&view::href(id)),
        Ok(Taken::Known(same)) => refuse(&access, &same_file(&access, &same)),
        Ok(Taken::NoTable(why)) => refuse(&access, &why),
        Err(Error::TooLarge) => {
            refuse(&access, &format!("This file is larger than {}. Import it in parts.", words::size(MOST)))
        }
        Err(error) => Err(error),
    }
}

fn same_file(access: &Access<ImportCustomers>, same: &Import) -> String {
    let at = words::when(same.created_at, access.who().time_zone, Utc::now()).text;
    format!("This file is here already: it was brought as {} ({at}). Nothing was imported twice.", same.file_name)
}

fn refuse(access: &Access<ImportCustomers>, why: &str) -> Result<HttpResponse> {
    access.show(&view::new(access, MOST, Some(why.to_owned())))
}

pub async fn show(access: Access<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    let id = *id;
    let found = access.run(move |conn, tenant| {
        let import = model::find(conn, tenant, id)?;
        let task = import.task().map(|task| tasks::find(conn, tenant, task)).transpose()?;
        let people = names(conn, tenant, &[import.created_by])?;
        let is_read = import.state == ImportState::Mapping;
        let sample = is_read.then(|| sample::of_import(conn, tenant, &import)).transpose()?;
        Ok((import, task, people, sample))
    });
    let (import, task, people, sample) = found.await?;
    match sample {
        // What watches the reading shall go on to the page of the columns.
        Some(_) if access.target() == Some("import_state") => access.leave(&view::href(id)),
        Some(sample) => access.show(&columns_view::mapping(&access, &import, &sample, None)),
        None => access.show(&view::show(&access, &import, task.as_ref(), &view::name(&people, import.created_by))),
    }
}

/// POST …/run
pub async fn run(access: Access<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    step(&access, *id, Step::Running).await
}

/// POST …/undoing
pub async fn undo(access: Access<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    step(&access, *id, Step::Undoing).await
}

/// POST …/check: once more, as after customers have changed.
pub async fn check(access: Access<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    step(&access, *id, Step::Checking).await
}

async fn step(access: &Access<ImportCustomers>, id: ImportId, step: Step) -> Result<HttpResponse> {
    let by = UserId::from(access.who().user);
    access.run(move |conn, tenant| jobs::begin(conn, tenant, id, step, by)).await?;
    access.go(&view::href(id))
}

/// POST …/cancellation
pub async fn cancel(access: Access<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| jobs::cancel(conn, tenant, id)).await?;
    access.go(&view::href(id))
}

/// POST …/deletion: the customers that it made stay.
pub async fn delete(access: Access<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| model::delete(conn, tenant, id)).await?;
    access.go(view::HERE)
}

/// GET …/refused.csv, sent as it is read.
pub async fn report(access: Access<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    let id = *id;
    let begun = access.run(move |conn, tenant| {
        let import = model::find(conn, tenant, id)?;
        report::begin(conn, tenant, id)?;
        Ok(import)
    });
    let import = begun.await?;
    let (name, lines) = (report::name(&import), report::whole(access, import)?);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, attachment(Some(&name))))
        .streaming(lines))
}
