//! `/api/v1/calls`.

mod shapes;

use shapes::{CallChange, CallSearch, CallShown, NewCall};

use super::form::LONGEST_NOTE;
use super::listing::{self, Filter};
use super::logging::{self, CallData, Writer};
use super::model::{self, Call, CallDirection, CallId, CallStatus, Scope};
use crate::customers::model::CustomerId;
use crate::kit::access::{Client, EditAllCalls, Permission, ViewAllCalls, ViewCalls, WorkCalls};
use crate::kit::error::{Error, Result};
use crate::kit::json::{Json, List, Params, Slice, refused};
use crate::kit::page::{self, Cursor};
use crate::kit::problem::{Problem, Refused};
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::web::Path;
use chrono::{DateTime, Utc};
use uuid::Uuid;

fn writer<P: Permission>(client: &Client<P>) -> Writer {
    let caller = client.caller();
    let sees_all = client.may::<ViewAllCalls>();
    Writer { scope: Scope { reader: caller.user.into(), sees_all }, may_all: client.may::<EditAllCalls>() }
}

/// Lists calls, newest first.
#[utoipa::path(
    get, path = "/api/v1/calls", tag = "calls", operation_id = "listCalls", params(CallSearch),
    security(("bearer" = ["calls:read"])), responses((status = 200, body = List<CallShown>))
)]
pub async fn index(client: Client<ViewCalls>, Params(search): Params<CallSearch>) -> Result<HttpResponse> {
    let Slice { size, after } = Slice::of(search.limit.as_deref(), search.cursor.as_deref(), Cursor::parse)?;
    let (filter, scope) = (filter(&search)?, writer(&client).scope);
    let read = client.run(move |conn, tenant| listing::page(conn, tenant, scope, &filter, after, size + 1));
    let found = page::cut(read.await?, size);
    client.show(&List::of(found, listing::place, |call| shown(&client, call)))
}

fn filter(search: &CallSearch) -> Result<Filter> {
    let id = |name: &str, text: &Option<String>| -> Result<Option<Uuid>> {
        text.as_deref().map(|text| text.parse().map_err(|_| refused(name, "This is no id."))).transpose()
    };
    let unknown = |name: &'static str| move || refused(name, "This is none of its values.");
    Ok(Filter {
        status: match search.status.as_deref() {
            None => None,
            Some(word) => Some(CallStatus::of_word(word).ok_or_else(unknown("status"))?),
        },
        direction: match search.direction.as_deref() {
            None => None,
            Some(word) => Some(CallDirection::of_word(word).ok_or_else(unknown("direction"))?),
        },
        customer: id("customer", &search.customer)?.map(CustomerId::from),
        user: id("user", &search.user)?.map(UserId::from),
        to_return: match search.to_return.as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err(unknown("to_return")()),
        },
        ..Filter::default()
    })
}

/// Writes a call down.
#[utoipa::path(
    post, path = "/api/v1/calls", tag = "calls", operation_id = "createCall", request_body = NewCall,
    security(("bearer" = ["calls:write"])), responses((status = 201, body = CallShown))
)]
pub async fn create(client: Client<WorkCalls>, body: Json<NewCall>) -> Result<HttpResponse> {
    let writer = writer(&client);
    let data = data(body.0, writer.scope.reader)?;
    let id = CallId::new();
    let made = client.run(move |conn, tenant| {
        logging::create(conn, tenant, writer, id, &data, None)?;
        model::find(conn, tenant, writer.scope, id)
    });
    let call = made.await.map_err(explain)?;
    client.created(&format!("/api/v1/calls/{}", call.id), &shown(&client, call))
}

/// Shows a call.
#[utoipa::path(
    get, path = "/api/v1/calls/{call}", tag = "calls", operation_id = "showCall",
    params(("call" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["calls:read"])), responses((status = 200, body = CallShown))
)]
pub async fn show(client: Client<ViewCalls>, id: Path<CallId>) -> Result<HttpResponse> {
    let (id, scope) = (*id, writer(&client).scope);
    let call = client.run(move |conn, tenant| model::find(conn, tenant, scope, id)).await?;
    client.show(&shown(&client, call))
}

