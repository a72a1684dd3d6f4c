//! `/api/v1/users`.

use super::changes;
use super::directory::{self, Filter, Person, State};
use super::form::{ROLES, UserForm};
use super::model::UserId;
use crate::kit::access::{Client, EditUsers, Role, ViewAddresses, ViewUsers};
use crate::kit::error::{Error, Result};
use crate::kit::json::{Json, List, Params, Slice, answers, nullable, refused};
use crate::kit::page::{self, TextCursor};
use crate::kit::problem::Problem;
use crate::kit::public_url::PublicUrl;
use crate::kit::sessions::Sessions;
use crate::kit::tokens::Callers;
use crate::kit::words;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Somebody with an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    #[schema(value_type = uuid::Uuid)]
    id: UserId,
    /// Masked for callers without `customers:read_addresses`.
    #[schema(example = "agent@acme.test")]
    email: String,
    #[schema(example = "Bob")]
    first_name: String,
    #[schema(example = "Baker")]
    last_name: String,
    role: Role,
    #[schema(value_type = UserState)]
    state: State,
    company_name: Option<String>,
    /// An IANA name; null: the organisation's.
    #[schema(example = "Europe/Berlin")]
    time_zone: Option<String>,
    /// Null: the organisation's.
    #[schema(example = "en")]
    locale: Option<String>,
    last_login_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

/// Where somebody is between being asked in and having left.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[allow(dead_code)] // stands for `State` in the description
enum UserState {
    Active,
    Invited,
    Deactivated,
    Deleted,
}

/// Somebody who was just asked in.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitedUser {
    user: User,
    /// Where they choose a password: good once, for 72 hours, and not shown again.
    #[schema(example = "https://desk.example.org/welcome/3f…")]
    invitation_url: String,
}

/// Somebody who is to be asked in.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewUser {
    #[schema(example = "eve@acme.test", max_length = 255)]
    email: String,
    #[schema(example = "Eve", max_length = 50)]
    first_name: String,
    #[schema(example = "Evans", max_length = 50)]
    last_name: String,
    /// `TENANT_ADMIN`, `MANAGER`, `AGENT` or `AUDITOR`.
    #[schema(example = "AGENT")]
    role: String,
    #[schema(max_length = 100)]
    company_name: Option<String>,
    #[schema(example = "Europe/Berlin")]
    time_zone: Option<String>,
    #[schema(example = "en")]
    locale: Option<String>,
}

/// What is to be changed; what is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UserChange {
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    role: Option<String>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    company_name: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    time_zone: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    locale: Option<Option<String>>,
    /// False shuts them out at once, everywhere; true lets them in again.
    is_active: Option<bool>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UserSearch {
    /// How many at most, from 1 to 100.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100, example = 50)]
    limit: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Part of a name, or of an address.
    q: Option<String>,
    /// `TENANT_ADMIN`, `MANAGER`, `AGENT` or `AUDITOR`.
    role: Option<String>,
    /// `active`, `invited`, `deactivated` or `deleted`; without it everybody who was not deleted.
    state: Option<String>,
}

impl UserSearch {
    fn filter(&self, by_address: bool) -> Result<Filter> {
        let role = |word: &str| Role::of_word(word).filter(|role| ROLES.contains(role));
        let state = |word: &str| State::ALL.into_iter().find(|state| state.word() == word);
        let known = |found: bool, name, words| if found { Ok(()) } else { Err(refused(name, words)) };
        let (wanted_role, wanted_state) = (self.role.as_deref().map(role), self.state.as_deref().map(state));
        known(wanted_role != Some(None), "role", "There is no such role in an organisation.")?;
        known(wanted_state != Some(None), "state", "There is no such state.")?;
        let words = self.q.as_deref().unwrap_or_default().trim();
        known(words.chars().count() <= 200, "q", "A search has at most 200 characters.")?;
        Ok(Filter {
            role: wanted_role.flatten(),
            state: wanted_state.flatten(),
            words: words.to_owned(),
            by_address,
            ..Filter::default()
        })
    }
}

/// Lists people with an account, by name.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "users", operation_id = "listUsers", params(UserSearch),
    security(("bearer" = ["users:read"])), responses((status = 200, body = List<User>))
)]
pub async fn index(client: Client<ViewUsers>, Params(search): Params<UserSearch>) -> Result<HttpResponse> {
    let slice = Slice::of(search.limit.as_deref(), search.cursor.as_deref(), TextCursor::parse)?;
    let filter = search.filter(client.may::<ViewAddresses>())?;
    let Slice { size, after } = slice;
    let page =
        client.run(move |conn, tenant| Ok(page::cut(directory::page(conn, tenant, &filter, after, size)?, size)));
    let place = |row: &(Person, TextCursor)| row.1.clone();
    client.show(&List::of(page.await?, place, |(person, _)| shown(&client, person)))
}

