//! `/customers`: the list, and its columns.

pub mod bulk;
pub mod exports;
pub mod filters;

use super::form::ColumnsForm;
use super::look::Look;
use super::reading;
use super::screens::Index;
use super::view::{self, Aside};
use super::wish::Asker;
use crate::kit::access::{Access, OwnAccount, Permission, ViewAddresses, ViewCustomers};
use crate::kit::error::Result;
use crate::kit::form::Form;
use crate::kit::vault::Vault;
use crate::users::model::UserId;
use crate::users::profile::{self, Profile};
use actix_web::HttpResponse;
use actix_web::web::{Data, Query};

pub async fn index(
    access: Access<ViewCustomers>,
    Query(asked): Query<Vec<(String, String)>>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let look = Look::of(asked.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let screen = page(&access, look, &vault, Aside::default()).await?;
    access.show(&screen)
}

/// Keeps which columns one wants.
pub async fn update_columns(access: Access<OwnAccount>, form: Form<ColumnsForm>) -> Result<HttpResponse> {
    let (user, words) = (UserId::from(access.who().user), form.0.words());
    let keep = move |profile: Profile| {
        let mut profile = profile;
        profile.preferences.customer_columns = Some(words);
        profile
    };
    access.run(move |conn, tenant| profile::edit(conn, tenant, user, keep)).await?;
    access.go(&view::href(&Look::parse(&form.0.query).query()))
}

/// What of whoever asks decides how an address is understood.
pub(super) fn asker<P: Permission>(access: &Access<P>, vault: &Vault) -> Asker {
    Asker { sees_addresses: access.may::<ViewAddresses>(), zone: access.who().time_zone, vault: vault.clone() }
}

/// A filter that cannot be understood finds nothing and says why.
pub(super) async fn page<P: Permission>(access: &Access<P>, look: Look, vault: &Vault, aside: Aside) -> Result<Index> {
    let (asker, user) = (asker(access, vault), UserId::from(access.who().user));
    // The rows that follow are asked for alone; nothing around them is read anew.
    let is_whole = access.target() != Some("customer_more");
    let asked = look.clone();
    let found = access.run(move |conn, tenant| reading::read(conn, tenant, &asked, &asker, user, is_whole));
    Ok(view::index(access, &look, &found.await?, aside))
}
