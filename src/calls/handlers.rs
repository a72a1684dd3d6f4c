//! `/calls`: the list, one call, and what is written down about calls.

pub mod call_rules;
pub mod callbacks;

use super::export::{self, BATCH};
use super::form::{Beginning, CallForm, Look, local};
use super::logging::{self, Writer};
use super::model::{self, CallId, Scope};
use super::view::{self, Asked, HERE};
use super::{listing, parties};
use crate::conversations::model as conversations;
use crate::customers::model::CustomerId;
use crate::kit::access::{Access, EditAllCalls, ExportCalls, Permission, ViewAddresses, ViewCalls, WorkCalls};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::page::{self, Cursor};
use crate::users::directory;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{Bytes, Path, Query};
use chrono::Utc;
use futures_util::stream;

/// Calls of one page.
const PAGE: usize = 50;

pub(super) fn writer<P: Permission>(access: &Access<P>) -> Writer {
    Writer { scope: Scope::of(access.who()), may_all: access.may::<EditAllCalls>() }
}

/// A filter that cannot be read finds nothing and says why.
pub async fn index(access: Access<ViewCalls>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let scope = Scope::of(access.who());
    let (look, wanted) = match look.validate(access.who().time_zone, scope.reader) {
        Ok((look, filter, after)) => (look, Some((filter, after))),
        Err(look) => (look, None),
    };
    let by_address = access.may::<ViewAddresses>();
    let read = access.run(move |conn, tenant| {
        let (calls, has_more) = match wanted {
            Some((filter, after)) => {
                let filter = listing::Filter { by_address, ..filter };
                page::cut(listing::page(conn, tenant, scope, &filter, after, PAGE + 1)?, PAGE)
            }
            None => Default::default(),
        };
        let to_return = listing::count_to_return(conn, tenant, scope)?;
        let people = directory::everybody(conn, tenant)?;
        Ok(view::Found { parties: parties::of_calls(conn, tenant, &calls)?, calls, has_more, to_return, people })
    });
    access.show(&view::index(&access, &look, &read.await?))
}

/// GET /calls/export.csv: everything that fits the filter, sent as it is read.
pub async fn export(access: Access<ExportCalls>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let scope = Scope::of(access.who());
    let Ok((look, filter, _)) = look.validate(access.who().time_zone, scope.reader) else {
        return Err(Error::Invalid("This filter cannot be read. Please choose anew in the list of calls.".into()));
    };
    let filter = listing::Filter { by_address: access.may::<ViewAddresses>(), ..filter };
    let query = look.href("", &[]);
    access.run(move |conn, tenant| export::begin(conn, tenant, query.trim_start_matches('?'))).await?;
    let name = format!("calls-{}.csv", Utc::now().format("%Y-%m-%d"));
    let source = Source { access, scope, filter, after: None, is_begun: false };
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .streaming(Box::pin(stream::try_unfold(Some(source), batch))))
}

/// An export under way: what comes next.
struct Source {
    access: Access<ExportCalls>,
    scope: Scope,
    filter: listing::Filter,
    after: Option<Cursor>,
    is_begun: bool,
}

/// One batch in a transaction of its own, so that a slow reader holds no connection.
async fn batch(source: Option<Source>) -> Result<Option<(Bytes, Option<Source>)>> {
    let Some(mut source) = source else { return Ok(None) };
    let (scope, filter, after) = (source.scope, source.filter.clone(), source.after);
    let read = source.access.run(move |conn, tenant| {
        let calls = listing::page(conn, tenant, scope, &filter, after, BATCH)?;
        let parties = parties::of_calls(conn, tenant, &calls)?;
        Ok((calls, parties))
    });
    let (calls, parties) = read.await?;
    let is_last = calls.len() < BATCH;
    let mut bytes = if source.is_begun { Vec::new() } else { export::head()? };
    (source.after, source.is_begun) = (calls.last().map(listing::place), true);
    bytes.extend(export::lines(&calls, &parties)?);
    Ok(Some((bytes.into(), (!is_last).then_some(source))))
}

pub async fn show(access: Access<ViewCalls>, id: Path<CallId>) -> Result<HttpResponse> {
    let (id, scope, threads) = (*id, Scope::of(access.who()), conversations::Scope::of(access.who()));
    let read = access.run(move |conn, tenant| {
        let call = model::find(conn, tenant, scope, id)?;
        let parties = parties::of_calls(conn, tenant, std::slice::from_ref(&call))?;
        let thread = parties::thread_of(conn, tenant, threads, &call)?;
        Ok((call, parties, thread))
    });
    let (call, parties, thread) = read.await?;
    access.show(&view::show(&access, writer(&access), &call, &parties, thread))
}

