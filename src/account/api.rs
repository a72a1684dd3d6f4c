//! `/api/v1/me`.

use crate::kit::access::{Client, Role, ViewOwnAccount};
use crate::kit::error::Result;
use crate::kit::tokens::Credential;
use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who asks, and what they may do with this token.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    id: Uuid,
    #[schema(example = "admin@acme.test")]
    email: String,
    #[schema(example = "Ada")]
    first_name: String,
    #[schema(example = "Arnold")]
    last_name: String,
    role: Role,
    tenant: OwnTenant,
    /// What the role holds and the token carries.
    #[schema(example = json!(["account:read", "users:read"]))]
    scopes: Vec<&'static str>,
    token: ShownToken,
}

/// The organisation that the user belongs to.
#[derive(Debug, Serialize, ToSchema)]
struct OwnTenant {
    id: Uuid,
    #[schema(example = "Acme Bikes")]
    name: String,
}

/// The token that was shown.
#[derive(Debug, Serialize, ToSchema)]
struct ShownToken {
    kind: TokenKind,
    /// Of the session, or of the personal token.
    id: Uuid,
    expires_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TokenKind {
    /// An access token of a session.
    Access,
    Personal,
}

/// Shows who the token belongs to.
#[utoipa::path(
    get, path = "/api/v1/me", tag = "account", operation_id = "showMe",
    security(("bearer" = ["account:read"])), responses((status = 200, body = Me))
)]
pub async fn show(client: Client<ViewOwnAccount>) -> Result<HttpResponse> {
    let caller = client.caller().clone();
    let (kind, id) = match caller.credential {
        Credential::Session { id, .. } => (TokenKind::Access, id),
        Credential::Token { id } => (TokenKind::Personal, id),
    };
    client.show(&Me {
        id: caller.user,
        tenant: OwnTenant { id: caller.tenant_id(), name: caller.tenant_name },
        email: caller.email,
        first_name: caller.first_name,
        last_name: caller.last_name,
        role: caller.role,
        scopes: caller.scopes,
        token: ShownToken { kind, id, expires_at: caller.expires_at },
    })
}
