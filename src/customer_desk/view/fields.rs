//! The tenant's own fields as their settings show them.

use crate::customer_desk::form::FieldForm;
use crate::customer_desk::screens::{FieldIndex, FieldRow, FieldShow};
use crate::customers::attributes::{AttributeKind, Definition};
use crate::kit::access::{Access, EditFields, Permission};
use crate::kit::html::Choice;

pub const HERE: &str = "/settings/customer-fields";

pub fn kind(kind: AttributeKind) -> &'static str {
    match kind {
        AttributeKind::Text => "Text",
        AttributeKind::Number => "Number",
        AttributeKind::Date => "Date",
        AttributeKind::Boolean => "Yes or no",
        AttributeKind::Choice => "Choice",
        AttributeKind::Link => "Link",
    }
}

pub fn index<P: Permission>(access: &Access<P>, fields: &[Definition], is_deleted: bool) -> FieldIndex {
    let row = |(at, field): (usize, &Definition)| {
        let mut detail = format!("{} · {}", kind(field.kind), field.key);
        if field.is_sensitive {
            detail.push_str(" · sensitive");
        }
        FieldRow {
            href: format!("{HERE}/{}", field.id),
            name: field.name.clone(),
            detail,
            is_first: at == 0,
            is_last: at + 1 == fields.len(),
        }
    };
    FieldIndex {
        sections: access.settings(HERE),
        rows: fields.iter().enumerate().map(row).collect(),
        is_deleted,
        may_edit: access.may::<EditFields>(),
    }
}

/// The page of a field (and whether it is deleted), or of one that is to be.
pub fn show<P: Permission>(access: &Access<P>, field: Option<(&Definition, bool)>, form: FieldForm) -> FieldShow {
    let kinds = AttributeKind::ALL.iter().map(|one| Choice::of(one.word(), kind(*one), &form.kind));
    FieldShow {
        sections: access.settings(HERE),
        href: field.map(|(field, _)| format!("{HERE}/{}", field.id)),
        title: field.map_or("New field".into(), |(field, _)| field.name.clone()),
        kinds: kinds.collect(),
        kind: field.map(|(field, _)| kind(field.kind).to_owned()).unwrap_or_default(),
        has_choices: field.is_none_or(|(field, _)| field.kind == AttributeKind::Choice),
        may_edit: access.may::<EditFields>(),
        is_deleted: field.is_some_and(|(_, is_deleted)| is_deleted),
        errors: form.errors.iter().map(|(field, why)| (field.to_owned(), why.to_owned())).collect(),
        is_sensitive: form.is_sensitive.is_some(),
        name: form.name,
        key: form.key,
        description: form.description,
        choices: form.choices,
    }
}
