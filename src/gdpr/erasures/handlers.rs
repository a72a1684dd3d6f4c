//! `/customers/{customer}/erasure`: what there is and the order to erase it; `/gdpr/erasures`: the certificates.

use super::form::{ErasureForm, Look};
use super::model::{self, ErasureId, Order, Watched};
use super::{preview, view};
use crate::customers::model::CustomerId;
use crate::gdpr::customers::model as customers;
use crate::kit::access::{Access, EditPrivacy, ViewPrivacy};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::page;
use crate::kit::vault::Vault;
use crate::users::model as users;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{Data, Path, Query};

/// Erasures of one page.
const PAGE: usize = 50;

pub async fn new(access: Access<EditPrivacy>, id: Path<CustomerId>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let form = ErasureForm { case: look.case, messages: "delete".into(), ..ErasureForm::default() };
    ask(&access, *id, form, None).await
}

/// The form with what there is; somebody who is being erased already is led to how far that is.
async fn ask(
    access: &Access<EditPrivacy>,
    id: CustomerId,
    form: ErasureForm,
    problem: Option<String>,
) -> Result<HttpResponse> {
    let read = access.run(move |conn, tenant| Ok((customers::find(conn, tenant, id)?, preview::of(conn, tenant, id)?)));
    let (known, preview) = read.await?;
    match &preview.erasure {
        Some(erasure) => access.go(&format!("{}/{}", view::HERE, erasure.id)),
        None => access.show(&view::new(access, &known, &preview, form, problem)),
    }
}

/// POST /customers/{customer}/erasure
pub async fn create(
    access: Access<EditPrivacy>,
    id: Path<CustomerId>,
    form: Form<ErasureForm>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let (id, typed, by) = (*id, form.0.clone(), access.who().user.into());
    let known = access.run(move |conn, tenant| customers::find(conn, tenant, id)).await?;
    let (keeps_messages, case) = match form.0.validate(&view::name_to_type(&known)) {
        Ok(order) => order,
        Err(form) => return ask(&access, id, form, None).await,
    };
    let (vault, order) = (vault.get_ref().clone(), Order { customer: id, keeps_messages, case, by });
    let begun = access.run(move |conn, tenant| model::begin(conn, tenant, &vault, &order, Watched::ByATask)).await;
    match begun {
        Ok(erasure) => access.go(&format!("{}/{erasure}", view::HERE)),
        Err(Error::Refused(why)) => ask(&access, id, typed, Some(why)).await,
        Err(error) => Err(error),
    }
}

/// GET /gdpr/erasures
pub async fn index(access: Access<ViewPrivacy>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let after = look.after.parse().ok();
    let read = access.run(move |conn, tenant| {
        let (erasures, has_more) = page::cut(model::page(conn, tenant, after, PAGE + 1)?, PAGE);
        let by: Vec<_> = erasures.iter().filter_map(|erasure| erasure.requested_by).collect();
        Ok((users::names(conn, tenant, &by)?, erasures, has_more))
    });
    let (names, erasures, has_more) = read.await?;
    access.show(&view::index(&access, &look.after, &erasures, has_more, &names))
}

/// GET /gdpr/erasures/{erasure}
pub async fn show(access: Access<ViewPrivacy>, id: Path<ErasureId>) -> Result<HttpResponse> {
    let id = *id;
    let read = access.run(move |conn, tenant| {
        let erasure = model::find(conn, tenant, id)?;
        let by: Vec<_> = erasure.requested_by.into_iter().collect();
        Ok((users::names(conn, tenant, &by)?, erasure))
    });
    let (names, erasure) = read.await?;
    access.show(&view::show(&access, &erasure, &names))
}

/// GET /gdpr/erasures/{erasure}/certificate.json
pub async fn certificate(access: Access<ViewPrivacy>, id: Path<ErasureId>) -> Result<HttpResponse> {
    let id = *id;
    let erasure = access.run(move |conn, tenant| model::find(conn, tenant, id)).await?;
    if erasure.completed_at.is_none() {
        return Err(Error::NotFound);
    }
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"erasure-{id}.json\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(view::certificate(&erasure)))
}
