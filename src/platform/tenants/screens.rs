//! What the pages of Platform → Tenants show.

use crate::kit::html::{Area, Choice, Fact, Meter, Pill, Screen, Sections, Stat, When};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "platform/tenants/index.html", blocks = ["tenant_list"])]
pub struct Index {
    pub sections: Sections,
    pub q: String,
    pub states: Vec<Choice>,
    pub lines: Vec<Line>,
    /// The address of the next page.
    pub more: Option<String>,
    /// Something is looked for, so an empty list means that nothing fits.
    pub is_filtered: bool,
}

#[derive(Debug, Default)]
pub struct Line {
    pub href: String,
    pub name: String,
    pub slug: String,
    pub state: Pill,
    /// "4", "4 of 5".
    pub users: String,
    pub numbers: String,
    pub messages: String,
    pub created: When,
}

impl Screen for Index {
    fn title(&self) -> String {
        "Tenants".into()
    }

    fn area(&self) -> Area {
        Area::Platform
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "tenant_list").then(|| self.as_tenant_list().render_with_values(values))
    }
}

/// The fields of a tenant, as typed.
#[derive(Debug, Default)]
pub struct Fields {
    pub name: String,
    pub slug: String,
    pub description: String,
    pub time_zones: Vec<Choice>,
    pub locales: Vec<Choice>,
    pub max_users: String,
    pub max_numbers: String,
    pub max_messages_per_day: String,
    pub max_storage: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub errors: crate::kit::form::Errors,
}

impl Fields {
    pub fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.of(field)
    }
}

#[derive(Debug, Default, Template)]
#[template(path = "platform/tenants/new.html")]
pub struct New {
    pub sections: Sections,
    pub fields: Fields,
    /// Whether the administrator's link goes by mail.
    pub is_mailed: bool,
    pub status: StatusCode,
}

impl Screen for New {
    fn title(&self) -> String {
        "New tenant".into()
    }

    fn area(&self) -> Area {
        Area::Platform
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

#[derive(Debug, Default, Template)]
#[template(path = "platform/tenants/edit.html")]
pub struct Edit {
    pub sections: Sections,
    pub href: String,
    /// As it is called now.
    pub called: String,
    pub fields: Fields,
    pub status: StatusCode,
}

impl Screen for Edit {
    fn title(&self) -> String {
        format!("Edit {}", self.called)
    }

    fn area(&self) -> Area {
        Area::Platform
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

#[derive(Debug, Default, Template)]
#[template(path = "platform/tenants/show.html")]
pub struct Show {
    pub sections: Sections,
    pub href: String,
    pub name: String,
    pub description: String,
    pub state: Pill,
    pub stats: Vec<Stat>,
    pub facts: Vec<Fact>,
    pub meters: Vec<Meter>,
    pub administrators: Vec<AdministratorLine>,
    /// The support access that stands now.
    pub support: Option<SupportLine>,
    pub is_active: bool,
    pub is_deleted: bool,
    pub may_edit: bool,
    /// Why the last step was refused.
    pub problem: Option<String>,
    /// What was typed to delete it.
    pub typed: String,
    pub status: StatusCode,
}

#[derive(Debug, Default)]
pub struct AdministratorLine {
    pub name: String,
    pub email: String,
    pub state: Pill,
    /// Where to ask for a new link; None for who has signed in once.
    pub invite: Option<String>,
}

#[derive(Debug, Default)]
pub struct SupportLine {
    pub reason: String,
    pub until: When,
}

impl Screen for Show {
    fn title(&self) -> String {
        self.name.clone()
    }

    fn area(&self) -> Area {
        Area::Platform
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

/// A link that is shown once.
#[derive(Debug, Default, Template)]
#[template(path = "platform/tenants/invited.html")]
pub struct Invited {
    pub sections: Sections,
    pub href: String,
    pub tenant: String,
    pub name: String,
    pub email: String,
    /// None: it went by mail.
    pub link: Option<String>,
}

impl Screen for Invited {
    fn title(&self) -> String {
        format!("{} is invited", self.name)
    }

    fn area(&self) -> Area {
        Area::Platform
    }
}