/// Asks somebody in.
///
/// The answer has the one-time link with which they choose a password.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "users", operation_id = "createUser", request_body = NewUser,
    security(("bearer" = ["users:write"])),
    responses((status = 201, body = InvitedUser), (status = 409, response = answers::Conflict))
)]
pub async fn create(client: Client<EditUsers>, body: Json<NewUser>, desk: Data<PublicUrl>) -> Result<HttpResponse> {
    let new = body.0;
    let text = Option::unwrap_or_default;
    let form = UserForm {
        email: new.email,
        first_name: new.first_name,
        last_name: new.last_name,
        role: new.role,
        company_name: text(new.company_name),
        time_zone: text(new.time_zone),
        locale: text(new.locale),
        ..UserForm::default()
    };
    let details = form.validate().map_err(|form| Problem::of_form(&form.errors))?;
    let invited = client.run(move |conn, tenant| {
        let id = changes::create(conn, tenant, &details)?;
        changes::invite(conn, tenant, id)
    });
    let (person, token) = invited.await.map_err(taken)?;
    let at = format!("/api/v1/users/{}", person.id);
    let invitation_url = format!("{}/welcome/{}", desk.0, token.expose());
    client.created(&at, &InvitedUser { user: shown(&client, person), invitation_url })
}

/// Shows somebody with an account, or who had one.
#[utoipa::path(
    get, path = "/api/v1/users/{user}", tag = "users", operation_id = "showUser",
    params(("user" = uuid::Uuid, Path, description = "Their id")),
    security(("bearer" = ["users:read"])), responses((status = 200, body = User))
)]
pub async fn show(client: Client<ViewUsers>, id: Path<UserId>) -> Result<HttpResponse> {
    let id = *id;
    let person = client.run(move |conn, tenant| directory::find(conn, tenant, id)).await?;
    client.show(&shown(&client, person))
}

/// Changes somebody's details, role or state.
#[utoipa::path(
    patch, path = "/api/v1/users/{user}", tag = "users", operation_id = "updateUser", request_body = UserChange,
    params(("user" = uuid::Uuid, Path, description = "Their id")),
    security(("bearer" = ["users:write"])),
    responses((status = 200, body = User), (status = 409, response = answers::Conflict))
)]
pub async fn update(
    client: Client<EditUsers>,
    id: Path<UserId>,
    body: Json<UserChange>,
    sessions: Data<Sessions>,
    callers: Data<Callers>,
) -> Result<HttpResponse> {
    let (id, me, change) = (*id, client.caller().user.into(), body.0);
    let changed = client.run(move |conn, tenant| {
        let person = directory::find(conn, tenant, id)?;
        let is_active = change.is_active;
        let details = changed(UserForm::of(&person), change).validate();
        changes::edit(conn, tenant, id, &details.map_err(|form| Problem::of_form(&form.errors))?)?;
        match is_active {
            Some(true) => changes::activate(conn, tenant, id)?,
            Some(false) => changes::deactivate(conn, tenant, me, id)?,
            None => {}
        }
        directory::find(conn, tenant, id)
    });
    let person = changed.await.map_err(taken)?;
    sessions.forget();
    callers.forget();
    client.show(&shown(&client, person))
}

/// The form as it would come back from the page.
fn changed(mut form: UserForm, change: UserChange) -> UserForm {
    let replace = |field: &mut String, value: Option<String>| *field = value.unwrap_or_else(|| std::mem::take(field));
    replace(&mut form.email, change.email);
    replace(&mut form.first_name, change.first_name);
    replace(&mut form.last_name, change.last_name);
    replace(&mut form.role, change.role);
    replace(&mut form.company_name, change.company_name.map(Option::unwrap_or_default));
    replace(&mut form.time_zone, change.time_zone.map(Option::unwrap_or_default));
    replace(&mut form.locale, change.locale.map(Option::unwrap_or_default));
    form
}

/// Takes an account away; an administrator can restore it.
#[utoipa::path(
    delete, path = "/api/v1/users/{user}", tag = "users", operation_id = "deleteUser",
    params(("user" = uuid::Uuid, Path, description = "Their id")),
    security(("bearer" = ["users:write"])), responses((status = 204, description = "It is gone"), (status = 422, response = answers::InvalidValues))
)]
pub async fn delete(
    client: Client<EditUsers>,
    id: Path<UserId>,
    sessions: Data<Sessions>,
    callers: Data<Callers>,
) -> Result<HttpResponse> {
    let (id, me) = (*id, client.caller().user.into());
    client.run(move |conn, tenant| changes::delete(conn, tenant, me, id)).await?;
    sessions.forget();
    callers.forget();
    client.done()
}

fn taken(error: Error) -> Error {
    match error {
        Error::Taken(_) => Problem::refused("#/email", "Somebody in your organisation has this address.").into(),
        error => error,
    }
}

fn shown<P: crate::kit::access::Permission>(client: &Client<P>, person: Person) -> User {
    User {
        state: person.state(),
        email: match client.may::<ViewAddresses>() {
            true => person.email,
            false => words::masked_email(&person.email),
        },
        id: person.id,
        first_name: person.first_name,
        last_name: person.last_name,
        role: person.role,
        company_name: person.company_name,
        time_zone: person.time_zone,
        locale: person.locale,
        last_login_at: person.last_login_at,
        created_at: person.created_at,
    }
}
