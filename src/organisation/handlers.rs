//! Settings → Organisation.

use super::form::OrganisationForm;
use super::view::{self, Found, HERE};
use crate::kit::access::{Access, EditOrganisation, ViewOrganisation};
use crate::kit::error::Result;
use crate::kit::form::Form;
use crate::kit::sessions::Sessions;
use crate::tenants::profile::Decisions;
use crate::tenants::{limits, profile, settings};
use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    /// Set where a saved form leads to.
    saved: Option<String>,
}

pub async fn show(access: Access<ViewOrganisation>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let found = access.run(|conn, tenant| {
        let (identity, known) = profile::find(conn, tenant)?;
        let form = OrganisationForm::of(known, Decisions::of(&settings::find(conn, tenant)?));
        Ok(Found { identity, form, uses: limits::uses(conn, tenant)? })
    });
    access.show(&view::show(&access, found.await?, look.saved.is_some()))
}

pub async fn update(
    access: Access<EditOrganisation>,
    form: Form<OrganisationForm>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse> {
    let (known, decided) = match form.0.validate() {
        Ok(data) => data,
        Err(form) => {
            let found = access.run(|conn, tenant| {
                let (identity, _) = profile::find(conn, tenant)?;
                Ok(Found { identity, form, uses: limits::uses(conn, tenant)? })
            });
            return access.show(&view::show(&access, found.await?, false));
        }
    };
    access.run(move |conn, tenant| profile::change(conn, tenant, &known, &decided)).await?;
    sessions.forget();
    access.go(&format!("{HERE}?saved=1"))
}
