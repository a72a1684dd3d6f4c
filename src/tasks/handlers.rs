//! `/tasks`: work in the background.

use super::model::{self, Task, TaskId};
use super::view;
use crate::kit::access::{Access, Permission, ViewAllTasks, ViewTasks};
use crate::kit::error::{Error, Result};
use crate::kit::headers::attachment;
use crate::kit::page::{self, Cursor};
use crate::kit::storage::Storage;
use crate::users::model::{UserId, names};
use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH};
use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

/// Tasks on a page.
const PAGE: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    #[serde(deserialize_with = "page::lenient")]
    after: Option<Cursor>,
}

/// Everybody sees their own; administrators see all.
fn whose<P: Permission>(access: &Access<P>) -> Option<UserId> {
    (!access.may::<ViewAllTasks>()).then(|| UserId::from(access.who().user))
}

pub async fn index(access: Access<ViewTasks>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let by = whose(&access);
    let found = access.run(move |conn, tenant| {
        let (tasks, has_more) = page::cut(model::page(conn, tenant, by, look.after, PAGE + 1)?, PAGE);
        let people: Vec<UserId> = tasks.iter().map(|task| task.created_by).collect();
        Ok((names(conn, tenant, &people)?, tasks, has_more))
    });
    let (people, tasks, has_more) = found.await?;
    access.show(&view::index(&access, &tasks, &people, has_more))
}

pub async fn show(access: Access<ViewTasks>, id: Path<TaskId>) -> Result<HttpResponse> {
    let (task, people) = find(&access, *id).await?;
    access.show(&view::show(&access, &task, &people))
}

/// Asks for it to be stopped.
pub async fn cancel(access: Access<ViewTasks>, id: Path<TaskId>) -> Result<HttpResponse> {
    let (task, _) = find(&access, *id).await?;
    access.run(move |conn, tenant| model::cancel(conn, tenant, task.id)).await?;
    access.go(&view::href(task.id))
}

/// The file it made.
pub async fn file(access: Access<ViewTasks>, id: Path<TaskId>, storage: Data<Storage>) -> Result<HttpResponse> {
    let (task, _) = find(&access, *id).await?;
    let (name, file) = task.offered().ok_or(Error::NotFound)?;
    let (length, pieces) = storage.stream(file).await?;
    let header = attachment(Some(name));
    access.run(move |conn, tenant| model::downloaded(conn, tenant, task.id)).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((CONTENT_DISPOSITION, header))
        .insert_header((CONTENT_LENGTH, length))
        .streaming(pieces))
}

/// Somebody else's is not there.
async fn find(access: &Access<ViewTasks>, id: TaskId) -> Result<(Task, Vec<(UserId, String)>)> {
    let by = whose(access);
    let found = access.run(move |conn, tenant| {
        let task = model::find_of(conn, tenant, id, by)?;
        Ok((names(conn, tenant, &[task.created_by])?, task))
    });
    let (people, task) = found.await?;
    Ok((task, people))
}
