//! The rules, and one of them with whom it would meet.

use crate::gdpr::screens::CustomerLink;
use crate::kit::form::Errors;
use crate::kit::html::{Area, Choice, Pill, Screen, Sections, When, status_of_form};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "gdpr/retention/index.html", blocks = ["rule_list"])]
pub struct Index {
    pub sections: Sections,
    pub may_edit: bool,
    pub rules: Vec<RuleLine>,
    pub has_active: bool,
    /// What came of applying the rules just now.
    pub problem: Option<String>,
    pub status: StatusCode,
}

#[derive(Debug, Default)]
pub struct RuleLine {
    pub id: String,
    pub name: String,
    /// "Archive regular customers … without contact for 365 days".
    pub words: String,
    pub icon: &'static str,
    pub state: Pill,
    pub is_active: bool,
    pub is_first: bool,
    pub last_run: Option<When>,
    pub last_count: String,
}

#[derive(Debug, Default, Template)]
#[template(path = "gdpr/retention/show.html")]
pub struct Show {
    pub sections: Sections,
    pub may_edit: bool,
    /// Nothing for a new rule.
    pub rule: Option<RuleLine>,
    pub name: String,
    pub actions: Vec<Choice>,
    pub types: Vec<Choice>,
    pub states: Vec<Choice>,
    pub labels: Vec<Choice>,
    pub idle_days: String,
    pub preview: Option<PreviewCard>,
    pub errors: Errors,
}

/// Whom the rule would meet now.
#[derive(Debug, Default)]
pub struct PreviewCard {
    pub count: String,
    pub is_nobody: bool,
    pub sample: Vec<CustomerLink>,
    pub has_more: bool,
}

impl Show {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.of(field)
    }
}

impl Screen for Index {
    fn title(&self) -> String {
        "Retention".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        self.status
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "rule_list").then(|| self.as_rule_list().render_with_values(values))
    }
}

impl Screen for Show {
    fn title(&self) -> String {
        self.rule.as_ref().map_or_else(|| "New retention rule".into(), |rule| rule.name.clone())
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        status_of_form(!self.errors.is_empty())
    }
}
