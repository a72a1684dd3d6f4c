//! `/api/v1/customers/{customer}/identities`.

use super::{Client, Error, Json, Problem, Result, answers, sees};
use crate::customer_desk::form::AddressForm;
use crate::customers::model::{self as customers, CustomerId, Identity, IdentityId, IdentityKind};
use crate::customers::{addresses, changes};
use crate::kit::access::{EditCustomers, ViewCustomers};
use crate::kit::json::List;
use crate::kit::words;
use crate::tenants::settings;
use actix_web::HttpResponse;
use actix_web::web::Path;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One address of a customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerIdentity {
    #[schema(value_type = uuid::Uuid)]
    id: IdentityId,
    kind: IdentityKind,
    /// Masked for callers without `customers:read_addresses`.
    #[schema(example = "351912345678")]
    value: String,
    /// Whether it stands in the record.
    is_primary: bool,
    /// Whether somebody wrote from it.
    is_verified: bool,
    /// Where it was learnt: `message`, `form`, `import`, `api` …
    #[schema(example = "message")]
    source: String,
    learnt_at: DateTime<Utc>,
}

impl CustomerIdentity {
    fn of(identity: Identity, sees_all: bool) -> Self {
        let value = match (sees_all, identity.kind) {
            (true, _) | (_, IdentityKind::Lid) => identity.value,
            (false, IdentityKind::Email) => words::masked_email(&identity.value),
            (false, IdentityKind::Phone | IdentityKind::ChatId) => {
                words::masked_phone(identity.value.split('@').next().unwrap_or_default())
            }
        };
        Self {
            id: identity.id,
            kind: identity.kind,
            value,
            is_primary: identity.is_primary,
            is_verified: identity.is_verified,
            source: identity.source,
            learnt_at: identity.learnt_at,
        }
    }
}

/// One more address.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewIdentity {
    /// A phone number in any notation, or an email address.
    #[schema(example = "ana@work.example")]
    address: String,
}

/// Lists the addresses of a customer: at most 50, oldest first.
#[utoipa::path(
    get, path = "/api/v1/customers/{customer}/identities", tag = "customers", operation_id = "listIdentities",
    params(("customer" = uuid::Uuid, Path, description = "Their id")),
    security(("bearer" = ["customers:read"])), responses((status = 200, body = List<CustomerIdentity>))
)]
pub async fn index(client: Client<ViewCustomers>, id: Path<CustomerId>) -> Result<HttpResponse> {
    let id = *id;
    let found = client.run(move |conn, tenant| {
        changes::find(conn, tenant, id)?;
        customers::identities(conn, tenant, id)
    });
    let (rows, sees_all) = (found.await?, sees(&client));
    client.show(&List::of((rows, false), |row| row.id, |row| CustomerIdentity::of(row, sees_all)))
}

/// Adds an address.
#[utoipa::path(
    post, path = "/api/v1/customers/{customer}/identities", tag = "customers", operation_id = "addIdentity",
    request_body = NewIdentity, params(("customer" = uuid::Uuid, Path, description = "Their id")),
    security(("bearer" = ["customers:write"])),
    responses((status = 201, body = CustomerIdentity), (status = 409, response = answers::Conflict))
)]
pub async fn create(
    client: Client<EditCustomers>,
    id: Path<CustomerId>,
    body: Json<NewIdentity>,
) -> Result<HttpResponse> {
    let (id, form) = (*id, AddressForm { address: body.0.address, ..AddressForm::default() });
    let added = client.run(move |conn, tenant| {
        changes::changeable(conn, tenant, id)?;
        let region = settings::find(conn, tenant)?.region();
        let (kind, value) = form.validate(region).map_err(|form| Error::from(Problem::of_form(&form.errors)))?;
        let identity = addresses::add(conn, tenant, id, kind, &value, "api", false)?;
        let known = customers::identities(conn, tenant, id)?;
        known.into_iter().find(|row| row.id == identity).ok_or(Error::NotFound)
    });
    let identity = added.await.map_err(|error| match error {
        Error::Taken(_) => Problem::refused("#/address", "A customer is known by this address already.").into(),
        error => error,
    })?;
    let at = format!("/api/v1/customers/{id}/identities/{}", identity.id);
    client.created(&at, &CustomerIdentity::of(identity, sees(&client)))
}

/// Takes an address away that does not stand in the record.
#[utoipa::path(
    delete, path = "/api/v1/customers/{customer}/identities/{identity}", tag = "customers",
    operation_id = "removeIdentity",
    params(
        ("customer" = uuid::Uuid, Path, description = "The customer's id"),
        ("identity" = uuid::Uuid, Path, description = "The address's id"),
    ),
    security(("bearer" = ["customers:write"])), responses((status = 204, description = "It is gone"))
)]
pub async fn delete(client: Client<EditCustomers>, path: Path<(CustomerId, IdentityId)>) -> Result<HttpResponse> {
    let (id, identity) = *path;
    client.run(move |conn, tenant| addresses::forget(conn, tenant, id, identity)).await?;
    client.done()
}
