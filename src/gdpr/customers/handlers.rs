//! `/customers/{customer}/privacy`, and what is done there: restricting the use of the data, holding it.

use super::form::ReasonForm;
use super::model;
use super::view::{self, Rejected};
use crate::customers::model::CustomerId;
use crate::customers::reads::{self, Reads};
use crate::customers::{holds, restriction};
use crate::kit::access::{Access, EditPrivacy, Permission, ViewPrivacy};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{NaiveDate, Utc};

pub async fn show(access: Access<ViewPrivacy>, id: Path<CustomerId>, looks: Data<Reads>) -> Result<HttpResponse> {
    let (id, first) = (*id, looks.first(access.who().user, *id));
    let is_first = first.is_some();
    let read = access.run(move |conn, tenant| {
        let found = model::privacy(conn, tenant, id)?;
        if is_first {
            reads::note(conn, tenant, id)?;
        }
        Ok(found)
    });
    let found = read.await?;
    if let Some(first) = first {
        first.keep();
    }
    access.show(&view::show(&access, &found, None))
}

/// POST /customers/{customer}/restriction
pub async fn restrict(
    access: Access<EditPrivacy>,
    id: Path<CustomerId>,
    form: Form<ReasonForm>,
) -> Result<HttpResponse> {
    set(&access, *id, form.0, true).await
}

/// POST /customers/{customer}/restriction/lifting
pub async fn lift(access: Access<EditPrivacy>, id: Path<CustomerId>, form: Form<ReasonForm>) -> Result<HttpResponse> {
    set(&access, *id, form.0, false).await
}

async fn set(
    access: &Access<EditPrivacy>,
    id: CustomerId,
    form: ReasonForm,
    is_restricted: bool,
) -> Result<HttpResponse> {
    let typed = form.clone();
    let (why, _) = match form.validate(today(access)) {
        Ok(data) => data,
        Err(form) => return reject(access, id, ("restriction", form, None)).await,
    };
    match access.run(move |conn, tenant| restriction::set(conn, tenant, id, is_restricted, &why)).await {
        Ok(()) => access.go(&format!("/customers/{id}/privacy")),
        Err(Error::Refused(why)) => reject(access, id, ("restriction", typed, Some(why))).await,
        Err(error) => Err(error),
    }
}

/// POST /customers/{customer}/holds
pub async fn hold(access: Access<EditPrivacy>, id: Path<CustomerId>, form: Form<ReasonForm>) -> Result<HttpResponse> {
    let (id, typed, by) = (*id, form.0.clone(), access.who().user.into());
    let (reason, until) = match form.0.validate(today(&access)) {
        Ok(data) => data,
        Err(form) => return reject(&access, id, ("hold", form, None)).await,
    };
    match access.run(move |conn, tenant| holds::place(conn, tenant, id, &reason, until, by)).await {
        Ok(_) => access.go(&format!("/customers/{id}/privacy")),
        Err(Error::Refused(why)) => reject(&access, id, ("hold", typed, Some(why))).await,
        Err(error) => Err(error),
    }
}

async fn reject<P: Permission>(access: &Access<P>, id: CustomerId, rejected: Rejected) -> Result<HttpResponse> {
    let found = access.run(move |conn, tenant| model::privacy(conn, tenant, id)).await?;
    access.show(&view::show(access, &found, Some(rejected)))
}

fn today<P: Permission>(access: &Access<P>) -> NaiveDate {
    Utc::now().with_timezone(&access.who().time_zone).date_naive()
}
