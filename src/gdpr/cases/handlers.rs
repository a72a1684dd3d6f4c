//! `/gdpr`, the requests, and what is done with one.

use super::form::{CaseForm, Look, WordsForm};
use super::model::{self, CaseData, CaseId};
use super::{people, reading, steps, view};
use crate::gdpr::packages::model as packages;
use crate::kit::access::{Access, EditPrivacy, Permission, ViewPrivacy};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::storage::Storage;
use crate::tenants::settings;
use crate::users::directory;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH};
use actix_web::web::{Data, Path, Query};

pub async fn index(access: Access<ViewPrivacy>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let (state, after) = (look.state.clone(), look.after.clone());
    let (reader, today) = (access.who().user.into(), view::today(&access));
    let read = access.run(move |conn, tenant| reading::page(conn, tenant, &state, &after, reader, today));
    access.show(&view::index(&access, &look, &read.await?))
}

pub async fn new(access: Access<EditPrivacy>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let received_on = view::today(&access).to_string();
    let form = CaseForm { customer: look.customer, kind: look.kind, received_on, ..CaseForm::default() };
    show_new(&access, form).await
}

async fn show_new(access: &Access<EditPrivacy>, form: CaseForm) -> Result<HttpResponse> {
    let people = access.run(directory::everybody).await?;
    access.show(&view::new(access, &people, form))
}

/// POST /gdpr/requests
pub async fn create(access: Access<EditPrivacy>, form: Form<CaseForm>) -> Result<HttpResponse> {
    let (typed, data) = match form.0.validate(view::today(&access)) {
        Ok(valid) => valid,
        Err(form) => return show_new(&access, form).await,
    };
    let (words, by) = (typed.customer.trim().to_owned(), access.who().user.into());
    let made = access.run(move |conn, tenant| {
        let customer = match words.is_empty() {
            true => None,
            false => {
                let region = settings::find(conn, tenant)?.region();
                let Some(found) = people::named(conn, tenant, &words, region)? else { return Ok(Err("customer")) };
                Some(found)
            }
        };
        if let Some(assignee) = data.assignee
            && reading::assignee(conn, tenant, assignee)?.is_none()
        {
            return Ok(Err("assignee"));
        }
        model::create(conn, tenant, &CaseData { customer, ..data }, by).map(Ok)
    });
    match made.await? {
        Ok(id) => access.go(&format!("/gdpr/requests/{id}")),
        Err("customer") => {
            let why =
                "No customer has this phone number, address or id. Leave it empty where you do not know them yet.";
            show_new(&access, typed.wrong("customer", why)).await
        }
        Err(field) => show_new(&access, typed.wrong(field, "Choose one of the list.")).await,
    }
}

/// GET /gdpr/requests/{case}
pub async fn show(access: Access<ViewPrivacy>, id: Path<CaseId>) -> Result<HttpResponse> {
    let id = *id;
    let opened = access.run(move |conn, tenant| reading::open(conn, tenant, id)).await?;
    access.show(&view::show(&access, &opened, None))
}

/// The page again, with the form of that name as it was typed.
async fn reject<P: Permission>(
    access: &Access<P>,
    id: CaseId,
    form: &'static str,
    typed: WordsForm,
) -> Result<HttpResponse> {
    let opened = access.run(move |conn, tenant| reading::open(conn, tenant, id)).await?;
    access.show(&view::show(access, &opened, Some((form, typed))))
}

/// After a step: the case, with the reason where the step was refused.
async fn answer(
    access: &Access<EditPrivacy>,
    id: CaseId,
    form: &'static str,
    typed: WordsForm,
    done: Result<()>,
) -> Result<HttpResponse> {
    match done {
        Ok(()) => access.go(&format!("/gdpr/requests/{id}")),
        Err(Error::Refused(why)) => reject(access, id, form, typed.wrong(why)).await,
        Err(error) => Err(error),
    }
}

/// POST /gdpr/requests/{case}/notes
pub async fn note(access: Access<EditPrivacy>, id: Path<CaseId>, form: Form<WordsForm>) -> Result<HttpResponse> {
    let (id, typed, by) = (*id, form.0.clone(), access.who().user.into());
    let words = match form.0.said(2000, "Write something first.") {
        Ok(words) => words,
        Err(form) => return reject(&access, id, "note", form).await,
    };
    let done = access.run(move |conn, tenant| steps::note(conn, tenant, id, &words, by)).await;
    answer(&access, id, "note", typed, done).await
}

