//! `/api/v1/teams`.

use super::form::TeamForm;
use super::members::{self, Member};
use super::model::{self, Team, TeamData, TeamId};
use crate::kit::access::{Client, EditTeams, ViewTeams};
use crate::kit::error::{Error, Result};
use crate::kit::json::{Json, List, Paging, Params, Slice, nullable};
use crate::kit::page::{self, TextCursor};
use crate::kit::problem::Problem;
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A group of users.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Team)]
pub struct TeamShown {
    #[schema(value_type = Uuid)]
    id: TeamId,
    #[schema(example = "Service")]
    name: String,
    description: Option<String>,
    members: Vec<TeamMember>,
}

/// Somebody who belongs to a team.
#[derive(Debug, Serialize, ToSchema)]
struct TeamMember {
    #[schema(value_type = Uuid)]
    id: UserId,
    #[schema(example = "Bob Baker")]
    name: String,
    is_lead: bool,
}

/// A team that is to be made.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewTeam {
    #[schema(example = "Service", max_length = 100)]
    name: String,
    #[schema(max_length = 500)]
    description: Option<String>,
    /// Ids of users.
    #[schema(max_items = 1000)]
    members: Vec<Uuid>,
    /// The id of the user who leads it; they are a member, too.
    lead: Option<Uuid>,
}

/// What is to be changed; what is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TeamChange {
    name: Option<String>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    description: Option<Option<String>>,
    /// All of them, by id.
    members: Option<Vec<Uuid>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<Uuid>)]
    lead: Option<Option<Uuid>>,
}

/// Lists teams with their members, by name.
#[utoipa::path(
    get, path = "/api/v1/teams", tag = "teams", operation_id = "listTeams", params(Paging),
    security(("bearer" = ["teams:read"])), responses((status = 200, body = List<TeamShown>))
)]
pub async fn index(client: Client<ViewTeams>, Params(paging): Params<Paging>) -> Result<HttpResponse> {
    let Slice { size, after } = Slice::of(paging.limit.as_deref(), paging.cursor.as_deref(), TextCursor::parse)?;
    let page = client.run(move |conn, tenant| {
        // A tenant has so few that they are read together, and sorted and cut here.
        let mut teams = model::list(conn, tenant, false)?;
        teams.sort_by_key(place);
        teams.retain(|team| after.as_ref().is_none_or(|after| place(team) > (after.text.clone(), after.id)));
        let (teams, has_more) = page::cut(teams, size);
        let ids: Vec<TeamId> = teams.iter().map(|team| team.id).collect();
        Ok((teams, members::of_teams(conn, tenant, &ids)?, has_more))
    });
    let (teams, members, has_more) = page.await?;
    let cursor = |team: &Team| {
        let (text, id) = place(team);
        TextCursor { text, id }
    };
    client.show(&List::of((teams, has_more), cursor, |team| shown(team, &members)))
}

fn place(team: &Team) -> (String, Uuid) {
    (team.name.to_lowercase(), team.id.get())
}

/// Makes a team.
#[utoipa::path(
    post, path = "/api/v1/teams", tag = "teams", operation_id = "createTeam", request_body = NewTeam,
    security(("bearer" = ["teams:write"])), responses((status = 201, body = TeamShown))
)]
pub async fn create(client: Client<EditTeams>, body: Json<NewTeam>) -> Result<HttpResponse> {
    let NewTeam { name, description, members, lead } = body.0;
    let data = data(name, description, &members, lead)?;
    let made = client.run(move |conn, tenant| {
        let id = model::create(conn, tenant, &data)?;
        members::of_team(conn, tenant, id)
    });
    let (team, members) = made.await.map_err(taken)?;
    client.created(&format!("/api/v1/teams/{}", team.id), &shown(team, &members))
}

/// Shows a team with its members.
#[utoipa::path(
    get, path = "/api/v1/teams/{team}", tag = "teams", operation_id = "showTeam",
    params(("team" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["teams:read"])), responses((status = 200, body = TeamShown))
)]
pub async fn show(client: Client<ViewTeams>, id: Path<TeamId>) -> Result<HttpResponse> {
    let id = *id;
    let (team, members) = client.run(move |conn, tenant| members::of_team(conn, tenant, id)).await?;
    client.show(&shown(team, &members))
}

/// Changes a team's name, description or members.
#[utoipa::path(
    patch, path = "/api/v1/teams/{team}", tag = "teams", operation_id = "updateTeam", request_body = TeamChange,
    params(("team" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["teams:write"])), responses((status = 200, body = TeamShown))
)]
pub async fn update(client: Client<EditTeams>, id: Path<TeamId>, body: Json<TeamChange>) -> Result<HttpResponse> {
    let (id, change) = (*id, body.0);
    let changed = client.run(move |conn, tenant| {
        let (team, there) = members::of_team(conn, tenant, id)?;
        let lead = || there.iter().find(|member| member.is_lead).map(|member| member.user_id.get());
        let members = || there.iter().map(|member| member.user_id.get()).collect();
        let data = data(
            change.name.unwrap_or(team.name),
            change.description.unwrap_or(team.description),
            &change.members.unwrap_or_else(members),
            change.lead.unwrap_or_else(lead),
        )?;
        model::edit(conn, tenant, id, &data)?;
        members::of_team(conn, tenant, id)
    });
    let (team, members) = changed.await.map_err(taken)?;
    client.show(&shown(team, &members))
}

/// Takes a team off the lists; an administrator can restore it.
#[utoipa::path(
    delete, path = "/api/v1/teams/{team}", tag = "teams", operation_id = "deleteTeam",
    params(("team" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["teams:write"])), responses((status = 204, description = "It is gone"))
)]
pub async fn delete(client: Client<EditTeams>, id: Path<TeamId>) -> Result<HttpResponse> {
    let id = *id;
    client.run(move |conn, tenant| model::delete(conn, tenant, id)).await?;
    client.done()
}

/// The same rules as the form's.
fn data(name: String, description: Option<String>, members: &[Uuid], lead: Option<Uuid>) -> Result<TeamData> {
    let form = TeamForm {
        name,
        description: description.unwrap_or_default(),
        lead: lead.map(|lead| lead.to_string()).unwrap_or_default(),
        boxes: members.iter().map(|member| (format!("member.{member}"), "on".to_owned())).collect(),
        ..TeamForm::default()
    };
    form.validate().map_err(|form| Problem::of_form(&form.errors).into())
}

fn taken(error: Error) -> Error {
    match error {
        Error::Taken(_) => Problem::refused("#/name", "Another team has this name.").into(),
        error => error,
    }
}

fn shown(team: Team, members: &[Member]) -> TeamShown {
    let own = members.iter().filter(|member| member.team_id == team.id);
    let member = |member: &Member| TeamMember { id: member.user_id, name: member.name(), is_lead: member.is_lead };
    TeamShown { id: team.id, name: team.name, description: team.description, members: own.map(member).collect() }
}
