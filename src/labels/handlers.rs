//! Settings → Labels.

use super::form::LabelForm;
use super::model::{self, LabelId};
use super::view::{self, HERE};
use crate::kit::access::{Access, EditFields, ViewFields};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    state: String,
}

pub async fn index(access: Access<ViewFields>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let is_deleted = look.state == "deleted";
    let labels = access.run(move |conn, tenant| model::list(conn, tenant, is_deleted)).await?;
    access.show(&view::index(&access, &labels, is_deleted))
}

pub async fn new(access: Access<EditFields>) -> Result<HttpResponse> {
    access.show(&view::show(&access, None, LabelForm::default()))
}

pub async fn create(access: Access<EditFields>, form: Form<LabelForm>) -> Result<HttpResponse> {
    let typed = form.0.clone();
    let rejected = match form.0.validate() {
        Ok(data) => match access.run(move |conn, tenant| model::create(conn, tenant, &data)).await {
            Ok(_) => return access.go(HERE),
            Err(error) => explain(typed, error)?,
        },
        Err(form) => form,
    };
    access.show(&view::show(&access, None, rejected))
}

pub async fn show(access: Access<ViewFields>, id: Path<LabelId>) -> Result<HttpResponse> {
    let id = *id;
    let label = access.run(move |conn, tenant| model::find(conn, tenant, id)).await?;
    access.show(&view::show(&access, Some(&label), LabelForm::of(&label)))
}

pub async fn update(access: Access<EditFields>, id: Path<LabelId>, form: Form<LabelForm>) -> Result<HttpResponse> {
    let (id, typed) = (*id, form.0.clone());
    let label = access.run(move |conn, tenant| model::find(conn, tenant, id)).await?;
    let rejected = match form.0.validate() {
        Ok(data) => match access.run(move |conn, tenant| model::edit(conn, tenant, id, &data)).await {
            Ok(()) => return access.go(HERE),
            Err(error) => explain(typed, error)?,
        },
        Err(form) => form,
    };
    access.show(&view::show(&access, Some(&label), rejected))
}

pub async fn delete(access: Access<EditFields>, id: Path<LabelId>) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| model::delete(conn, tenant, id)).await?;
    access.go(HERE)
}

pub async fn restore(access: Access<EditFields>, id: Path<LabelId>) -> Result<HttpResponse> {
    let id = *id;
    match access.run(move |conn, tenant| model::restore(conn, tenant, id)).await {
        Ok(()) => access.go(&format!("{HERE}/{id}")),
        Err(Error::Taken(_)) => {
            Err(Error::Refused("Another label has this name by now. Rename that one first.".into()))
        }
        Err(error) => Err(error),
    }
}

fn explain(form: LabelForm, error: Error) -> Result<LabelForm> {
    match error {
        Error::Taken(_) => Ok(form.wrong("name", "Another label has this name.")),
        Error::Refused(why) => Ok(form.wrong("", why)),
        error => Err(error),
    }
}
