//! `/api/v1/tenants`: one's own, and for the platform's administrators all.

use super::brief::{self, Brief};
use super::model::TenantKey;
use crate::kit::access::{Client, ViewOwnAccount, ViewTenants};
use crate::kit::error::{Error, Result};
use crate::kit::json::{List, Paging, Params};
use crate::kit::page::Cursor;
use crate::kit::tenant::TenantStatus;
use actix_web::HttpResponse;
use actix_web::web::Path;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tenant {
    #[schema(value_type = Uuid)]
    id: TenantKey,
    #[schema(example = "Acme Bikes")]
    name: String,
    #[schema(example = "acme-bikes")]
    slug: String,
    status: TenantStatus,
    description: Option<String>,
    #[schema(example = "Europe/Berlin")]
    time_zone: String,
    #[schema(example = "en")]
    locale: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Lists the caller's own organisation; all of them where the caller has `tenants:read`.
#[utoipa::path(
    get, path = "/api/v1/tenants", tag = "tenants", operation_id = "listTenants", params(Paging),
    security(("bearer" = ["account:read"])), responses((status = 200, body = List<Tenant>))
)]
pub async fn index(client: Client<ViewOwnAccount>, Params(paging): Params<Paging>) -> Result<HttpResponse> {
    let slice = paging.slice()?;
    let rows = match client.platform::<ViewTenants>() {
        Some(platform) => {
            platform.run(move |conn| brief::page(conn, slice.after.map(|after| after.id), slice.size)).await?
        }
        None => (vec![client.run(brief::own).await?], false),
    };
    let cursor = |tenant: &Brief| Cursor { at: tenant.created_at, id: tenant.id.get() };
    client.show(&List::of(rows, cursor, shown))
}

/// Shows an organisation: the caller's own, or any where the caller has `tenants:read`.
#[utoipa::path(
    get, path = "/api/v1/tenants/{tenant}", tag = "tenants", operation_id = "showTenant",
    params(("tenant" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["account:read"])), responses((status = 200, body = Tenant))
)]
pub async fn show(client: Client<ViewOwnAccount>, id: Path<TenantKey>) -> Result<HttpResponse> {
    let id = *id;
    let tenant = match client.platform::<ViewTenants>() {
        Some(platform) => platform.run(move |conn| brief::find(conn, id)).await?,
        None => {
            client.run(brief::own).await.and_then(|own| if own.id == id { Ok(own) } else { Err(Error::NotFound) })?
        }
    };
    client.show(&shown(tenant))
}

fn shown(tenant: Brief) -> Tenant {
    let Brief { id, name, slug, status, description, time_zone, locale, created_at, updated_at } = tenant;
    Tenant { id, name, slug, status, description, time_zone, locale, created_at, updated_at }
}
