//! `/platform/tenants` and what is done to one of them.

use super::form::TenantForm;
use super::model::{self, PAGE, Post, Step};
use super::query::{DeletionForm, Look};
use super::view::{self, Found};
use crate::kit::access::{EditTenants, Platform, ViewTenants};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::mail::Mailer;
use crate::kit::page;
use crate::kit::public_url::PublicUrl;
use crate::tenants::administration;
use crate::tenants::model::TenantKey;
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};

pub async fn index(platform: Platform<ViewTenants>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let (filter, after) = (look.filter(), look.after());
    let found = platform.db.run(move |conn| {
        let (lines, has_more) = page::cut(model::page(conn, &filter, after, PAGE)?, PAGE);
        Ok(Found { lines, has_more, counts: model::counts(conn)? })
    });
    platform.access.show(&view::index(&platform.access, &look, &found.await?))
}

pub async fn new(platform: Platform<EditTenants>, mailer: Data<Mailer>) -> Result<HttpResponse> {
    let screen = view::new(&platform.access, TenantForm::empty(), mailer.is_configured(), StatusCode::OK);
    platform.access.show(&screen)
}

/// Makes the tenant, and shows the link of its first administrator where no mail takes it there.
pub async fn create(
    platform: Platform<EditTenants>,
    form: Form<TenantForm>,
    mailer: Data<Mailer>,
    public_url: Data<PublicUrl>,
) -> Result<HttpResponse> {
    let (access, typed, is_mailed) = (&platform.access, form.0.clone(), mailer.is_configured());
    let rejected = |form| access.show(&view::new(access, form, is_mailed, StatusCode::UNPROCESSABLE_ENTITY));
    let (details, administrator) = match form.0.validate_new() {
        Ok(data) => data,
        Err(form) => return rejected(form),
    };
    let (key, name, post) = (TenantKey::new(), details.name.clone(), post(&mailer, &public_url));
    let made =
        platform.administer(key.get(), move |conn, tenant| model::found(conn, tenant, &details, &administrator, &post));
    match made.await {
        Ok(invited) => access.show(&view::invited(access, format!("{}/{key}", view::HERE), name, invited)),
        Err(Error::Taken(constraint)) => rejected(typed.taken(&constraint)),
        Err(error) => Err(error),
    }
}

pub async fn show(platform: Platform<ViewTenants>, key: Path<TenantKey>) -> Result<HttpResponse> {
    let seen = platform.administer(key.get(), model::see).await?;
    platform.access.show(&view::show(&platform.access, &seen))
}

pub async fn edit(platform: Platform<EditTenants>, key: Path<TenantKey>) -> Result<HttpResponse> {
    let tenant = platform.administer(key.get(), administration::find).await?;
    let form = TenantForm::of(&tenant);
    platform.access.show(&view::edit(&platform.access, &tenant, form, StatusCode::OK))
}

pub async fn update(
    platform: Platform<EditTenants>,
    key: Path<TenantKey>,
    form: Form<TenantForm>,
) -> Result<HttpResponse> {
    let (access, typed) = (&platform.access, form.0.clone());
    let known = platform.administer(key.get(), administration::find).await?;
    let rejected = |form| access.show(&view::edit(access, &known, form, StatusCode::UNPROCESSABLE_ENTITY));
    let details = match form.0.validate() {
        Ok(details) => details,
        Err(form) => return rejected(form),
    };
    match platform.administer(key.get(), move |conn, tenant| administration::edit(conn, tenant, &details)).await {
        Ok(()) => access.go(&view::href(&known)),
        Err(Error::Taken(constraint)) => rejected(typed.taken(&constraint)),
        Err(error) => Err(error),
    }
}

pub async fn deactivate(platform: Platform<EditTenants>, key: Path<TenantKey>) -> Result<HttpResponse> {
    step(&platform, *key, Step::Deactivate).await
}

pub async fn activate(platform: Platform<EditTenants>, key: Path<TenantKey>) -> Result<HttpResponse> {
    step(&platform, *key, Step::Activate).await
}

pub async fn delete(
    platform: Platform<EditTenants>,
    key: Path<TenantKey>,
    form: Form<DeletionForm>,
) -> Result<HttpResponse> {
    step(&platform, *key, Step::Delete { typed: form.0.name }).await
}

pub async fn restore(platform: Platform<EditTenants>, key: Path<TenantKey>) -> Result<HttpResponse> {
    step(&platform, *key, Step::Restore).await
}

/// Takes a step and leads back to the tenant's page, which says why where the step is refused.
async fn step(platform: &Platform<EditTenants>, key: TenantKey, step: Step) -> Result<HttpResponse> {
    let typed = step.typed();
    match platform.administer(key.get(), move |conn, tenant| model::take(conn, tenant, &step)).await {
        Err(Error::Refused(why)) => {
            let seen = platform.administer(key.get(), model::see).await?;
            platform.access.show(&view::refused(view::show(&platform.access, &seen), why, typed))
        }
        taken => {
            taken?;
            platform.access.go(&format!("{}/{key}", view::HERE))
        }
    }
}

/// A new link for an administrator who has not used the first one.
pub async fn invite(
    platform: Platform<EditTenants>,
    path: Path<(TenantKey, UserId)>,
    mailer: Data<Mailer>,
    public_url: Data<PublicUrl>,
) -> Result<HttpResponse> {
    let ((key, user), post) = (path.into_inner(), post(&mailer, &public_url));
    let invited = platform.administer(key.get(), move |conn, tenant| {
        let name = administration::find(conn, tenant)?.details.name;
        model::invite_again(conn, tenant, user, &post).map(|invited| (name, invited))
    });
    let (name, invited) = invited.await?;
    platform.access.show(&view::invited(&platform.access, format!("{}/{key}", view::HERE), name, invited))
}

fn post(mailer: &Data<Mailer>, public_url: &Data<PublicUrl>) -> Post {
    Post { mailer: mailer.as_ref().clone(), public_url: public_url.as_ref().clone() }
}
