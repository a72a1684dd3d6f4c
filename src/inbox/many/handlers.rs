//! POST /conversations/changes

use super::form::ManyForm;
use super::view;
use crate::conversations::activities::By;
use crate::conversations::many;
use crate::conversations::model::Scope;
use crate::kit::access::{Access, WorkConversations};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use actix_web::HttpResponse;
use chrono::Utc;

pub async fn create(access: Access<WorkConversations>, form: Form<ManyForm>) -> Result<HttpResponse> {
    let (scope, by) = (Scope::of(access.who()), By::user(access.who().user.into()));
    let (ids, wish) = match form.0.validate(access.who().time_zone, Utc::now()) {
        Ok(valid) => valid,
        Err(form) => return Err(Error::Refused(form.errors.of("").unwrap_or("Choose again.").to_owned())),
    };
    let outcome = access.run(move |conn, tenant| many::apply(conn, tenant, scope, ids, wish, &by)).await?;
    let result = view::result(&outcome, by.change);
    match access.target() {
        Some("toasts") => access.tell("/inbox", &result.told, result.undo.as_deref(), &["conversation".into()]),
        _ => access.show(&result),
    }
}
