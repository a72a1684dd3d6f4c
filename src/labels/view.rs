//! Labels as their pages show them.

use super::form::LabelForm;
use super::model::{COLOURS, Label};
use super::screens::{Colour, Index, Row, Show, Tag};
use crate::kit::access::{Access, EditFields, Permission};
use crate::kit::html::status_of_form;

pub const HERE: &str = "/settings/labels";

pub fn tag(label: &Label) -> Tag {
    Tag { id: label.id.to_string(), name: label.name.clone(), colour: label.colour.clone() }
}

pub fn index<P: Permission>(access: &Access<P>, labels: &[Label], is_deleted: bool) -> Index {
    let row = |label: &Label| Row {
        href: format!("{HERE}/{}", label.id),
        tag: tag(label),
        description: label.description.clone().unwrap_or_default(),
    };
    Index {
        sections: access.settings(HERE),
        rows: labels.iter().map(row).collect(),
        is_deleted,
        may_edit: access.may::<EditFields>(),
    }
}

pub fn show<P: Permission>(access: &Access<P>, label: Option<&Label>, form: LabelForm) -> Show {
    let error = |field: &str| form.errors.of(field).map(str::to_owned);
    let chosen = if form.colour.is_empty() { COLOURS[0] } else { &form.colour };
    Show {
        sections: access.settings(HERE),
        href: label.map(|label| format!("{HERE}/{}", label.id)),
        title: label.map_or("New label".into(), |label| label.name.clone()),
        colours: COLOURS.iter().map(|name| Colour { name, is_chosen: *name == chosen }).collect(),
        may_edit: access.may::<EditFields>(),
        is_deleted: label.is_some_and(|label| label.deleted_at.is_some()),
        problem: error(""),
        name_error: error("name"),
        colour_error: error("colour"),
        description_error: error("description"),
        status: status_of_form(!form.errors.is_empty()),
        name: form.name,
        description: form.description,
    }
}
