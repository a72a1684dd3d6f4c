//! What the menus offer.

use crate::conversations::holders;
use crate::conversations::labelling;
use crate::conversations::model::{self as conversations, Conversation, ConversationId, Scope};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::labels::model::{self as labels, Label, LabelId};
use crate::teams::members;
use crate::teams::model::{self as teams, Team};
use crate::users::directory::Person;
use crate::users::model::UserId;
use diesel::PgConnection;

/// Which menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pill {
    Owner,
    Team,
    Status,
    Priority,
    Labels,
}

impl Pill {
    pub const ALL: [Self; 5] = [Self::Owner, Self::Team, Self::Status, Self::Priority, Self::Labels];

    /// As in its address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Team => "team",
            Self::Status => "status",
            Self::Priority => "priority",
            Self::Labels => "labels",
        }
    }
}

#[derive(Debug)]
pub struct Found {
    pub conversation: Conversation,
    pub people: Vec<Person>,
    /// Of the conversation's team.
    pub members: Vec<UserId>,
    pub teams: Vec<Team>,
    pub labels: Vec<Label>,
    pub stuck: Vec<LabelId>,
}

/// # Errors
/// `NotFound` out of scope.
pub fn find(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: ConversationId, pill: Pill) -> Result<Found> {
    let conversation = conversations::find(conn, tenant, scope, id)?;
    let team = Vec::from_iter(conversation.team_id);
    let mut found = Found {
        conversation,
        people: Vec::new(),
        members: Vec::new(),
        teams: Vec::new(),
        labels: Vec::new(),
        stuck: Vec::new(),
    };
    match pill {
        Pill::Owner => {
            found.people = holders::people(conn, tenant)?;
            found.members = members::of_teams(conn, tenant, &team)?.into_iter().map(|member| member.user_id).collect();
        }
        Pill::Team => found.teams = teams::list(conn, tenant, false)?,
        Pill::Labels => {
            found.labels = labels::list(conn, tenant, false)?;
            let stuck = labelling::of_conversations(conn, tenant, &[id])?;
            found.stuck = stuck.into_iter().map(|(_, label)| label.id).collect();
        }
        Pill::Status | Pill::Priority => {}
    }
    Ok(found)
}
