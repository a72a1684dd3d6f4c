//! Your account → Profile.

use crate::kit::html::{Area, Avatar, Choice, Screen, Sections};
use actix_web::http::StatusCode;
use askama::Template;

#[derive(Debug, Default, Template)]
#[template(path = "account/show.html")]
pub struct Show {
    pub sections: Sections,
    pub name: String,
    pub avatar: Avatar,
    pub email: String,
    /// "Manager at Acme Bikes"
    pub place: String,
    pub first_name: String,
    pub last_name: String,
    pub time_zone: String,
    pub zones: Vec<&'static str>,
    /// What an empty time zone means.
    pub zone_hint: String,
    pub locales: Vec<Choice>,
    pub themes: Vec<ThemeChoice>,
    /// The heads of the table of notifications.
    pub channels: Vec<&'static str>,
    pub kinds: Vec<KindRow>,
    pub first_name_error: Option<String>,
    pub last_name_error: Option<String>,
    pub time_zone_error: Option<String>,
    pub locale_error: Option<String>,
    pub theme_error: Option<String>,
    pub is_saved: bool,
    pub status: StatusCode,
}

#[derive(Debug)]
pub struct ThemeChoice {
    pub value: &'static str,
    pub label: &'static str,
    pub about: &'static str,
    pub is_chosen: bool,
}

/// Something that one can be told of, with a box per way.
#[derive(Debug)]
pub struct KindRow {
    pub label: &'static str,
    pub about: &'static str,
    pub boxes: Vec<TickBox>,
}

#[derive(Debug)]
pub struct TickBox {
    pub field: String,
    /// "Mentions by email"
    pub label: String,
    pub channel: &'static str,
    pub is_ticked: bool,
}

impl Screen for Show {
    fn title(&self) -> String {
        "Profile".into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}
