//! `/api/v1/sessions`.

use super::sessions::{self, SessionId, UserSession};
use crate::kit::access::{Client, EditUsers, OwnAccount, ViewOwnAccount};
use crate::kit::error::Result;
use crate::kit::json::{List, Paging, Params};
use crate::kit::page::Cursor;
use crate::kit::sessions::Sessions;
use crate::kit::tokens::{Callers, Credential};
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A browser or program that is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    #[schema(value_type = Uuid)]
    id: SessionId,
    kind: SessionKind,
    /// What the browser or program calls itself.
    user_agent: Option<String>,
    #[schema(example = "192.0.2.1")]
    ip_address: Option<String>,
    created_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// Whether this request was made in it.
    is_current: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SessionKind {
    Browser,
    Api,
}

/// Lists where the caller is signed in, the latest first.
#[utoipa::path(
    get, path = "/api/v1/sessions", tag = "sessions", operation_id = "listSessions", params(Paging),
    security(("bearer" = ["account:read"])), responses((status = 200, body = List<Session>))
)]
pub async fn index(client: Client<ViewOwnAccount>, Params(paging): Params<Paging>) -> Result<HttpResponse> {
    let (slice, user) = (paging.slice()?, client.caller().user.into());
    let rows = client.run(move |conn, tenant| sessions::page(conn, tenant, user, slice.after, slice.size)).await?;
    let current = client.caller().credential;
    let cursor = |session: &UserSession| Cursor { at: session.created_at, id: session.id.get() };
    client.show(&List::of(rows, cursor, |session| shown(session, current)))
}

/// Signs a browser or program out: one of the caller's own, or with `users:write` anybody's at the organisation.
#[utoipa::path(
    delete, path = "/api/v1/sessions/{session}", tag = "sessions", operation_id = "deleteSession",
    params(("session" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["account:write"])), responses((status = 204, description = "It is signed out"))
)]
pub async fn delete(
    client: Client<OwnAccount>,
    id: Path<SessionId>,
    kept: Data<Sessions>,
    callers: Data<Callers>,
) -> Result<HttpResponse> {
    let (id, user) = (*id, client.caller().user.into());
    let whose = if client.may::<EditUsers>() { None } else { Some(user) };
    client.run(move |conn, tenant| sessions::end(conn, tenant, id, whose)).await?;
    kept.forget();
    callers.forget();
    client.done()
}

fn shown(session: UserSession, current: Credential) -> Session {
    Session {
        id: session.id,
        kind: if session.is_api_client() { SessionKind::Api } else { SessionKind::Browser },
        is_current: matches!(current, Credential::Session { id, .. } if id == session.id.get()),
        user_agent: session.user_agent,
        ip_address: session.ip_address,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        expires_at: session.expires_at,
    }
}