pub async fn new(access: Access<WorkCalls>, Query(begin): Query<Beginning>) -> Result<HttpResponse> {
    let who = access.who();
    let form = CallForm {
        id: CallId::new().to_string(),
        returns: begin.returns,
        customer: begin.customer,
        direction: "outbound".into(),
        user: who.user.to_string(),
        started: local(Utc::now(), who.time_zone),
        outcome: "spoke".into(),
        ..CallForm::default()
    };
    blank(&access, None, form).await
}

async fn blank(access: &Access<WorkCalls>, id: Option<CallId>, form: CallForm) -> Result<HttpResponse> {
    let chosen = form.customer.trim().parse::<CustomerId>().ok();
    let read = access.run(move |conn, tenant| {
        let people = directory::everybody(conn, tenant)?;
        let named = chosen.map(|id| parties::named(conn, tenant, id)).transpose()?.flatten();
        Ok((people, named))
    });
    let (people, customer) = read.await?;
    access.show(&view::form(access, &Asked { id, people, customer }, form))
}

/// POST /calls
pub async fn create(access: Access<WorkCalls>, form: Form<CallForm>) -> Result<HttpResponse> {
    let (typed, data) = match form.0.validate(access.who().time_zone, None) {
        Ok(valid) => valid,
        Err(form) => return blank(&access, None, form).await,
    };
    let (id, returns, writer) = (typed.call_id(), typed.returns.parse().ok(), writer(&access));
    let words = typed.customer.clone();
    let made = access.run(move |conn, tenant| {
        let Some(data) = logging::with_customer(conn, tenant, &words, data)? else { return Ok(false) };
        logging::create(conn, tenant, writer, id, &data, returns).map(|()| true)
    });
    match made.await {
        Ok(true) => access.go_on(&format!("{HERE}/{id}"), "The call was written down.", &[model::CHANGED.to_owned()]),
        Ok(false) => blank(&access, None, unknown(typed)).await,
        Err(Error::Refused(why)) => blank(&access, None, typed.wrong("", why)).await,
        Err(error) => Err(error),
    }
}

pub async fn edit(access: Access<WorkCalls>, id: Path<CallId>) -> Result<HttpResponse> {
    let (id, writer) = (*id, writer(&access));
    let call = access.run(move |conn, tenant| model::find(conn, tenant, writer.scope, id)).await?;
    let data = Some(&call).filter(|call| writer.may_change(call)).and_then(logging::data_of);
    let data = data.ok_or(Error::Forbidden)?;
    blank(&access, Some(id), CallForm::of(&data, access.who().time_zone)).await
}

/// POST /calls/{call}
pub async fn update(access: Access<WorkCalls>, id: Path<CallId>, form: Form<CallForm>) -> Result<HttpResponse> {
    let (id, writer) = (*id, writer(&access));
    let call = access.run(move |conn, tenant| model::find(conn, tenant, writer.scope, id)).await?;
    if !writer.may_change(&call) {
        return Err(Error::Forbidden);
    }
    let (typed, data) = match form.0.validate(access.who().time_zone, Some(call.started_at)) {
        Ok(valid) => valid,
        Err(form) => return blank(&access, Some(id), form).await,
    };
    let words = typed.customer.clone();
    let done = access.run(move |conn, tenant| {
        let Some(data) = logging::with_customer(conn, tenant, &words, data)? else { return Ok(false) };
        logging::edit(conn, tenant, writer, id, &data).map(|()| true)
    });
    match done.await {
        Ok(true) => access.go_on(&format!("{HERE}/{id}"), "The call was changed.", &[model::CHANGED.to_owned()]),
        Ok(false) => blank(&access, Some(id), unknown(typed)).await,
        Err(Error::Refused(why)) => blank(&access, Some(id), typed.wrong("", why)).await,
        Err(error) => Err(error),
    }
}

fn unknown(form: CallForm) -> CallForm {
    form.wrong("customer", "No customer has this phone number, email address or id. Add the customer first.")
}

/// POST /calls/{call}/deletion
pub async fn delete(access: Access<WorkCalls>, id: Path<CallId>) -> Result<HttpResponse> {
    let (id, writer) = (*id, writer(&access));
    access.run(move |conn, tenant| logging::delete(conn, tenant, writer, id)).await?;
    access.go(HERE)
}
