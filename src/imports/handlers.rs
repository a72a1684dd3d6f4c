//! `/customers/imports`: the list, the upload, and the steps of an import.

pub mod columns;
pub mod faulty_rows;

use super::columns::view as columns_view;
use super::format::{Format, Sniffer};
use super::model::{self, Import, ImportId, ImportState};
use super::steps::{self, Step};
use super::{jobs, report, sample, view};
use crate::kit::access::{Access, ImportCustomers};
use crate::kit::error::{Error, Result};
use crate::kit::headers::attachment;
use crate::kit::page::{self, Cursor};
use crate::kit::storage::Storage;
use crate::kit::upload::{Incoming, Upload};
use crate::kit::words;
use crate::tasks::model as tasks;
use crate::users::model::{UserId, names};
use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{Bytes, Data, Path, Query};
use chrono::Utc;
use futures_util::stream;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

/// Bytes of a file.
pub const MOST: u64 = 200 * 1_000_000;
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

/// Receives a file: its row first, so that a file whose upload breaks off is found and thrown away.
pub async fn create(access: Access<ImportCustomers>, upload: Upload, storage: Data<Storage>) -> Result<HttpResponse> {
    let incoming = match upload.begin("file").await {
        Ok(Some(incoming)) => incoming,
        Ok(None) => return refuse(&access, "Choose a file."),
        Err(Error::Invalid(_)) => return refuse(&access, "Choose a file."),
        Err(error) => return Err(error),
    };
    let (name, by) = (incoming.name.clone(), UserId::from(access.who().user));
    let begun = access.run(move |conn, tenant| {
        let id = model::begin(conn, tenant, &name, by)?;
        Ok((id, model::storage_name(tenant, id)))
    });
    let (id, file) = begun.await?;
    match receive(incoming, &storage, &file).await {
        Ok(received) => begin(&access, &storage, id, &file, received).await,
        Err(error) => {
            give_up(&access, &storage, id, &file).await?;
            match error {
                Error::TooLarge => {
                    refuse(&access, &format!("This file is larger than {}. Import it in parts.", words::size(MOST)))
                }
                Error::Refused(why) => refuse(&access, &why),
                error => Err(error),
            }
        }
    }
}

/// A file that is here whole.
struct Received {
    bytes: u64,
    hash: Vec<u8>,
    format: Format,
}

async fn receive(incoming: Incoming, storage: &Storage, file: &str) -> Result<Received> {
    let (mut sniffer, mut hash) = (Sniffer::default(), Sha256::new());
    let mut writer = storage.writer(file);
    let received = incoming.read(MOST, async |piece: Bytes| {
        sniffer.look(&piece);
        hash.update(&piece);
        writer.put(piece).await.map_err(Error::unexpected)
    });
    let received = received.await?;
    let format = sniffer.format().map_err(|why| Error::Refused(why.into()))?;
    writer.shutdown().await.map_err(Error::unexpected)?;
    Ok(Received { bytes: received.bytes, hash: hash.finalize().to_vec(), format })
}

/// Lets the reading begin, unless the same file is here already.
async fn begin(
    access: &Access<ImportCustomers>,
    storage: &Storage,
    id: ImportId,
    file: &str,
    received: Received,
) -> Result<HttpResponse> {
    let by = UserId::from(access.who().user);
    let begun = access.run(move |conn, tenant| {
        crate::kit::db::take_turns(conn, &format!("{tenant} imports"))?;
        if let Some(same) = model::same_content(conn, tenant, &received.hash)? {
            return Ok(Some(same));
        }
        model::received(conn, tenant, id, received.bytes, &received.hash, &received.format)?;
        steps::begin(conn, tenant, id, Step::Reading, by)?;
        jobs::go(conn, tenant, id).map(|()| None)
    });
    let Some(same) = begun.await? else { return access.go(&view::href(id)) };
    give_up(access, storage, id, file).await?;
    refuse(access, &same_file(access, &same))
}

fn same_file(access: &Access<ImportCustomers>, same: &Import) -> String {
    let at = words::when(same.created_at, access.who().time_zone, Utc::now()).text;
    format!("This file is here already: it was brought as {} ({at}). Nothing was imported twice.", same.file_name)
}

fn refuse(access: &Access<ImportCustomers>, why: &str) -> Result<HttpResponse> {
    access.show(&view::new(access, MOST, Some(why.to_owned())))
}

/// An upload that came to nothing leaves nothing.
async fn give_up(access: &Access<ImportCustomers>, storage: &Storage, id: ImportId, file: &str) -> Result<()> {
    storage.delete(file).await?;
    access.run(move |conn, tenant| model::delete(conn, tenant, id)).await
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
    let begun = access.run(move |conn, tenant| {
        steps::begin(conn, tenant, id, step, by)?;
        jobs::go(conn, tenant, id)
    });
    begun.await?;
    access.go(&view::href(id))
}

/// POST …/cancellation
pub async fn cancel(access: Access<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    let id = *id;
    let asked = access.run(move |conn, tenant| {
        steps::cancel(conn, tenant, id)?;
        jobs::go(conn, tenant, id)
    });
    asked.await?;
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
    let name =
        format!("refused-{}.csv", import.file_name.rsplit_once('.').map_or(&*import.file_name, |(stem, _)| stem));
    let head = Bytes::from(report::head(&import)?);
    let source = Source { access, import, after: None };
    let lines = stream::try_unfold(Some(source), batch);
    let whole = stream::StreamExt::chain(stream::iter([Ok(head)]), lines);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, attachment(Some(&name))))
        .streaming(Box::pin(whole)))
}

/// A report under way.
struct Source {
    access: Access<ImportCustomers>,
    import: Import,
    after: Option<i64>,
}

/// One batch in a transaction of its own, so that a slow reader holds no connection.
async fn batch(source: Option<Source>) -> Result<Option<(Bytes, Option<Source>)>> {
    let Some(mut source) = source else { return Ok(None) };
    let (import, after) = (source.import.clone(), source.after.unwrap_or(0));
    let (bytes, last) = source.access.run(move |conn, tenant| report::lines(conn, tenant, &import, after)).await?;
    source.after = last;
    Ok(last.is_some().then_some((Bytes::from(bytes), Some(source))))
}
