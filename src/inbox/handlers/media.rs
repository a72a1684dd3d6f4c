//! `/messages/{message}/media`: files, shown in place where that is safe, whole or in the part that a player asks for.

use crate::conversations::model::Scope;
use crate::kit::access::{Access, ViewConversations, WorkConversations};
use crate::kit::error::{Error, Result};
use crate::kit::headers::{attachment, part};
use crate::kit::storage::Storage;
use crate::kit::thumbnail;
use crate::messages::media::{self, Stored};
use crate::messages::model::MessageId;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, RANGE,
};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

/// Kinds that a browser may show in place; everything else is a download.
const SHOWN: &[&str] =
    &["image/jpeg", "image/png", "image/gif", "image/webp", "audio/ogg", "audio/mpeg", "audio/mp4", "video/mp4"];

/// Bytes of a picture that is not worth making smaller.
const SMALL: u64 = 64 * 1024;

/// GET /messages/{id}/media; with `size=small` a picture in small.
pub async fn show(
    access: Access<ViewConversations>,
    id: Path<MessageId>,
    Query(size): Query<Size>,
    storage: Data<Storage>,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let (id, scope) = (*id, Scope::of(access.who()));
    let stored = access.run(move |conn, tenant| media::stored(conn, tenant, scope, id)).await?;
    match size.size.as_deref() {
        Some("small") => serve(&storage, in_small(&storage, stored).await?, &req).await,
        _ => serve(&storage, stored, &req).await,
    }
}

#[derive(Debug, Deserialize)]
pub struct Size {
    size: Option<String>,
}

/// A picture as the thread shows it: made when somebody first looks, and kept. What is small already, or cannot be
/// unpacked, is served as it is.
async fn in_small(storage: &Storage, stored: Stored) -> Result<Stored> {
    let name = media::small(&stored.name);
    let small = Stored { name: name.clone(), kind: Some("image/jpeg".into()), filename: stored.filename.clone() };
    match storage.length(&name).await {
        Ok(_) => return Ok(small),
        Err(Error::NotFound) => {}
        Err(error) => return Err(error),
    }
    if storage.length(&stored.name).await? <= SMALL {
        return Ok(stored);
    }
    match thumbnail::of(storage.get(&stored.name).await?).await {
        Some(jpeg) => storage.put(&name, jpeg).await.map(|()| small),
        None => Ok(stored),
    }
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
