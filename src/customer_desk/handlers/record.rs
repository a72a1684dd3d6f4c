//! A customer's page and what is done there.

use crate::conversations::model::Scope;
use crate::customer_desk::form::{AddressForm, CustomerForm, StateForm};
use crate::customer_desk::record::{self, Asked, Found};
use crate::customer_desk::timeline::Window;
use crate::customer_desk::view::{self, HERE};
use crate::customers::model::{CustomerId, CustomerState, IdentityId};
use crate::customers::reads::Reads;
use crate::customers::{addresses, attributes, changes, labels, states};
use crate::kit::access::{Access, DeleteCustomers, EditCustomers, Permission, ViewCustomers};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::page::{self, Cursor};
use crate::kit::vault::Vault;
use crate::tenants::settings;
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    /// Older happenings than this.
    #[serde(deserialize_with = "page::lenient")]
    pub before: Option<Cursor>,
    /// The newest happenings down to this one.
    #[serde(deserialize_with = "page::lenient")]
    pub from: Option<Cursor>,
    /// Set where a saved form leads to.
    pub saved: Option<String>,
}

pub async fn show(
    access: Access<ViewCustomers>,
    id: Path<CustomerId>,
    Query(look): Query<Look>,
    reads: Data<Reads>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let window = match (look.before, look.from) {
        (Some(before), _) => Window::Before(before),
        (None, Some(from)) => Window::From(from),
        (None, None) => Window::Newest,
    };
    let mut found = read(&access, *id, window, Some(&reads), &vault).await?;
    if let Some(first) = found.first_look.take() {
        first.keep();
    }
    access.show(&view::show(&access, &found, window, look.saved.is_some()))
}

pub async fn new(access: Access<EditCustomers>) -> Result<HttpResponse> {
    blank(&access, CustomerForm::default()).await
}

pub async fn create(
    access: Access<EditCustomers>,
    form: Form<CustomerForm>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let typed = form.0.clone();
    let (region, definitions) = rules(&access).await?;
    let data = match form.0.validate(region, &definitions) {
        Ok(data) => data,
        Err(form) => return blank(&access, form).await,
    };
    let (by, wanted) = (UserId::from(access.who().user), typed.labels());
    let made = access.run(move |conn, tenant| {
        let id = changes::create(conn, tenant, &vault, &data, "form", Some(by))?;
        labels::replace(conn, tenant, id, &wanted)?;
        Ok(id)
    });
    match made.await {
        Ok(id) => access.go(&format!("{HERE}/{id}")),
        Err(error) => blank(&access, explain(typed, error)?).await,
    }
}

async fn blank(access: &Access<EditCustomers>, form: CustomerForm) -> Result<HttpResponse> {
    let found = access.run(|conn, tenant| {
        Ok((attributes::definitions(conn, tenant)?, crate::labels::model::list(conn, tenant, false)?))
    });
    let (definitions, labels) = found.await?;
    access.show(&view::form(access, None, form, &definitions, &labels))
}

pub async fn edit(access: Access<EditCustomers>, id: Path<CustomerId>, vault: Data<Vault>) -> Result<HttpResponse> {
    let found = read(&access, *id, Window::Newest, None, &vault).await?;
    let form = view::filled(&found);
    access.show(&view::form(&access, Some(&found.record), form, &found.definitions, &found.all_labels))
}

pub async fn update(
    access: Access<EditCustomers>,
    id: Path<CustomerId>,
    form: Form<CustomerForm>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let (id, typed) = (*id, form.0.clone());
    let (region, definitions) = rules(&access).await?;
    let rejected = match form.0.validate(region, &definitions) {
        Err(form) => form,
        Ok(data) => {
            let (wanted, seen, key) = (typed.labels(), typed.seen(), vault.clone());
            let saved = access.run(move |conn, tenant| {
                changes::edit(conn, tenant, &key, id, &data, seen)?;
                labels::replace(conn, tenant, id, &wanted)
            });
            match saved.await {
                Ok(()) => return access.go_on(&format!("{HERE}/{id}?saved=1"), "Saved.", &view::told(id)),
                Err(error) => explain(typed, error)?,
            }
        }
    };
    let found = read(&access, id, Window::Newest, None, &vault).await?;
    access.show(&view::form(&access, Some(&found.record), rejected, &found.definitions, &found.all_labels))
}

