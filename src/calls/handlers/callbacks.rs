//! Missed calls that are returned: taken on, handed back, done.

use super::writer;
use crate::calls::callbacks;
use crate::calls::model::CallId;
use crate::calls::view::HERE;
use crate::kit::access::{Access, WorkCalls};
use crate::kit::error::Result;
use actix_web::HttpResponse;
use actix_web::web::Path;

/// POST /calls/{call}/callback
pub async fn create(access: Access<WorkCalls>, id: Path<CallId>) -> Result<HttpResponse> {
    let (id, scope) = (*id, writer(&access).scope);
    access.run(move |conn, tenant| callbacks::take(conn, tenant, scope, id)).await?;
    access.go(&format!("{HERE}/{id}"))
}

/// POST /calls/{call}/callback/release
pub async fn delete(access: Access<WorkCalls>, id: Path<CallId>) -> Result<HttpResponse> {
    let (id, writer) = (*id, writer(&access));
    access.run(move |conn, tenant| callbacks::release(conn, tenant, writer.scope, writer.may_all, id)).await?;
    access.go(&format!("{HERE}/{id}"))
}

/// POST /calls/{call}/callback/completion
pub async fn complete(access: Access<WorkCalls>, id: Path<CallId>) -> Result<HttpResponse> {
    let (id, scope) = (*id, writer(&access).scope);
    access.run(move |conn, tenant| callbacks::finish(conn, tenant, scope, id)).await?;
    access.go(&format!("{HERE}/{id}"))
}
