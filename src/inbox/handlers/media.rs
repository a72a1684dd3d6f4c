//! `/messages/{message}/media`: files, shown in place where that is safe, whole or in the part that a player asks for.

use crate::conversations::model::Scope;
use crate::kit::access::{Access, ViewConversations, WorkConversations};
use crate::kit::error::Result;
use crate::kit::headers::{attachment, part};
use crate::kit::storage::Storage;
use crate::messages::media::{self, Stored};
use crate::messages::model::MessageId;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, RANGE,
};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

/// Kinds that a browser may show in place; everything else is a download.
const SHOWN: &[&str] =
    &["image/jpeg", "image/png", "image/gif", "image/webp", "audio/ogg", "audio/mpeg", "audio/mp4", "video/mp4"];

/// GET /messages/{id}/media
pub async fn show(
    access: Access<ViewConversations>,
    id: Path<MessageId>,
    storage: Data<Storage>,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let (id, scope) = (*id, Scope::of(access.who()));
    let stored = access.run(move |conn, tenant| media::stored(conn, tenant, scope, id)).await?;
    serve(&storage, stored, &req).await
}

/// POST /messages/{id}/media: once more, for a file that was not stored.
pub async fn create(access: Access<WorkConversations>, id: Path<MessageId>) -> Result<HttpResponse> {
    let (id, scope) = (*id, Scope::of(access.who()));
    let conversation = access.run(move |conn, tenant| media::fetch_again(conn, tenant, scope, id)).await?;
    access.go(&format!("/inbox/{conversation}"))
}

/// A file that its reader may have: never run in our name, whatever it holds.
pub(super) async fn serve(storage: &Storage, stored: Stored, req: &HttpRequest) -> Result<HttpResponse> {
    let kind = stored.kind.unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let shown = SHOWN.iter().find(|shown| **shown == kind);
    let disposition = match shown {
        Some(_) => "inline".to_owned(),
        None => attachment(stored.filename.as_deref()),
    };
    let length = storage.length(&stored.name).await?;
    let asked = req.headers().get(RANGE).and_then(|value| value.to_str().ok());
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(shown.copied().unwrap_or("application/octet-stream"))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
        ))
        .insert_header((CACHE_CONTROL, "private, max-age=86400"))
        .insert_header((ACCEPT_RANGES, "bytes"));
    match asked.map(|asked| part(asked, length)) {
        Some(Ok(Some(range))) => {
            let told = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            answer.status(actix_web::http::StatusCode::PARTIAL_CONTENT).insert_header((CONTENT_RANGE, told));
            Ok(answer.body(storage.part(&stored.name, range).await?))
        }
        Some(Err(_)) => {
            answer.status(actix_web::http::StatusCode::RANGE_NOT_SATISFIABLE);
            Ok(answer.insert_header((CONTENT_RANGE, format!("bytes */{length}"))).finish())
        }
        _ => {
            let (length, pieces) = storage.stream(&stored.name).await?;
            Ok(answer.insert_header((CONTENT_LENGTH, length)).no_chunking(length).streaming(pieces))
        }
    }
}
