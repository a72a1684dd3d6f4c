//! `/inbox`, `/inbox/{conversation}`, and what is done to a conversation there.

pub mod about;
pub mod attachments;
pub mod media;
pub mod notes;

use super::form::{Answer, AnswerForm, DraftForm, Look};
use super::model::{self, List, Open, Reading, Wanted};
use super::{thread_view, view};
use crate::conversations::drafts::{self, Kind, MAX_CHARS};
use crate::conversations::listing::Search;
use crate::conversations::model::{self as conversations, ConversationId, Scope};
use crate::customers::reads::Reads;
use crate::kit::access::{Access, ViewAddresses, ViewConversations, WorkConversations};
use crate::kit::error::{Error, Result};
use crate::kit::form::{Errors, Form};
use crate::messages::model::MessageId;
use crate::messages::outbox::{self, NewMessage};
use crate::messages::thread::Window;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};

pub async fn index(access: Access<ViewConversations>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let wanted = wanted(&access, &look, None);
    let scope = Scope::of(access.who());
    let found = access.run(move |conn, tenant| model::find(conn, tenant, scope, &wanted)).await?;
    access.show(&view::inbox(&access, &look, None, found))
}

pub async fn show(
    access: Access<ViewConversations>,
    id: Path<ConversationId>,
    Query(look): Query<Look>,
    reads: Data<Reads>,
) -> Result<HttpResponse> {
    let mut wanted = wanted(&access, &look, Some(*id));
    let scope = Scope::of(access.who());
    if let Some(open) = wanted.thread.as_mut().filter(|_| shows_customer(access.target())) {
        open.reads = Some(reads.get_ref().clone());
    }
    let mut found = access.run(move |conn, tenant| model::find(conn, tenant, scope, &wanted)).await?;
    if let Some(first) = found.thread.as_mut().and_then(|opened| opened.first_look.take()) {
        first.keep();
    }
    access.show(&view::inbox(&access, &look, Some(*id), found))
}

/// Whether it is noted what this reader has read: who visits by support access is no user of this tenant.
fn has_marks(access: &Access<ViewConversations>) -> bool {
    access.who().visit().is_none()
}

/// Whether the customer stands beside what is asked for: everywhere but in these parts.
fn shows_customer(target: Option<&str>) -> bool {
    let list = ["conversation_list", "conversation_more"];
    let thread = ["thread_messages", "thread_older", "conversation_header", "composer"];
    target.is_none_or(|target| !list.contains(&target) && !thread.contains(&target))
}

/// htmx asks for one part; a whole page needs all of them.
fn wanted(access: &Access<ViewConversations>, look: &Look, id: Option<ConversationId>) -> Wanted {
    let target = access.target().unwrap_or("screen");
    let is_list = matches!(target, "conversation_list" | "conversation_more");
    let of_thread = ["thread", "thread_messages", "thread_older", "conversation_header", "composer", "customer_panel"];
    let is_thread = of_thread.contains(&target);
    let is_whole = !(is_list || is_thread);
    let window = match (look.at(), look.before, look.from) {
        (Some(message), ..) => Window::Around(message),
        (None, Some(cursor), _) => Window::Before(cursor),
        (None, None, Some(cursor)) => Window::From(cursor),
        (None, None, None) => Window::Newest,
    };
    let opens = matches!(target, "thread" | "screen");
    let reading = (opens && has_marks(access)).then(|| Reading { tells_customer: access.may::<WorkConversations>() });
    let search = Search { words: look.search(), by_number: access.may::<ViewAddresses>() };
    let filter = look.filter(access.who().user.into());
    let list = List { filter, search, after: look.after(), rows: look.rows.unwrap_or(0) };
    Wanted {
        // The list brings the queues along.
        counts: is_whole || target == "conversation_list",
        offers: is_whole && access.may::<WorkConversations>(),
        list: (is_whole || is_list).then_some(list),
        thread: id.filter(|_| !is_list).map(|conversation| Open {
            conversation,
            window,
            reply_to: look.reply_to(),
            composes: look.composes(),
            reading,
            reads: None,
        }),
    }
}

