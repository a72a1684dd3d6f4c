//! Settings → Numbers → Calls: what becomes of calls to a number.

use crate::calls::form::RuleForm;
use crate::calls::rules;
use crate::calls::view;
use crate::kit::access::{Access, EditNumbers, ViewNumbers};
use crate::kit::error::Result;
use crate::kit::form::Form;
use crate::numbers::model::{self as numbers, NumberId};
use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    /// Set where a saved form leads to.
    saved: Option<String>,
}

pub async fn show(access: Access<ViewNumbers>, id: Path<NumberId>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let id = *id;
    let read = access.run(move |conn, tenant| Ok((numbers::find(conn, tenant, id)?, rules::find(conn, tenant, id)?)));
    let (number, rule) = read.await?;
    access.show(&view::rule(&access, &number, RuleForm::of(&rule), look.saved.is_some()))
}

pub async fn update(access: Access<EditNumbers>, id: Path<NumberId>, form: Form<RuleForm>) -> Result<HttpResponse> {
    let id = *id;
    let number = access.run(move |conn, tenant| numbers::find(conn, tenant, id)).await?;
    let rule = match form.0.validate() {
        Ok(rule) => rule,
        Err(form) => return access.show(&view::rule(&access, &number, form, false)),
    };
    access.run(move |conn, tenant| rules::change(conn, tenant, id, &rule)).await?;
    access.go(&format!("/settings/numbers/{id}/calls?saved=1"))
}
