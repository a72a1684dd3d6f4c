//! `/conversations/{conversation}/notes`: what colleagues tell each other.

use super::show_composer;
use crate::conversations::drafts::Kind;
use crate::conversations::model::{ConversationId, Scope};
use crate::inbox::form::NoteForm;
use crate::kit::access::{Access, WorkConversations};
use crate::kit::error::Result;
use crate::kit::form::Form;
use crate::messages::notes::{self, NewNote};
use actix_web::HttpResponse;
use actix_web::web::Path;

/// POST /conversations/{id}/notes
pub async fn create(
    access: Access<WorkConversations>,
    id: Path<ConversationId>,
    form: Form<NoteForm>,
) -> Result<HttpResponse> {
    let (id, scope) = (*id, Scope::of(access.who()));
    let note = match form.0.validate() {
        Ok(note) => note,
        Err(form) => return show_composer(&access, id, Kind::Note, Some((Some(form.body), form.errors))).await,
    };
    let new = NewNote { id: note.id, conversation: id, body: note.body, chosen: note.chosen };
    access.run(move |conn, tenant| notes::write(conn, tenant, scope, &new)).await?;
    match access.target() {
        Some("composer") => show_composer(&access, id, Kind::Note, None).await,
        _ => access.go(&format!("/inbox/{id}?compose=note")),
    }
}