/// POST /gdpr/requests/{case}/assignee
pub async fn assign(access: Access<EditPrivacy>, id: Path<CaseId>, form: Form<WordsForm>) -> Result<HttpResponse> {
    let (id, typed, by) = (*id, form.0.clone(), access.who().user.into());
    let user = match form.0.user() {
        Ok(user) => user,
        Err(form) => return reject(&access, id, "assignee", form).await,
    };
    let done = access.run(move |conn, tenant| {
        let Some(user) = user else { return steps::assign(conn, tenant, id, None, by) };
        let name = reading::assignee(conn, tenant, user)?;
        let name = name.ok_or_else(|| Error::Refused("Choose one of the list.".into()))?;
        steps::assign(conn, tenant, id, Some((user, &name)), by)
    });
    answer(&access, id, "assignee", typed, done.await).await
}

/// POST /gdpr/requests/{case}/customer
pub async fn identify(access: Access<EditPrivacy>, id: Path<CaseId>, form: Form<WordsForm>) -> Result<HttpResponse> {
    let (id, typed, by) = (*id, form.0.clone(), access.who().user.into());
    let words = match form.0.said(300, "Enter a phone number, an address or an id.") {
        Ok(words) => words,
        Err(form) => return reject(&access, id, "customer", form).await,
    };
    let done = access.run(move |conn, tenant| {
        let region = settings::find(conn, tenant)?.region();
        let found = people::named(conn, tenant, &words, region)?;
        let none = || Error::Refused("No customer has this phone number, address or id.".into());
        steps::identify(conn, tenant, id, found.ok_or_else(none)?, by)
    });
    answer(&access, id, "customer", typed, done.await).await
}

/// POST /gdpr/requests/{case}/start
pub async fn start(access: Access<EditPrivacy>, id: Path<CaseId>) -> Result<HttpResponse> {
    let (id, by) = (*id, access.who().user.into());
    let done = access.run(move |conn, tenant| steps::start(conn, tenant, id, by)).await;
    answer(&access, id, "start", WordsForm::default(), done).await
}

/// POST /gdpr/requests/{case}/extension
pub async fn extend(access: Access<EditPrivacy>, id: Path<CaseId>, form: Form<WordsForm>) -> Result<HttpResponse> {
    let (id, typed, by) = (*id, form.0.clone(), access.who().user.into());
    let reason = match form.0.said(500, "Say why it takes longer.") {
        Ok(reason) => reason,
        Err(form) => return reject(&access, id, "extension", form).await,
    };
    let done = access.run(move |conn, tenant| steps::extend(conn, tenant, id, &reason, by)).await;
    answer(&access, id, "extension", typed, done).await
}

/// POST /gdpr/requests/{case}/completion
pub async fn complete(access: Access<EditPrivacy>, id: Path<CaseId>, form: Form<WordsForm>) -> Result<HttpResponse> {
    let (id, typed, by) = (*id, form.0.clone(), access.who().user.into());
    let outcome = match form.0.maybe(500) {
        Ok(outcome) => outcome,
        Err(form) => return reject(&access, id, "outcome", form).await,
    };
    let done = access.run(move |conn, tenant| steps::complete(conn, tenant, id, outcome.as_deref(), by)).await;
    answer(&access, id, "outcome", typed, done).await
}

/// POST /gdpr/requests/{case}/refusal
pub async fn refuse(access: Access<EditPrivacy>, id: Path<CaseId>, form: Form<WordsForm>) -> Result<HttpResponse> {
    let (id, typed, by) = (*id, form.0.clone(), access.who().user.into());
    let reason = match form.0.said(500, "Say why it is refused: they have a right to know.") {
        Ok(reason) => reason,
        Err(form) => return reject(&access, id, "refusal", form).await,
    };
    let done = access.run(move |conn, tenant| steps::refuse(conn, tenant, id, &reason, by)).await;
    answer(&access, id, "refusal", typed, done).await
}

/// POST /gdpr/requests/{case}/reopening
pub async fn reopen(access: Access<EditPrivacy>, id: Path<CaseId>) -> Result<HttpResponse> {
    let (id, by) = (*id, access.who().user.into());
    access.run(move |conn, tenant| steps::reopen(conn, tenant, id, by)).await?;
    access.go(&format!("/gdpr/requests/{id}"))
}

/// POST /gdpr/requests/{case}/package
pub async fn package(access: Access<EditPrivacy>, id: Path<CaseId>) -> Result<HttpResponse> {
    let (id, by) = (*id, access.who().user.into());
    let done = access.run(move |conn, tenant| packages::begin(conn, tenant, id, by).map(drop)).await;
    answer(&access, id, "package", WordsForm::default(), done).await
}

/// GET /gdpr/requests/{case}/package
pub async fn download(access: Access<EditPrivacy>, id: Path<CaseId>, storage: Data<Storage>) -> Result<HttpResponse> {
    let (id, by) = (*id, access.who().user.into());
    let (file, name) = access.run(move |conn, tenant| packages::fetch(conn, tenant, id, by)).await?;
    let (length, bytes) = storage.stream(&file).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CONTENT_LENGTH, length))
        .insert_header((CACHE_CONTROL, "no-store"))
        .streaming(bytes))
}
