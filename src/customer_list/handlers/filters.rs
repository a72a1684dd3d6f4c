//! Saved filters of the list.

use super::page;
use crate::customer_list::form::SaveForm;
use crate::customer_list::look::Look;
use crate::customer_list::reading::LIST;
use crate::customer_list::view::{self, Aside};
use crate::kit::access::{Access, EditCustomers, EditOrganisation};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::vault::Vault;
use crate::saved_filters::model::{self, NewFilter, SavedFilterId};
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

pub async fn create(access: Access<EditCustomers>, form: Form<SaveForm>, vault: Data<Vault>) -> Result<HttpResponse> {
    let typed = form.0.clone();
    let (name, query, is_shared) = match form.0.validate() {
        Ok(valid) => valid,
        Err(form) => return rejected(&access, &vault, form).await,
    };
    let (user, new) =
        (UserId::from(access.who().user), NewFilter { list: LIST, name, query: query.clone(), is_shared });
    match access.run(move |conn, tenant| model::create(conn, tenant, user, &new)).await {
        Ok(_) => access.go(&view::href(&query)),
        Err(Error::Taken(_)) => rejected(&access, &vault, typed.name_taken()).await,
        Err(Error::Refused(why)) => rejected(&access, &vault, typed.wrong(why)).await,
        Err(error) => Err(error),
    }
}

async fn rejected(access: &Access<EditCustomers>, vault: &Vault, form: SaveForm) -> Result<HttpResponse> {
    let look = Look::parse(&form.query);
    let screen = page(access, look, vault, Aside { save: Some(form), ..Aside::default() }).await?;
    access.show(&screen)
}

pub async fn delete(access: Access<EditCustomers>, id: Path<SavedFilterId>) -> Result<HttpResponse> {
    let (id, user, any) = (*id, UserId::from(access.who().user), access.may::<EditOrganisation>());
    access.run(move |conn, tenant| model::delete(conn, tenant, id, user, any)).await?;
    access.go(view::HERE)
}