/// Changes a call that was written down.
#[utoipa::path(
    patch, path = "/api/v1/calls/{call}", tag = "calls", operation_id = "updateCall", request_body = CallChange,
    params(("call" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["calls:write"])), responses((status = 200, body = CallShown))
)]
pub async fn update(client: Client<WorkCalls>, id: Path<CallId>, body: Json<CallChange>) -> Result<HttpResponse> {
    let (id, writer, change) = (*id, writer(&client), body.0);
    let changed = client.run(move |conn, tenant| {
        let call = model::find(conn, tenant, writer.scope, id)?;
        let known = Some(&call).filter(|call| writer.may_change(call)).and_then(logging::data_of);
        let known = known.ok_or(Error::Forbidden)?;
        let data = CallData {
            started: change.started_at.unwrap_or(known.started),
            duration: change.duration_seconds.unwrap_or(known.duration),
            is_video: change.is_video.unwrap_or(known.is_video),
            note: change.note.map_or_else(|| known.note.clone(), trimmed),
            ..known
        };
        check(&data)?;
        logging::edit(conn, tenant, writer, id, &data)?;
        model::find(conn, tenant, writer.scope, id)
    });
    let call = changed.await.map_err(explain)?;
    client.show(&shown(&client, call))
}

/// Deletes a call that was written down.
#[utoipa::path(
    delete, path = "/api/v1/calls/{call}", tag = "calls", operation_id = "deleteCall",
    params(("call" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["calls:write"])), responses((status = 204, description = "It is gone"))
)]
pub async fn delete(client: Client<WorkCalls>, id: Path<CallId>) -> Result<HttpResponse> {
    let (id, writer) = (*id, writer(&client));
    client.run(move |conn, tenant| logging::delete(conn, tenant, writer, id)).await?;
    client.done()
}

fn data(new: NewCall, own: UserId) -> Result<CallData> {
    let direction = new.direction.ok_or_else(|| refused("direction", "Say who called."))?;
    let started = new.started_at.ok_or_else(|| refused("started_at", "Say when the call began."))?;
    let is_internal = direction == CallDirection::Internal;
    let user = new.user_id.map_or(own, UserId::from);
    let colleague = new.colleague_id.map(UserId::from);
    let (customer, colleague) = match (is_internal, new.customer_id, colleague) {
        (true, None, Some(colleague)) if colleague != user => (None, Some(colleague)),
        (true, Some(_), _) => return Err(refused("customer_id", "A call between users has no customer.")),
        (true, ..) => return Err(refused("colleague_id", "Name the user who was called.")),
        (false, Some(customer), None) => (Some(CustomerId::from(customer)), None),
        (false, None, _) => return Err(refused("customer_id", "Name the customer.")),
        (false, _, Some(_)) => return Err(refused("colleague_id", "Only calls between users have one.")),
    };
    let data = CallData {
        direction,
        customer,
        user,
        colleague,
        is_video: new.is_video,
        started,
        duration: new.duration_seconds,
        note: trimmed(new.note),
    };
    check(&data).map(|()| data)
}

fn trimmed(note: Option<String>) -> Option<String> {
    note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty())
}

/// The same rules as the form's.
fn check(data: &CallData) -> Result<()> {
    let begins = DateTime::from_timestamp(946_684_800, 0).unwrap_or_default();
    let rules = [
        (data.started < begins || data.started > Utc::now(), "started_at", "A call lies between 2000 and now."),
        (data.duration.is_some_and(|it| !(0..=86_400).contains(&it)), "duration_seconds", "From 0 to 86,400 seconds."),
        (data.note.as_ref().is_some_and(|it| it.chars().count() > LONGEST_NOTE), "note", "At most 2,000 characters."),
    ];
    let wrong: Vec<Refused> = rules
        .into_iter()
        .filter(|(is_wrong, ..)| *is_wrong)
        .map(|(_, field, why)| Refused { pointer: format!("#/{field}"), detail: why.into() })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(Problem::rejected(wrong).into()) }
}

fn explain(error: Error) -> Error {
    match error {
        Error::Refused(why) => Problem::refused("#", why).into(),
        error => error,
    }
}

fn shown<P: Permission>(client: &Client<P>, call: Call) -> CallShown {
    CallShown {
        id: call.id,
        direction: call.direction,
        status: call.status,
        is_video: call.is_video,
        is_group: call.is_group,
        is_missed: call.is_missed(),
        customer_id: call.customer_id,
        caller_id: call.caller_id,
        receiver_id: call.receiver_id,
        number_id: call.session_id,
        started_at: call.started_at,
        answered_at: call.answered_at,
        ended_at: call.ended_at,
        duration_seconds: call.duration_seconds,
        note: call.note.as_deref().map(|note| client.words(note)),
        callback_by: call.callback_by,
        callback_done_at: call.callback_done_at,
        created_by: call.created_by,
    }
}
