//! Settings → Teams.

use super::form::TeamForm;
use super::model::{self, Team, TeamId};
use super::view::{self, HERE};
use super::{members, members::Member};
use crate::kit::access::{Access, EditTeams, ViewTeams};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::users::directory::{self, Person};
use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    state: String,
}

pub async fn index(access: Access<ViewTeams>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let is_deleted = look.state == "deleted";
    let found = access.run(move |conn, tenant| {
        let teams = model::list(conn, tenant, is_deleted)?;
        let ids: Vec<TeamId> = teams.iter().map(|team| team.id).collect();
        Ok((members::of_teams(conn, tenant, &ids)?, teams))
    });
    let (members, teams) = found.await?;
    access.show(&view::index(&access, &teams, &members, is_deleted))
}

pub async fn new(access: Access<EditTeams>) -> Result<HttpResponse> {
    let people = access.run(directory::everybody).await?;
    access.show(&view::show(&access, None, TeamForm::default(), &people))
}

pub async fn create(access: Access<EditTeams>, form: Form<TeamForm>) -> Result<HttpResponse> {
    let typed = form.0.clone();
    let rejected = match form.0.validate() {
        Ok(data) => match access.run(move |conn, tenant| model::create(conn, tenant, &data)).await {
            Ok(_) => return access.go(HERE),
            Err(error) => explain(typed, error)?,
        },
        Err(form) => form,
    };
    let people = access.run(directory::everybody).await?;
    access.show(&view::show(&access, None, rejected, &people))
}

pub async fn show(access: Access<ViewTeams>, id: Path<TeamId>) -> Result<HttpResponse> {
    let (team, members, people) = find(&access, *id).await?;
    access.show(&view::show(&access, Some(&team), view::form(&team, &members), &people))
}

pub async fn update(access: Access<EditTeams>, id: Path<TeamId>, form: Form<TeamForm>) -> Result<HttpResponse> {
    let (id, typed) = (*id, form.0.clone());
    let rejected = match form.0.validate() {
        Ok(data) => match access.run(move |conn, tenant| model::edit(conn, tenant, id, &data)).await {
            Ok(()) => return access.go(HERE),
            Err(error) => explain(typed, error)?,
        },
        Err(form) => form,
    };
    let (team, _, people) = find(&access, id).await?;
    access.show(&view::show(&access, Some(&team), rejected, &people))
}

pub async fn delete(access: Access<EditTeams>, id: Path<TeamId>) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| model::delete(conn, tenant, id)).await?;
    access.go(HERE)
}

pub async fn restore(access: Access<EditTeams>, id: Path<TeamId>) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| model::restore(conn, tenant, id)).await?;
    access.go(&format!("{HERE}/{id}"))
}

async fn find<P>(access: &Access<P>, id: TeamId) -> Result<(Team, Vec<Member>, Vec<Person>)>
where
    P: crate::kit::access::Permission,
{
    let found = access.run(move |conn, tenant| {
        let team = model::find(conn, tenant, id)?;
        Ok((team, members::of_teams(conn, tenant, &[id])?, directory::everybody(conn, tenant)?))
    });
    found.await
}

/// The form with what the database refused beside it; other failures are no matter of the form.
fn explain(form: TeamForm, error: Error) -> Result<TeamForm> {
    match error {
        Error::Taken(_) => Ok(form.wrong("name", "Another team has this name.")),
        Error::Refused(why) => Ok(form.wrong("", why)),
        error => Err(error),
    }
}
