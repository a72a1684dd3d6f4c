//! `/notifications`: the bell in the frame, and the page.

use super::form::Look;
use super::model::{self, NotificationId};
use super::reading::{self, Reader};
use super::view::{self, HERE};
use crate::kit::access::{Access, OwnAccount, Permission, ViewAllConversations};
use crate::kit::error::Result;
use crate::kit::page;
use actix_web::HttpResponse;
use actix_web::web::{Path, Query};

/// Notifications of one page, and of the bell's panel.
const PAGE: usize = 50;
const NEWEST: usize = 7;

fn reader(access: &Access<OwnAccount>) -> Reader {
    let who = access.who();
    Reader { user: who.user.into(), sees_all: ViewAllConversations::ROLES.contains(&who.role) || who.agents_see_all }
}

pub async fn index(access: Access<OwnAccount>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let (reader, asked) = (reader(&access), look.clone());
    let read = access.run(move |conn, tenant| {
        let found = reading::page(conn, tenant, reader, asked.is_unread(), asked.after, PAGE + 1)?;
        Ok((page::cut(found, PAGE), reading::unread(conn, tenant, reader)?))
    });
    let ((found, has_more), unread) = read.await?;
    access.show(&view::index(&access, &look, &found, has_more, unread))
}

/// GET /notifications/bell: how many are not read, and the newest.
pub async fn bell(access: Access<OwnAccount>) -> Result<HttpResponse> {
    let reader = reader(&access);
    let read = access.run(move |conn, tenant| {
        Ok((reading::page(conn, tenant, reader, false, None, NEWEST)?, reading::unread(conn, tenant, reader)?))
    });
    let (newest, unread) = read.await?;
    access.show_fragment(&view::bell(&access, &newest, unread))
}

/// GET /notifications/{notification}: marks it as read and leads to what it is about.
pub async fn show(access: Access<OwnAccount>, id: Path<NotificationId>) -> Result<HttpResponse> {
    let (id, reader) = (*id, reader(&access));
    let opened = access.run(move |conn, tenant| {
        let notification = reading::find(conn, tenant, reader, id)?;
        model::read(conn, tenant, reader.user, Some(id))?;
        Ok(notification)
    });
    access.go(&view::subject_href(&opened.await?))
}

/// POST /notifications/reading
pub async fn read_all(access: Access<OwnAccount>) -> Result<HttpResponse> {
    let user = reader(&access).user;
    access.run(move |conn, tenant| model::read(conn, tenant, user, None)).await?;
    access.go(HERE)
}

/// POST /notifications/{notification}/reading
pub async fn read(access: Access<OwnAccount>, id: Path<NotificationId>) -> Result<HttpResponse> {
    let (id, reader) = (*id, reader(&access));
    let done = access.run(move |conn, tenant| {
        reading::find(conn, tenant, reader, id)?;
        model::read(conn, tenant, reader.user, Some(id))
    });
    done.await?;
    access.go(HERE)
}
