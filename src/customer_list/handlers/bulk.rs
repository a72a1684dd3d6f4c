//! Changes of many customers: asked for, reported, undone.

use super::{asker, page};
use crate::bulk_changes::model::{BulkChangeId, Change, Wish};
use crate::customer_list::changing::{self, Asked, Made, Seer};
use crate::customer_list::form::BulkForm;
use crate::customer_list::look::Look;
use crate::customer_list::view::{self, Aside, HERE};
use crate::customers::model::CustomerState;
use crate::kit::access::{Access, DeleteCustomers, EditCustomers, ViewAllTasks};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::vault::Vault;
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

pub async fn create(access: Access<EditCustomers>, form: Form<BulkForm>, vault: Data<Vault>) -> Result<HttpResponse> {
    let (id, change, mut form) = match form.0.validate() {
        Ok(valid) => valid,
        Err(form) => return rejected(&access, &vault, form).await,
    };
    if change == Change::SetState(CustomerState::Deleted) && !access.may::<DeleteCustomers>() {
        return Err(Error::Forbidden);
    }
    let asked = Asked {
        id,
        wish: Wish { change, may_restore: access.may::<DeleteCustomers>() },
        picked: form.everyone.is_empty().then(|| form.picks()),
        look: Look::parse(&form.query),
        is_confirmed: !form.confirmed.is_empty(),
        by: UserId::from(access.who().user),
    };
    let asker = asker(&access, &vault);
    match access.run(move |conn, tenant| changing::begin(conn, tenant, asked, &asker)).await {
        Ok((Made::Question(count), label)) => {
            access.show(&view::confirm(&access, &form, change, label.as_deref(), count))
        }
        // Sent twice: it was made the first time.
        Ok((Made::Begun, _)) | Err(Error::Taken(_)) => access.go(&format!("{HERE}/changes/{id}")),
        Err(Error::Refused(why)) => {
            form.errors.add("", why);
            rejected(&access, &vault, form).await
        }
        Err(error) => Err(error),
    }
}

async fn rejected(access: &Access<EditCustomers>, vault: &Vault, form: BulkForm) -> Result<HttpResponse> {
    let problem = form.errors.iter().next().map(|(_, why)| why.to_owned());
    let aside = Aside { problem, picked: form.picks(), ..Aside::default() };
    let screen = page(access, Look::parse(&form.query), vault, aside).await?;
    access.show(&screen)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Place {
    after: String,
}

/// The report.
pub async fn show(
    access: Access<EditCustomers>,
    id: Path<BulkChangeId>,
    Query(place): Query<Place>,
) -> Result<HttpResponse> {
    let (id, after, seer) = (*id, place.after.parse().ok(), seer(&access));
    let report = access.run(move |conn, tenant| changing::report(conn, tenant, id, after, seer)).await?;
    access.show(&view::changed(&access, report)?)
}

/// Takes it back.
pub async fn undo(access: Access<EditCustomers>, id: Path<BulkChangeId>) -> Result<HttpResponse> {
    let (id, seer) = (*id, seer(&access));
    access.run(move |conn, tenant| changing::undo(conn, tenant, id, seer)).await?;
    access.go(&format!("{HERE}/changes/{id}"))
}

/// Somebody else's is not there, but for administrators.
fn seer(access: &Access<EditCustomers>) -> Seer {
    Seer {
        user: UserId::from(access.who().user),
        sees_all: access.may::<ViewAllTasks>(),
        may_delete: access.may::<DeleteCustomers>(),
    }
}
