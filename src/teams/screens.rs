//! Settings → Teams: the cards, and the form of one team.

use crate::kit::html::{Area, Avatar, Screen, Sections};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "teams/index.html", blocks = ["team_cards"])]
pub struct Index {
    pub sections: Sections,
    pub cards: Vec<Card>,
    /// The deleted ones are shown, and no others.
    pub is_deleted: bool,
    pub may_edit: bool,
}

#[derive(Debug, Default)]
pub struct Card {
    pub href: String,
    pub name: String,
    pub description: Option<String>,
    pub lead: Option<String>,
    /// The first few.
    pub avatars: Vec<Avatar>,
    /// "5 members"
    pub size: String,
}

impl Screen for Index {
    fn title(&self) -> String {
        "Teams".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "team_cards").then(|| self.as_team_cards().render_with_values(values))
    }
}

/// A team's form, for those who may not change it a list of its members.
#[derive(Debug, Default, Template)]
#[template(path = "teams/show.html")]
pub struct Show {
    pub sections: Sections,
    /// None for a new team.
    pub href: Option<String>,
    pub title: String,
    pub name: String,
    pub description: String,
    pub has_lead: bool,
    pub people: Vec<Candidate>,
    pub may_edit: bool,
    pub is_deleted: bool,
    pub problem: Option<String>,
    pub name_error: Option<String>,
    pub description_error: Option<String>,
    pub members_error: Option<String>,
    pub status: StatusCode,
}

/// Somebody who is or could be a member.
#[derive(Debug, Default)]
pub struct Candidate {
    pub id: String,
    pub name: String,
    pub avatar: Avatar,
    pub role: &'static str,
    /// Said of who cannot sign in at present.
    pub state: Option<&'static str>,
    pub is_member: bool,
    pub is_lead: bool,
}

impl Show {
    fn form_action(&self) -> &str {
        self.href.as_deref().unwrap_or("/settings/teams")
    }

    fn has_form(&self) -> bool {
        self.may_edit && !self.is_deleted
    }

    fn has_members(&self) -> bool {
        self.people.iter().any(|person| person.is_member)
    }
}

impl Screen for Show {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}
