//! Settings → Customer fields.

use crate::customer_desk::form::FieldForm;
use crate::customer_desk::view::fields as view;
use crate::customers::attributes::{AttributeId, definitions};
use crate::customers::fields;
use crate::kit::access::{Access, EditFields, ViewFields};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::Deserialize;
use view::HERE;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    state: String,
}

pub async fn index(access: Access<ViewFields>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let is_deleted = look.state == "deleted";
    let found = access.run(move |conn, tenant| match is_deleted {
        true => fields::deleted(conn, tenant),
        false => definitions(conn, tenant),
    });
    access.show(&view::index(&access, &found.await?, is_deleted))
}

pub async fn new(access: Access<EditFields>) -> Result<HttpResponse> {
    access.show(&view::show(&access, None, FieldForm { kind: "text".into(), ..FieldForm::default() }))
}

pub async fn create(access: Access<EditFields>, form: Form<FieldForm>) -> Result<HttpResponse> {
    let typed = form.0.clone();
    let rejected = match form.0.validate() {
        Ok(data) => match access.run(move |conn, tenant| fields::create(conn, tenant, &data)).await {
            Ok(_) => return access.go(HERE),
            Err(error) => explain(typed, error)?,
        },
        Err(form) => form,
    };
    access.show(&view::show(&access, None, rejected))
}

pub async fn show(access: Access<ViewFields>, id: Path<AttributeId>) -> Result<HttpResponse> {
    let id = *id;
    let (field, is_deleted) = access.run(move |conn, tenant| fields::find(conn, tenant, id)).await?;
    access.show(&view::show(&access, Some((&field, is_deleted)), FieldForm::of(&field)))
}

/// Key, kind and sensitivity stay as they are.
pub async fn update(access: Access<EditFields>, id: Path<AttributeId>, form: Form<FieldForm>) -> Result<HttpResponse> {
    let id = *id;
    let (field, is_deleted) = access.run(move |conn, tenant| fields::find(conn, tenant, id)).await?;
    let kept = FieldForm::of(&field);
    let typed = FieldForm { key: kept.key, kind: kept.kind, is_sensitive: kept.is_sensitive, ..form.0 };
    let rejected = match typed.clone().validate() {
        Ok(data) => match access.run(move |conn, tenant| fields::edit(conn, tenant, id, &data)).await {
            Ok(()) => return access.go(HERE),
            Err(error) => explain(typed, error)?,
        },
        Err(form) => form,
    };
    access.show(&view::show(&access, Some((&field, is_deleted)), rejected))
}

pub async fn raise(access: Access<EditFields>, id: Path<AttributeId>) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| fields::shift(conn, tenant, id, true)).await?;
    access.go(HERE)
}

pub async fn lower(access: Access<EditFields>, id: Path<AttributeId>) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| fields::shift(conn, tenant, id, false)).await?;
    access.go(HERE)
}

pub async fn delete(access: Access<EditFields>, id: Path<AttributeId>) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| fields::delete(conn, tenant, id)).await?;
    access.go(HERE)
}

pub async fn restore(access: Access<EditFields>, id: Path<AttributeId>) -> Result<HttpResponse> {
    let id = *id;
    match access.run(move |conn, tenant| fields::restore(conn, tenant, id)).await {
        Ok(()) => access.go(HERE),
        Err(Error::Taken(_)) => {
            Err(Error::Refused("Another field has this name by now. Rename that one first.".into()))
        }
        Err(error) => Err(error),
    }
}

fn explain(form: FieldForm, error: Error) -> Result<FieldForm> {
    match error {
        Error::Taken(index) if index == "attribute_definitions_key_taken" => {
            Ok(form.wrong("key", "Another field has or had this key. Choose another one."))
        }
        Error::Taken(_) => Ok(form.wrong("name", "Another field has this name.")),
        Error::Refused(why) => Ok(form.wrong("", why)),
        error => Err(error),
    }
}
