//! One's own account.

use super::form::{ProfileForm, ThemeForm};
use super::view;
use crate::kit::access::{Access, OwnAccount};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::sessions::Sessions;
use crate::users::model as users;
use crate::users::preferences::Theme;
use crate::users::profile;
use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    /// Said by the redirect after a change.
    saved: Option<String>,
}

/// GET /account
pub async fn show(access: Access<OwnAccount>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let me = access.who().user.into();
    let found = access.run(move |conn, tenant| Ok((profile::find(conn, tenant, me)?, profile::house(conn, tenant)?)));
    let (profile, house) = found.await?;
    access.show(&view::show(&access, ProfileForm::of(profile), &house, look.saved.is_some()))
}

/// POST /account
pub async fn update(
    access: Access<OwnAccount>,
    form: Form<ProfileForm>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse> {
    let data = match form.0.validate() {
        Ok(data) => data,
        Err(form) => {
            let house = access.run(profile::house).await?;
            return access.show(&view::show(&access, form, &house, false));
        }
    };
    let me = access.who().user.into();
    access.run(move |conn, tenant| profile::edit(conn, tenant, me, |profile| data.apply(profile))).await?;
    sessions.forget();
    // Name and colours belong to the frame, so the whole page is asked for.
    access.leave("/account?saved=yes")
}

/// POST /account/theme
pub async fn update_theme(
    access: Access<OwnAccount>,
    form: Form<ThemeForm>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse> {
    let theme = form.0.theme;
    if Theme::of_word(&theme).is_none() {
        return Err(Error::Invalid("There is no such theme.".into()));
    }
    let user = access.who().user.into();
    access.run(move |conn, tenant| users::choose_theme(conn, tenant, user, &theme)).await?;
    sessions.forget();
    access.leave("/")
}
