//! Settings → Security and Sessions: the organisation's rules for signing in, and who is signed in where.

use crate::kit::access::{Access, EditSecurity, Permission, ViewSecurity};
use crate::kit::error::Result;
use crate::kit::form::{Errors, Form};
use crate::kit::sessions::{Sessions, end_all};
use crate::security::form::RulesForm;
use crate::security::screens::{RulesScreen, SessionList};
use crate::security::sessions::{self, PAGE, SessionId};
use crate::security::{factors, organisation, view};
use crate::tenants::settings;
use crate::users::model::{self as users, UserId};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

const HERE: &str = "/settings/security";
const LIST: &str = "/settings/sessions";

pub async fn show(access: Access<ViewSecurity>) -> Result<HttpResponse> {
    let settings = access.run(settings::find).await?;
    access.show(&RulesScreen {
        session_idle_hours: settings.session_idle_hours.to_string(),
        session_days: settings.session_days.to_string(),
        roles: view::roles(&settings.second_factor_roles),
        ..rules(&access, &Errors::default(), StatusCode::OK)
    })
}

pub async fn update(
    access: Access<EditSecurity>,
    form: Form<RulesForm>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse> {
    let rules_ = match form.0.validate() {
        Ok(rules) => rules,
        Err(form) => {
            return access.show(&RulesScreen {
                roles: view::roles(&form.roles()),
                session_idle_hours: form.session_idle_hours,
                session_days: form.session_days,
                ..rules(&access, &form.errors, StatusCode::UNPROCESSABLE_ENTITY)
            });
        }
    };
    access.run(move |conn, tenant| organisation::change(conn, tenant, rules_)).await?;
    sessions.forget();
    access.go(HERE)
}

fn rules<P: Permission>(access: &Access<P>, errors: &Errors, status: StatusCode) -> RulesScreen {
    RulesScreen {
        sections: access.settings(HERE),
        idle_error: errors.of("session_idle_hours").map(str::to_owned),
        days_error: errors.of("session_days").map(str::to_owned),
        may_change: access.may::<EditSecurity>(),
        status,
        ..RulesScreen::default()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Page {
    before: Option<SessionId>,
}

pub async fn sessions(access: Access<ViewSecurity>, page: Query<Page>) -> Result<HttpResponse> {
    let before = page.before;
    let mut found = access.run(move |conn, tenant| sessions::of_everybody(conn, tenant, before)).await?;
    let has_more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let older = found.last().filter(|_| has_more).map(|(last, ..)| format!("{LIST}?before={}", last.id));
    let (who, list) = (access.who(), access.may::<EditSecurity>().then_some(LIST));
    let line = |(session, first, last): &(sessions::UserSession, String, String)| {
        view::session(who, session, format!("{first} {last}"), list)
    };
    access.show(&SessionList { sections: access.settings(LIST), sessions: found.iter().map(line).collect(), older })
}

pub async fn end(access: Access<EditSecurity>, id: Path<SessionId>) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| sessions::end(conn, tenant, id, None)).await?;
    match id.get() == access.who().session {
        true => access.leave("/login"),
        false => access.go(LIST),
    }
}

/// For somebody who has lost theirs: they sign in with the password alone, or set up a new one where the rules want it.
pub async fn reset_factor(access: Access<EditSecurity>, user: Path<UserId>) -> Result<HttpResponse> {
    let user = *user;
    let reset = access.run(move |conn, tenant| {
        users::email(conn, tenant, user)?;
        factors::remove(conn, tenant, user)?;
        end_all(conn, tenant.get(), user.get(), None)
    });
    reset.await?;
    access.go(&format!("/settings/users/{user}"))
}
