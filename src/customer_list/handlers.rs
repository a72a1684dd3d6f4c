//! `/customers`: the list, and its columns.

pub mod bulk;
pub mod exports;
pub mod filters;

use super::form::ColumnsForm;
use super::look::Look;
use super::screens::Index;
use super::view::{self, Aside, Found};
use super::wish::Asker;
use crate::customers::listing::{self, MOST, PAGE};
use crate::customers::{attributes, columns, counts};
use crate::kit::access::{Access, OwnAccount, Permission, ViewAddresses, ViewCustomers};
use crate::kit::error::Result;
use crate::kit::form::Form;
use crate::kit::page;
use crate::kit::vault::Vault;
use crate::labels::model as labels;
use crate::saved_filters::model as saved_filters;
use crate::users::model::{UserId, names};
use crate::users::profile::{self, Profile};
use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use diesel::PgConnection;

/// The word of this list among saved filters.
pub const LIST: &str = "customers";

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
    let found = access.run(move |conn, tenant| {
        let mut found = Found { definitions: attributes::definitions(conn, tenant)?, ..Found::default() };
        let chosen = match profile::preferences(conn, tenant, user)? {
            Some(preferences) => preferences.customer_columns,
            None => None, // a visitor, who is a user elsewhere
        };
        found.columns = columns::chosen(chosen.as_deref(), &found.definitions);
        found.labels = labels::list(conn, tenant, false)?;
        if is_whole {
            found.counts = counts::counts(conn, tenant)?;
            found.saved = saved_filters::list(conn, tenant, LIST, user)?;
            let sharing: Vec<UserId> = found.saved.iter().map(|one| one.created_by).filter(|by| *by != user).collect();
            found.names = if sharing.is_empty() { Vec::new() } else { names(conn, tenant, &sharing)? };
        }
        match asked.filter(&found.definitions, &asker) {
            Ok(filter) => read(conn, tenant, &asked, filter, &mut found)?,
            Err(errors) => found.errors = errors,
        }
        Ok(found)
    });
    Ok(view::index(access, &look, &found.await?, aside))
}

fn read(
    conn: &mut PgConnection,
    tenant: crate::kit::tenant::TenantId,
    look: &Look,
    filter: crate::customers::filter::Filter,
    found: &mut Found,
) -> Result<()> {
    let (order, size) = (look.order(), look.rows().clamp(PAGE, MOST));
    let (rows, has_more) = page::cut(listing::page(conn, tenant, &filter, order, look.after(), size)?, size);
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    found.stuck = listing::labels(conn, tenant, &ids)?;
    found.next = rows.last().filter(|_| has_more).map(|row| row.place(order.sort).to_string());
    (found.rows, found.filter) = (rows, Some(filter));
    Ok(())
}
