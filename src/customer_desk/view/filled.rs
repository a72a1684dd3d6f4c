//! The form of a customer: empty, as the record stands, or as it was typed.

use super::{HERE, kind, name};
use crate::customer_desk::form::CustomerForm;
use crate::customer_desk::record::Found;
use crate::customer_desk::screens::{Field, Form, TickedLabel};
use crate::customers::attributes::{AttributeKind, Definition};
use crate::customers::changes::Record;
use crate::customers::model::CustomerType;
use crate::kit::access::{Access, Permission};
use crate::kit::html::Choice;
use crate::kit::locales::{LOCALES, time_zones};
use crate::labels::model::Label;
use crate::labels::view::tag;

/// The form as the record stands.
pub fn filled(found: &Found) -> CustomerForm {
    let mut form = CustomerForm::of(&found.record, &found.opened);
    form.more.extend(found.labels.iter().map(|label| (format!("label.{}", label.id), "on".to_owned())));
    form
}

/// The form of `record`, or of a customer that is to be.
pub fn form<P: Permission>(
    access: &Access<P>,
    record: Option<&Record>,
    form: CustomerForm,
    definitions: &[Definition],
    labels: &[Label],
) -> Form {
    let types = CustomerType::ALL.iter().map(|one| Choice::of(one.word(), kind(*one).label, &form.customer_type));
    let suit = Choice::of("", "Whatever fits", &form.customer_type);
    let no_locale = Choice::of("", "Not known", &form.locale);
    let locales = LOCALES.iter().map(|(tag, name)| Choice::of(tag, *name, &form.locale));
    let ticked = |label: &Label| TickedLabel { tag: tag(label), is_ticked: form.has_label(&label.id.to_string()) };
    Form {
        sections: access.customer_sections(HERE),
        href: record.map(|record| format!("{HERE}/{}", record.id)),
        title: record.map_or("New customer".into(), |record| name(access, record)),
        types: record.is_none().then_some(suit).into_iter().chain(types).collect(),
        locales: std::iter::once(no_locale).chain(locales).collect(),
        zones: time_zones(),
        labels: labels.iter().map(ticked).collect(),
        fields: definitions.iter().map(|definition| field(definition, &form)).collect(),
        errors: form.errors.iter().map(|(field, why)| (field.to_owned(), why.to_owned())).collect(),
        first_name: form.first_name,
        last_name: form.last_name,
        phone: form.phone,
        email: form.email,
        company: form.company,
        note: form.note,
        external_id: form.external_id,
        time_zone: form.time_zone,
        seen: form.seen,
    }
}

fn field(definition: &Definition, form: &CustomerForm) -> Field {
    let name = format!("attributes.{}", definition.key);
    let text = form.attribute(&definition.key).to_owned();
    let choices = match definition.kind {
        AttributeKind::Choice => definition.choices(),
        AttributeKind::Boolean => vec!["yes", "no"],
        _ => Vec::new(),
    };
    let shown = |choice: &&str| match definition.kind {
        AttributeKind::Boolean => if *choice == "yes" { "Yes" } else { "No" }.to_owned(),
        _ => (*choice).to_owned(),
    };
    let mut choices: Vec<Choice> = choices.iter().map(|choice| Choice::of(choice, shown(choice), &text)).collect();
    if !choices.is_empty() {
        if !text.is_empty() && choices.iter().all(|choice| !choice.is_chosen) {
            choices.push(Choice::of(&text, text.clone(), &text)); // chosen when it still could be
        }
        choices.insert(0, Choice::of("", "–", &text));
    }
    Field {
        error: form.errors.of(&name).map(str::to_owned),
        caption: definition.name.clone(),
        hint: definition.description.clone().unwrap_or_default(),
        input: match definition.kind {
            AttributeKind::Text => "text",
            AttributeKind::Number => "number",
            AttributeKind::Date => "date",
            AttributeKind::Link => "url",
            AttributeKind::Boolean | AttributeKind::Choice => "",
        },
        choices,
        text,
        name,
    }
}
