//! `/settings/support` on the organisation's side; going in and out on the platform's.

use super::form::GrantForm;
use super::model::{self, End, GrantId};
use super::view::{self, Found, HERE};
use crate::kit::access::{Access, EnterSupport, GrantSupport, OwnAccount, Permission, Platform, ViewSupport};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::sessions::{self, Sessions};
use crate::tenants::model::TenantKey;
use crate::users::model::{self as users, UserId};
use actix_session::Session;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

pub async fn index(access: Access<ViewSupport>) -> Result<HttpResponse> {
    let form = GrantForm { hours: "4".into(), ..GrantForm::default() };
    access.show(&view::index(&access, &found(&access).await?, form, None))
}

pub async fn create(access: Access<GrantSupport>, form: Form<GrantForm>) -> Result<HttpResponse> {
    let typed = form.0.clone();
    let (hours, reason) = match form.0.validate() {
        Ok(data) => data,
        Err(form) => return access.show(&view::index(&access, &found(&access).await?, form, None)),
    };
    let by: UserId = access.who().user.into();
    match access.run(move |conn, tenant| model::grant(conn, tenant, by, hours, &reason)).await {
        Ok(_) => access.go(HERE),
        Err(Error::Refused(why)) => access.show(&view::index(&access, &found(&access).await?, typed, Some(why))),
        Err(error) => Err(error),
    }
}

async fn found<P: Permission>(access: &Access<P>) -> Result<Found> {
    let found = access.run(|conn, tenant| {
        let (grants, visits) = model::list(conn, tenant)?;
        let by: Vec<UserId> = grants.iter().filter_map(|grant| grant.granted_by).collect();
        Ok(Found { names: users::names(conn, tenant, &by)?, grants, visits })
    });
    found.await
}

pub async fn delete(access: Access<GrantSupport>, id: Path<GrantId>, sessions: Data<Sessions>) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| model::end(conn, tenant, id, End::Tenant)).await?;
    sessions.forget();
    access.go(HERE)
}

/// POST /platform/tenants/{tenant}/support
pub async fn enter(
    platform: Platform<EnterSupport>,
    key: Path<TenantKey>,
    session: Session,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let who = platform.access.who().clone();
    let (new, client) = platform.administer(key.get(), move |conn, tenant| model::enter(conn, tenant, &who)).await?;
    sessions::begin(&req, &session, &new, &client)?;
    platform.access.leave("/")
}

/// POST /platform/tenants/{tenant}/support/ending: the platform gives the access back before its time.
pub async fn give_back(
    platform: Platform<EnterSupport>,
    key: Path<TenantKey>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse> {
    platform.administer(key.get(), model::end_open).await?;
    sessions.forget();
    platform.access.go(&format!("/platform/tenants/{key}"))
}

/// POST /support/leaving
pub async fn leave(access: Access<OwnAccount>, session: Session, req: HttpRequest) -> Result<HttpResponse> {
    let Some(visit) = access.who().visit() else { return access.leave("/") };
    let (tenant, grant, who) = (visit.tenant(), visit.grant.into(), access.who().clone());
    let renewed = access.at_visited(move |conn, tenant| model::leave(conn, tenant, &who, grant)).await?;
    sessions::begin(&req, &session, &renewed.0, &renewed.1)?;
    access.leave(&format!("/platform/tenants/{tenant}"))
}
