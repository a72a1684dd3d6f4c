//! Settings → Users: the list, the form of a new user, one user's page, and what follows an invitation.

use crate::kit::html::{Area, Avatar, Choice, Fact, Pill, Screen, Sections, When};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "users/index.html", blocks = ["user_list", "user_more"])]
pub struct Index {
    pub sections: Sections,
    /// Everybody, then a tab per state.
    pub tabs: Vec<Tab>,
    pub search: String,
    /// The word of the chosen state; empty for everybody.
    pub state: String,
    pub roles: Vec<Choice>,
    pub sorts: Vec<Choice>,
    pub rows: Vec<Row>,
    /// Where the next page is, if there is one.
    pub more_href: Option<String>,
    /// The same people as CSV, for those who may take them out.
    pub export_href: Option<String>,
    pub may_add: bool,
    /// Whether something was searched or filtered, so that an empty list says so.
    pub is_narrowed: bool,
}

#[derive(Debug, Default)]
pub struct Tab {
    pub label: &'static str,
    pub count: String,
    pub href: String,
    pub is_current: bool,
}

#[derive(Debug, Default)]
pub struct Row {
    pub href: String,
    pub name: String,
    pub avatar: Avatar,
    /// As this reader may see it.
    pub email: String,
    pub role: &'static str,
    pub company: Option<String>,
    pub state: Pill,
    pub last_seen: Option<When>,
    pub is_me: bool,
}

impl Screen for Index {
    fn title(&self) -> String {
        "Users".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        match id {
            "user_list" => Some(self.as_user_list().render_with_values(values)),
            "user_more" => Some(self.as_user_more().render_with_values(values)),
            _ => None,
        }
    }
}

/// What can be typed about somebody, as typed, with what is wrong about it.
#[derive(Debug, Default)]
pub struct Fields {
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub company_name: String,
    pub time_zone: String,
    pub roles: Vec<RoleChoice>,
    pub locales: Vec<Choice>,
    pub zones: Vec<&'static str>,
    pub email_error: Option<String>,
    pub first_name_error: Option<String>,
    pub last_name_error: Option<String>,
    pub role_error: Option<String>,
    pub company_name_error: Option<String>,
    pub time_zone_error: Option<String>,
    pub locale_error: Option<String>,
}

impl Fields {
    /// Whether the part that is rarely needed stands open.
    fn shows_more(&self) -> bool {
        let wrong = [&self.company_name_error, &self.time_zone_error, &self.locale_error];
        let is_typed = !self.company_name.is_empty() || !self.time_zone.is_empty();
        is_typed || wrong.into_iter().any(Option::is_some) || self.locales.iter().skip(1).any(|locale| locale.is_chosen)
    }
}

#[derive(Debug)]
pub struct RoleChoice {
    pub value: &'static str,
    pub label: &'static str,
    pub about: &'static str,
    pub is_chosen: bool,
}

#[derive(Debug, Default, Template)]
#[template(path = "users/new.html")]
pub struct New {
    pub sections: Sections,
    pub fields: Fields,
    pub status: StatusCode,
}

impl Screen for New {
    fn title(&self) -> String {
        "New user".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

/// One user's page: a form for those who may change it, facts for the others and about the deleted.
#[derive(Debug, Default, Template)]
#[template(path = "users/show.html")]
pub struct Show {
    pub sections: Sections,
    pub person: Row,
    pub fields: Option<Fields>,
    pub facts: Vec<Fact>,
    pub problem: Option<String>,
    /// "Give a new invitation", or for somebody who has a password "Give a link for a new password".
    pub link_label: &'static str,
    pub link_about: &'static str,
    pub can_link: bool,
    pub can_activate: bool,
    pub can_deactivate: bool,
    pub can_delete: bool,
    pub can_restore: bool,
    pub status: StatusCode,
}

impl Show {
    fn has_steps(&self) -> bool {
        self.can_link || self.can_activate || self.can_deactivate || self.can_delete
    }
}

impl Screen for Show {
    fn title(&self) -> String {
        self.person.name.clone()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

/// What became of a link. Where no letter brings it, it is shown this once: the database holds only its hash.
#[derive(Debug, Default, Template)]
#[template(path = "users/invited.html")]
pub struct Invited {
    pub sections: Sections,
    pub name: String,
    pub email: String,
    pub user_href: String,
    pub link: Option<String>,
}

impl Screen for Invited {
    fn title(&self) -> String {
        format!("Link for {}", self.name)
    }

    fn area(&self) -> Area {
        Area::Settings
    }
}
