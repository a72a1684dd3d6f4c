//! One's own account: what everybody may change for themselves.

use crate::kit::access::{Access, OwnAccount};
use crate::kit::error::{Error, Result};
use crate::kit::form::{Errors, Form, Typed};
use crate::kit::sessions::Sessions;
use crate::users::model as users;
use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ThemeForm {
    theme: String,
    #[serde(skip)]
    errors: Errors,
}

impl Typed for ThemeForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

/// POST /account/theme
pub async fn update_theme(
    access: Access<OwnAccount>,
    form: Form<ThemeForm>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse> {
    let theme = form.0.theme;
    if !["light", "dark", "system"].contains(&theme.as_str()) {
        return Err(Error::Invalid("There is no such theme.".into()));
    }
    let user = access.who().user.into();
    access.run(move |conn, tenant| users::choose_theme(conn, tenant, user, &theme)).await?;
    sessions.forget();
    access.leave("/")
}
