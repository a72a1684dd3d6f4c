//! Settings → Users.

use super::changes;
use super::directory::{self, MOST, PAGE};
use super::export;
use super::form::{Look, UserForm};
use super::invitations::{self, Post};
use super::model::UserId;
use super::view::{self, Found, HERE};
use crate::kit::access::{Access, EditUsers, ExportUsers, Permission, ViewAddresses, ViewUsers};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::mail::Mailer;
use crate::kit::page;
use crate::kit::public_url::PublicUrl;
use crate::kit::sessions::Sessions;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{Data, Path, Query};

pub async fn index(access: Access<ViewUsers>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let (filter, after) = (look.filter(access.may::<ViewAddresses>()), look.after());
    let size = look.rows().clamp(PAGE, MOST);
    let found = access.run(move |conn, tenant| {
        let (people, has_more) = page::cut(directory::page(conn, tenant, &filter, after, size)?, size);
        let next = people.last().filter(|_| has_more).map(|(_, place)| place.to_string());
        let people = people.into_iter().map(|(person, _)| person).collect();
        Ok(Found { people, next, counts: directory::counts(conn, tenant)? })
    });
    access.show(&view::index(&access, &look, &found.await?))
}

/// The list as CSV.
pub async fn export(access: Access<ExportUsers>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let filter = look.filter(access.may::<ViewAddresses>());
    let csv = access.run(move |conn, tenant| export::csv(conn, tenant, &filter)).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"users.csv\""))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(csv))
}

pub async fn new(access: Access<EditUsers>) -> Result<HttpResponse> {
    access.show(&view::new(&access, None))
}

/// Makes the account and gives its owner a link to choose a password.
pub async fn create(
    access: Access<EditUsers>,
    form: Form<UserForm>,
    mailer: Data<Mailer>,
    desk: Data<PublicUrl>,
) -> Result<HttpResponse> {
    let (typed, post) = (form.0.clone(), post(&access, &mailer, &desk));
    let details = match form.0.validate() {
        Ok(details) => details,
        Err(form) => return access.show(&view::new(&access, Some(form))),
    };
    let invited = access.run(move |conn, tenant| {
        let id = changes::create(conn, tenant, &details)?;
        invitations::give(conn, tenant, id, &post)
    });
    match invited.await {
        Ok(invitation) => access.show(&view::invited(&access, invitation)),
        Err(Error::Taken(_)) => access.show(&view::new(&access, Some(typed.email_taken()))),
        Err(error) => Err(error),
    }
}

pub async fn show(access: Access<ViewUsers>, id: Path<UserId>) -> Result<HttpResponse> {
    let id = *id;
    let person = access.run(move |conn, tenant| directory::find(conn, tenant, id)).await?;
    access.show(&view::show(&access, &person, None))
}

pub async fn update(
    access: Access<EditUsers>,
    id: Path<UserId>,
    form: Form<UserForm>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse> {
    let (id, typed) = (*id, form.0.clone());
    let person = access.run(move |conn, tenant| directory::find(conn, tenant, id)).await?;
    let details = match form.0.validate() {
        Ok(details) => details,
        Err(form) => return access.show(&view::show(&access, &person, Some(form))),
    };
    let role = details.role;
    match access.run(move |conn, tenant| changes::edit(conn, tenant, id, &details)).await {
        Ok(()) => {
            sessions.forget();
            match id.get() == access.who().user {
                // One's own name and role are part of the frame, and may lead elsewhere now.
                true => access.leave(if role.may(ViewUsers::NAME) { HERE } else { "/" }),
                false => access.go(HERE),
            }
        }
        Err(Error::Taken(_)) => access.show(&view::show(&access, &person, Some(typed.email_taken()))),
        Err(Error::Refused(why)) => access.show(&view::show(&access, &person, Some(typed.wrong("", why)))),
        Err(error) => Err(error),
    }
}

/// A new one-time link.
pub async fn invite(
    access: Access<EditUsers>,
    id: Path<UserId>,
    mailer: Data<Mailer>,
    desk: Data<PublicUrl>,
) -> Result<HttpResponse> {
    let (id, post) = (*id, post(&access, &mailer, &desk));
    let invitation = access.run(move |conn, tenant| invitations::give(conn, tenant, id, &post)).await?;
    access.show(&view::invited(&access, invitation))
}

fn post(access: &Access<EditUsers>, mailer: &Mailer, desk: &PublicUrl) -> Post {
    let who = access.who();
    Post { mailer: mailer.clone(), desk: desk.clone(), by: who.name(), house: who.tenant_name.clone() }
}

pub async fn deactivate(access: Access<EditUsers>, id: Path<UserId>, sessions: Data<Sessions>) -> Result<HttpResponse> {
    let (id, me) = (*id, access.who().user.into());
    access.run(move |conn, tenant| changes::deactivate(conn, tenant, me, id)).await?;
    sessions.forget();
    access.go(&format!("{HERE}/{id}"))
}

pub async fn activate(access: Access<EditUsers>, id: Path<UserId>) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| changes::activate(conn, tenant, id)).await?;
    access.go(&format!("{HERE}/{id}"))
}

pub async fn delete(access: Access<EditUsers>, id: Path<UserId>, sessions: Data<Sessions>) -> Result<HttpResponse> {
    let (id, me) = (*id, access.who().user.into());
    access.run(move |conn, tenant| changes::delete(conn, tenant, me, id)).await?;
    sessions.forget();
    access.go(&format!("{HERE}/{id}"))
}

pub async fn restore(access: Access<EditUsers>, id: Path<UserId>) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| changes::restore(conn, tenant, id)).await?;
    access.go(&format!("{HERE}/{id}"))
}
