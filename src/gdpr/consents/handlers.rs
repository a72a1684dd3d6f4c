//! `/gdpr/consents`, everybody's ledger, and `/customers/{customer}/consents`.

use super::form::{ConsentForm, Look};
use super::ledger;
use super::model::{self, Filter};
use super::view;
use crate::customers::model::CustomerId;
use crate::customers::reads::Reads;
use crate::gdpr::customers::model as known;
use crate::kit::access::{Access, EditCustomers, Permission, ViewCustomers, ViewPrivacy};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use chrono::Utc;

pub async fn index(access: Access<ViewPrivacy>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let (filter, after) = (look.filter(), look.after());
    let found = access.run(move |conn, tenant| ledger::page(conn, tenant, filter, after)).await?;
    access.show(&view::index(&access, &look, &found))
}

/// GET /customers/{customer}/consents
pub async fn show(
    access: Access<ViewCustomers>,
    id: Path<CustomerId>,
    Query(look): Query<Look>,
    reads: Data<Reads>,
) -> Result<HttpResponse> {
    let first = reads.first(access.who().user, *id);
    let screen = page(&access, *id, &look, first.is_some(), None).await?;
    if let Some(first) = first {
        first.keep();
    }
    access.show(&screen)
}

/// POST /customers/{customer}/consents
pub async fn create(
    access: Access<EditCustomers>,
    id: Path<CustomerId>,
    form: Form<ConsentForm>,
) -> Result<HttpResponse> {
    let (id, typed, by) = (*id, form.0.clone(), access.who().user.into());
    let rejected = match form.0.validate(access.who().time_zone, Utc::now()) {
        Ok(data) => match access.run(move |conn, tenant| model::record(conn, tenant, id, &data, Some(by))).await {
            Ok(_) => return access.go(&format!("/customers/{id}/consents")),
            Err(Error::Refused(why)) => (typed, Some(why)),
            Err(error) => return Err(error),
        },
        Err(form) => (form, None),
    };
    access.show(&page(&access, id, &Look::default(), false, Some(rejected)).await?)
}

async fn page<P: Permission>(
    access: &Access<P>,
    id: CustomerId,
    look: &Look,
    is_first_look: bool,
    form: Option<(ConsentForm, Option<String>)>,
) -> Result<super::screens::Show> {
    let after = look.after();
    let read = access.run(move |conn, tenant| {
        let known = known::find(conn, tenant, id)?;
        if is_first_look {
            crate::customers::reads::note(conn, tenant, id)?;
        }
        let filter = Filter { customer: Some(id), ..Filter::default() };
        Ok((known, model::standing(conn, tenant, id)?, ledger::page(conn, tenant, filter, after)?))
    });
    let (known, standing, found) = read.await?;
    Ok(view::show(access, &known, &standing, &found, &look.after, form))
}
