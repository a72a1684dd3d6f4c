//! `/conversations/{conversation}/attachments`: files of an answer that is being written.

use super::{media, show_composer};
use crate::conversations::drafts::Kind;
use crate::conversations::model::{ConversationId, Scope};
use crate::inbox::thread_view;
use crate::kit::access::{Access, WorkConversations};
use crate::kit::error::{Error, Result};
use crate::kit::form::Errors;
use crate::kit::storage::Storage;
use crate::kit::upload::Upload;
use crate::kit::words;
use crate::messages::attachments::{self, LARGEST, NewAttachment};
use crate::messages::model::MessageId;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

/// POST /conversations/{id}/attachments
pub async fn create(
    access: Access<WorkConversations>,
    id: Path<ConversationId>,
    upload: Upload,
    storage: Data<Storage>,
) -> Result<HttpResponse> {
    let id = *id;
    match take_in(&access, id, upload, &storage).await {
        Ok(()) => {}
        Err(Error::Refused(why)) => return refuse(&access, id, why).await,
        Err(Error::TooLarge) => {
            return refuse(&access, id, format!("A file may have at most {}.", words::size(LARGEST))).await;
        }
        Err(Error::Invalid(_)) => return refuse(&access, id, "Choose a file.".into()).await,
        Err(error) => return Err(error),
    }
    show(&access, id).await
}

/// First the file, then the note of it: a process that dies in between leaves a file that nothing names.
async fn take_in(
    access: &Access<WorkConversations>,
    id: ConversationId,
    upload: Upload,
    storage: &Storage,
) -> Result<()> {
    let scope = Scope::of(access.who());
    access.run(move |conn, tenant| attachments::has_room(conn, tenant, scope, id)).await?;
    let incoming = upload.begin("file").await?.ok_or_else(|| Error::Refused("Choose a file.".into()))?;
    let mut bytes = Vec::new();
    let received = incoming.read(LARGEST, async |piece| {
        bytes.extend_from_slice(&piece);
        Ok(())
    });
    let name = received.await?.name;
    let new = NewAttachment::read(id, &name, &bytes)?;
    let stored = new.stored(access.tenant());
    storage.put(&stored, bytes).await?;
    let kept = access.run(move |conn, tenant| attachments::add(conn, tenant, scope, &new)).await;
    if kept.is_err() {
        storage.delete(&stored).await?;
    }
    kept
}

/// What is attached now: to a script the list of files, to everybody else the conversation.
async fn show(access: &Access<WorkConversations>, id: ConversationId) -> Result<HttpResponse> {
    if access.target() != Some("composer_files") {
        return access.go(&format!("/inbox/{id}"));
    }
    let scope = Scope::of(access.who());
    let files = access.run(move |conn, tenant| attachments::list(conn, tenant, id, scope.reader)).await?;
    access.show_fragment(&thread_view::files(&files))
}

async fn refuse(access: &Access<WorkConversations>, id: ConversationId, why: String) -> Result<HttpResponse> {
    if access.target() == Some("composer_files") {
        return Err(Error::Refused(why));
    }
    let mut errors = Errors::default();
    errors.add("file", why);
    show_composer(access, id, Kind::Answer, Some((None, errors))).await
}

/// POST /attachments/{id}/removal
pub async fn delete(
    access: Access<WorkConversations>,
    id: Path<MessageId>,
    storage: Data<Storage>,
) -> Result<HttpResponse> {
    let (id, scope) = (*id, Scope::of(access.who()));
    let gone = access.run(move |conn, tenant| attachments::remove(conn, tenant, scope, id)).await?;
    storage.delete(&gone.stored(access.tenant())).await?;
    show(&access, gone.conversation_id).await
}

/// GET /attachments/{id}: before it is sent, for whoever has attached it.
pub async fn preview(
    access: Access<WorkConversations>,
    id: Path<MessageId>,
    storage: Data<Storage>,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let (id, scope) = (*id, Scope::of(access.who()));
    let found = access.run(move |conn, tenant| attachments::find(conn, tenant, scope, id)).await?;
    let stored = crate::messages::media::Stored {
        name: found.stored(access.tenant()),
        kind: Some(found.media_type),
        filename: Some(found.name),
    };
    media::serve(&storage, stored, &req).await
}
