//! Account → API tokens, and Settings → API tokens.

use super::form::ApiTokenForm;
use super::model::{self, ApiTokenId};
use super::screens::{Alarm, AlarmToast, Everybody, Index, Made};
use super::view;
use crate::api_clients::model as clients;
use crate::kit::access::{Access, EditApiTokens, OwnApiTokens, ViewApiTokens};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::public_url::PublicUrl;
use crate::kit::tokens::Callers;
use crate::kit::words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use chrono::{Duration, Utc};
use serde::Deserialize;

/// Their places among the pages of one's account and of Settings.
const OWN: &str = "/account/api-tokens";
const ALL: &str = "/settings/api-tokens";
/// Tokens of everybody per page.
const PAGE: usize = 50;
/// How long the page goes on telling that a program was signed out.
const TOLD: Duration = Duration::days(7);
/// How long ago it may be for a toast.
const JUST_NOW: Duration = Duration::minutes(1);

const UNNAMED: &str = "a program without a name";

pub async fn index(access: Access<OwnApiTokens>) -> Result<HttpResponse> {
    show(&access, None).await
}

async fn show(access: &Access<OwnApiTokens>, made: Option<Made>) -> Result<HttpResponse> {
    let user = access.who().user.into();
    let (tokens, reused) = access
        .run(move |conn, tenant| Ok((model::of_user(conn, tenant, user)?, clients::reused(conn, tenant, user, TOLD)?)))
        .await?;
    let (zone, now) = (access.who().time_zone, Utc::now());
    let rows = tokens.iter().map(|token| view::row(token, String::new(), Some(OWN), zone, now));
    let alarm = |(at, client): (_, Option<String>)| Alarm {
        at: words::when(at, zone, now),
        client: client.unwrap_or_else(|| UNNAMED.into()),
    };
    access.show(&Index {
        sections: access.account_sections(OWN),
        tokens: rows.collect(),
        alarms: reused.into_iter().map(alarm).collect(),
        made,
    })
}

pub async fn new(access: Access<OwnApiTokens>) -> Result<HttpResponse> {
    let (sections, role) = (access.account_sections(OWN), access.who().role);
    access.show(&view::form(sections, ApiTokenForm::fresh(), role, StatusCode::OK))
}

/// Shows the token in this answer and never again, so there is no redirect.
pub async fn create(
    access: Access<OwnApiTokens>,
    form: Form<ApiTokenForm>,
    url: Data<PublicUrl>,
) -> Result<HttpResponse> {
    let (user, role, zone) = (access.who().user.into(), access.who().role, access.who().time_zone);
    let mut typed = form.0.clone();
    let data = match form.0.validate(role, zone, Utc::now()) {
        Ok(data) => data,
        Err(form) => return reject(&access, form),
    };
    let name = data.name.clone();
    let token = match access.run(move |conn, tenant| model::create(conn, tenant, user, &data)).await {
        Ok(token) => token.expose().clone(),
        Err(Error::Refused(why)) => {
            typed.errors.add("problem", why);
            return reject(&access, typed);
        }
        Err(error) => return Err(error),
    };
    show(&access, Some(Made { name, token, address: url.0.clone() })).await
}

fn reject(access: &Access<OwnApiTokens>, form: ApiTokenForm) -> Result<HttpResponse> {
    let (sections, role) = (access.account_sections(OWN), access.who().role);
    access.show(&view::form(sections, form, role, StatusCode::UNPROCESSABLE_ENTITY))
}

pub async fn revoke(
    access: Access<OwnApiTokens>,
    id: Path<ApiTokenId>,
    callers: Data<Callers>,
) -> Result<HttpResponse> {
    let (id, user) = (*id, access.who().user.into());
    access.run(move |conn, tenant| model::revoke(conn, tenant, id, Some(user))).await?;
    callers.forget();
    access.go(OWN)
}

/// Asked for when a copy of some refresh token turned up in the organisation: a toast for whose program it was, else
/// nothing.
pub async fn alarm(access: Access<OwnApiTokens>) -> Result<HttpResponse> {
    let user = access.who().user.into();
    let reused = access.run(move |conn, tenant| clients::reused(conn, tenant, user, JUST_NOW)).await?;
    match reused.into_iter().next() {
        Some((_, client)) => access.show_fragment(&AlarmToast { client: client.unwrap_or_else(|| UNNAMED.into()) }),
        None => Ok(HttpResponse::NoContent().insert_header(("cache-control", "no-store")).finish()),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct After {
    /// What is no id begins at the beginning.
    after: String,
}

pub async fn everybody(access: Access<ViewApiTokens>, Query(after): Query<After>) -> Result<HttpResponse> {
    let after: Option<ApiTokenId> = after.after.parse().ok();
    let (tokens, has_more) = access.run(move |conn, tenant| model::page(conn, tenant, after, PAGE)).await?;
    let (zone, now) = (access.who().time_zone, Utc::now());
    let last = tokens.last().map(|(token, _)| token.id).filter(|_| has_more);
    let revocation = access.may::<EditApiTokens>().then_some(ALL);
    let rows = tokens.into_iter().map(|(token, owner)| view::row(&token, owner, revocation, zone, now));
    access.show(&Everybody {
        sections: access.settings(ALL),
        tokens: rows.collect(),
        more: last.map(|id| format!("{ALL}?after={id}")),
        is_later: after.is_some(),
    })
}

pub async fn revoke_any(
    access: Access<EditApiTokens>,
    id: Path<ApiTokenId>,
    callers: Data<Callers>,
) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| model::revoke(conn, tenant, id, None)).await?;
    callers.forget();
    access.go(ALL)
}