/// A step to another state; deleting and restoring want their own right.
pub async fn update_state(
    access: Access<EditCustomers>,
    id: Path<CustomerId>,
    form: Form<StateForm>,
) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| changes::find(conn, tenant, id)).await?;
    let (state, reason) = form.0.validate().map_err(|form| {
        let told: Vec<&str> = form.errors.iter().map(|(_, why)| why).collect();
        Error::Invalid(told.join(" "))
    })?;
    let (by, may_delete) = (UserId::from(access.who().user), access.may::<DeleteCustomers>());
    let moved = access.run(move |conn, tenant| {
        let old = changes::find(conn, tenant, id)?.state;
        if !may_delete && (state == CustomerState::Deleted || old == CustomerState::Deleted) {
            return Err(Error::Forbidden);
        }
        states::go(conn, tenant, id, state, reason.as_deref(), Some(by))
    });
    match moved.await {
        Ok(()) if state == CustomerState::Deleted => access.go(HERE),
        Ok(()) => access.go(&format!("{HERE}/{id}")),
        Err(Error::Taken(_)) => Err(Error::Refused(
            "Another customer has this phone number, email address or id by now. Change or merge that one first."
                .into(),
        )),
        Err(error) => Err(error),
    }
}

pub async fn create_address(
    access: Access<EditCustomers>,
    id: Path<CustomerId>,
    form: Form<AddressForm>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let (id, typed) = (*id, form.0.clone());
    let (region, _) = rules(&access).await?;
    let rejected = match form.0.validate(region) {
        Err(form) => form,
        Ok((kind, value)) => {
            let added = access.run(move |conn, tenant| {
                changes::changeable(conn, tenant, id)?;
                addresses::add(conn, tenant, id, kind, &value, "form", false)
            });
            match added.await {
                Ok(_) => return access.go(&format!("{HERE}/{id}")),
                Err(Error::Taken(_)) => {
                    let mut form = typed;
                    form.errors.add("address", "A customer is known by this address already.");
                    form
                }
                Err(error) => return Err(error),
            }
        }
    };
    let found = read(&access, id, Window::Newest, None, &vault).await?;
    access.show(&view::address_rejected(&access, &found, &rejected))
}

pub async fn delete_address(
    access: Access<EditCustomers>,
    path: Path<(CustomerId, IdentityId)>,
) -> Result<HttpResponse> {
    let (id, identity) = *path;
    access.run(move |conn, tenant| addresses::forget(conn, tenant, id, identity)).await?;
    access.go(&format!("{HERE}/{id}"))
}

async fn read<P: Permission>(
    access: &Access<P>,
    id: CustomerId,
    window: Window,
    reads: Option<&Data<Reads>>,
    vault: &Data<Vault>,
) -> Result<Found> {
    // Parts of the page are no new look; who visits by support access is noted by that.
    let reads = reads.filter(|_| access.target().is_none_or(|target| target == "screen"));
    let asked = Asked { id, scope: Scope::of(access.who()), window, reads: reads.map(|reads| reads.get_ref().clone()) };
    let vault = vault.clone();
    access.run(move |conn, tenant| record::find(conn, tenant, &vault, &asked)).await
}

/// What a form is read by: where phones are dialled from, and the tenant's own fields.
async fn rules<P: Permission>(
    access: &Access<P>,
) -> Result<(Option<crate::kit::phone::Region>, Vec<attributes::Definition>)> {
    let read =
        access.run(|conn, tenant| Ok((settings::find(conn, tenant)?.region(), attributes::definitions(conn, tenant)?)));
    read.await
}

fn explain(form: CustomerForm, error: Error) -> Result<CustomerForm> {
    match error {
        Error::Taken(index) => form.taken(&index).ok_or(Error::Taken(index)),
        Error::Refused(why) => Ok(form.wrong("", why)),
        error => Err(error),
    }
}