/// POST /conversations/{id}/messages
pub async fn create_message(
    access: Access<WorkConversations>,
    id: Path<ConversationId>,
    form: Form<AnswerForm>,
) -> Result<HttpResponse> {
    let (id, scope) = (*id, Scope::of(access.who()));
    let mut typed = form.0.clone();
    let answer = match form.0.validate() {
        Ok(answer) => answer,
        Err(form) => return show_composer(&access, id, Kind::Answer, Some((Some(form.body), form.errors))).await,
    };
    let Answer { id: message, body, reply_to, files } = answer;
    let new = NewMessage { id: message, conversation: id, body, reply_to, files };
    match access.run(move |conn, tenant| outbox::queue(conn, tenant, scope, &new)).await {
        Err(Error::Refused(why)) => {
            typed.errors.add("body", why);
            return show_composer(&access, id, Kind::Answer, Some((Some(typed.body), typed.errors))).await;
        }
        queued => queued?,
    }
    match access.target() {
        Some("composer") => show_composer(&access, id, Kind::Answer, None).await,
        _ => access.go(&format!("/inbox/{id}")),
    }
}

/// The composer again: empty after a message, or with what was refused and why.
async fn show_composer(
    access: &Access<WorkConversations>,
    id: ConversationId,
    composes: Kind,
    rejected: Option<(Option<String>, Errors)>,
) -> Result<HttpResponse> {
    let scope = Scope::of(access.who());
    let open = Open { conversation: id, window: Window::Newest, reply_to: None, composes, reading: None, reads: None };
    let wanted = Wanted { thread: Some(open), ..Wanted::default() };
    let found = access.run(move |conn, tenant| model::find(conn, tenant, scope, &wanted)).await?;
    let mut screen = view::inbox(access, &Look::default(), Some(id), found);
    if let Some((typed, errors)) = rejected {
        screen.status = StatusCode::UNPROCESSABLE_ENTITY;
        thread_view::reject(&mut screen, typed, &errors);
    }
    access.show(&screen)
}

/// PUT /conversations/{id}/draft
pub async fn update_draft(
    access: Access<WorkConversations>,
    id: Path<ConversationId>,
    form: Form<DraftForm>,
) -> Result<HttpResponse> {
    let (id, scope, form) = (*id, Scope::of(access.who()), form.0);
    if !form.errors.is_empty() || form.body.chars().count() > MAX_CHARS {
        return Err(Error::Refused("This text cannot be kept as a draft.".into()));
    }
    let kept = access.run(move |conn, tenant| {
        conversations::find(conn, tenant, scope, id)?;
        drafts::keep(conn, tenant, id, scope.reader, form.kind(), &form.body)
    });
    kept.await?;
    Ok(HttpResponse::NoContent().finish())
}

/// POST /conversations/{id}/reading: what has come in while the thread was open and looked at.
pub async fn create_reading(access: Access<ViewConversations>, id: Path<ConversationId>) -> Result<HttpResponse> {
    if !has_marks(&access) {
        return Ok(HttpResponse::NoContent().finish());
    }
    let (id, scope) = (*id, Scope::of(access.who()));
    let reading = Reading { tells_customer: access.may::<WorkConversations>() };
    let read = access.run(move |conn, tenant| {
        let conversation = conversations::find(conn, tenant, scope, id)?;
        model::read(conn, tenant, scope, &conversation, reading)
    });
    read.await?;
    Ok(HttpResponse::NoContent().finish())
}

/// POST /messages/{id}/retry
pub async fn create_retry(access: Access<WorkConversations>, id: Path<MessageId>) -> Result<HttpResponse> {
    let (id, scope) = (*id, Scope::of(access.who()));
    let conversation = access.run(move |conn, tenant| outbox::send_again(conn, tenant, scope, id)).await?;
    access.go(&format!("/inbox/{conversation}"))
}
