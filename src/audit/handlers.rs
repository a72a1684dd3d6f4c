//! `/audit`: the log, its export, and how long it is kept.

use super::export::{self, BATCH, Format};
use super::form::{FilterForm, FormatForm, RetentionForm};
use super::model::{self, AuditEntryId, Filter, Found};
use super::screens::Index;
use super::view::{self, Around, HERE};
use super::{exports, retention};
use crate::kit::access::{Access, EditAudit, ExportAudit, Permission, ViewAddresses, ViewAudit};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::users::people;
use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{Bytes, Query};
use chrono::Utc;
use futures_util::stream;

/// Entries of one page.
const PAGE: usize = 50;

pub async fn index(access: Access<ViewAudit>, Query(form): Query<FilterForm>) -> Result<HttpResponse> {
    let screen = page(&access, form).await?;
    access.show(&screen)
}

/// POST /audit/retention
pub async fn update_retention(access: Access<EditAudit>, form: Form<RetentionForm>) -> Result<HttpResponse> {
    let days = match form.0.validate() {
        Ok(days) => days,
        Err(form) => {
            let mut screen = page(&access, FilterForm::default()).await?;
            view::reject(&mut screen, &form);
            return access.show(&screen);
        }
    };
    access.run(move |conn, tenant| retention::keep(conn, tenant, days)).await?;
    access.go(HERE)
}

/// A filter that cannot be read finds nothing and says why.
async fn page<P: Permission>(access: &Access<P>, form: FilterForm) -> Result<Index> {
    let (form, wanted) = match form.validate(access.who().time_zone) {
        Ok((form, filter, after)) => (form, Some((filter, after))),
        Err(form) => (form, None),
    };
    let read = access.run(move |conn, tenant| {
        let people = people::ever(conn, tenant)?.into_iter().map(|(id, name)| (id.get(), name)).collect();
        let around = Around { people, kept_days: retention::days(conn, tenant)? };
        let found = match wanted {
            Some((filter, after)) => model::page(conn, tenant, &filter, after, PAGE + 1)?,
            None => Found::default(),
        };
        Ok((around, found))
    });
    let (around, mut found) = read.await?;
    let has_more = found.entries.len() > PAGE;
    found.entries.truncate(PAGE);
    Ok(view::index(access, &form, &around, found, has_more))
}

/// GET /audit/export: everything that fits the filter, sent as it is read.
pub async fn export(
    access: Access<ExportAudit>,
    Query(form): Query<FilterForm>,
    Query(wish): Query<FormatForm>,
) -> Result<HttpResponse> {
    let format = Format::of_word(&wish.format).ok_or_else(|| Error::Invalid("The format is csv or jsonl.".into()))?;
    let Ok((form, filter, _)) = form.validate(access.who().time_zone) else {
        return Err(Error::Invalid("This filter cannot be read. Please choose anew on the page of the log.".into()));
    };
    let query = form.href("", &[]);
    access.run(move |conn, tenant| exports::begin(conn, tenant, format, query.trim_start_matches('?'))).await?;
    let name = format!("audit-{}.{}", Utc::now().format("%Y-%m-%d"), format.word());
    let source = Source { access, filter, format, after: None, is_begun: false };
    Ok(HttpResponse::Ok()
        .content_type(format.content_type())
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(Box::pin(stream::try_unfold(Some(source), batch))))
}

/// An export under way: what comes next.
struct Source {
    access: Access<ExportAudit>,
    filter: Filter,
    format: Format,
    after: Option<AuditEntryId>,
    is_begun: bool,
}

/// One batch in a transaction of its own, so that a slow reader holds no connection.
async fn batch(source: Option<Source>) -> Result<Option<(Bytes, Option<Source>)>> {
    let Some(mut source) = source else { return Ok(None) };
    let mut bytes = if source.is_begun { Vec::new() } else { export::head(source.format)? };
    let (filter, after) = (source.filter.clone(), source.after);
    let found = source.access.run(move |conn, tenant| model::page(conn, tenant, &filter, after, BATCH)).await?;
    let is_last = found.entries.len() < BATCH;
    (source.after, source.is_begun) = (found.entries.last().map(|entry| entry.id), true);
    bytes.extend(export::lines(source.format, found, !source.access.may::<ViewAddresses>())?);
    Ok(Some((bytes.into(), (!is_last).then_some(source))))
}
