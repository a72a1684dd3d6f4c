//! The panel of filters, as it was filled in.

use super::range;
use crate::customer_list::look::{Look, STATES};
use crate::customer_list::reading::Found;
use crate::customer_list::screens::{FieldTest, FilterFields, LabelChoice};
use crate::customers::attributes::{AttributeKind, Definition};
use crate::customers::consent::ConsentChannel;
use crate::kit::form::Errors;
use crate::kit::html::Choice;
use crate::labels::view::tag;

const STATE_LABELS: [&str; 5] = ["Active", "Suspended", "Archived", "Deleted", "All but deleted"];

pub(super) fn fields(look: &Look, found: &Found) -> FilterFields {
    let state = if look.state.is_empty() { "active" } else { &look.state };
    let offered = |offered: &[(&str, &str)], chosen: &str| {
        offered.iter().map(|(value, label)| Choice::of(value, *label, chosen)).collect::<Vec<_>>()
    };
    let label = |label: &crate::labels::model::Label| LabelChoice {
        tag: tag(label),
        is_chosen: look.labels.contains(&label.id.to_string()),
    };
    let seen = [
        ("", "Any time"),
        ("within", "In the last … days"),
        ("not_within", "Not in the last … days"),
        ("never", "Never"),
    ];
    let consents = [("", "Any"), ("given", "Given"), ("withdrawn", "Withdrawn"), ("none", "Nothing said")];
    let purposes =
        [("marketing", "Marketing"), ("service", "Service"), ("research", "Research"), ("profiling", "Profiling")];
    let channel = |channel: &ConsentChannel| Choice::of(channel.word(), channel.label(), &look.channel);
    let fields: Vec<FieldTest> = found
        .definitions
        .iter()
        .filter(|definition| !definition.is_sensitive)
        .map(|definition| test(look, definition, &found.errors))
        .collect();
    FilterFields {
        search: look.q.clone(),
        customer_type: look.customer_type.clone(),
        states: STATES.iter().zip(STATE_LABELS).map(|(value, label)| Choice::of(value, label, state)).collect(),
        labels: found.labels.iter().map(label).collect(),
        seen: offered(&seen, &look.seen),
        days: look.days.clone(),
        consents: offered(&consents, &look.consent),
        purposes: offered(&purposes, &look.purpose),
        channels: ConsentChannel::ALL.iter().map(channel).collect(),
        from: look.made_from.clone(),
        until: look.made_until.clone(),
        used: used(look),
        errors: found.errors.iter().map(|(field, why)| (field.to_owned(), why.to_owned())).collect(),
        fields,
    }
}

fn used(look: &Look) -> usize {
    let panel = [&look.seen, &look.consent, &look.made_from, &look.made_until];
    look.labels.len()
        + panel.into_iter().filter(|text| !text.is_empty()).count()
        + look.values.values().filter(|text| !text.is_empty()).count()
}

fn test(look: &Look, definition: &Definition, errors: &Errors) -> FieldTest {
    let typed = |how| look.value(&definition.key, how).to_owned();
    let wrong = |how: &str| errors.of(&format!("field.{}.{how}", definition.key)).map(str::to_owned);
    let any = Choice::of("", "Any", look.value(&definition.key, "is"));
    let choices: Vec<Choice> = match definition.kind {
        AttributeKind::Choice => {
            let own = definition.choices().into_iter().map(|choice| Choice::of(choice, choice, &typed("is")));
            [any].into_iter().chain(own).collect()
        }
        AttributeKind::Boolean => {
            [any, Choice::of("yes", "Yes", &typed("is")), Choice::of("no", "No", &typed("is"))].into()
        }
        _ => Vec::new(),
    };
    FieldTest {
        key: definition.key.clone(),
        name: definition.name.clone(),
        choices,
        is: typed("is"),
        has: typed("has"),
        from: typed("from"),
        until: typed("until"),
        is_empty: !typed("empty").is_empty(),
        range: range(definition.kind),
        can_contain: matches!(definition.kind, AttributeKind::Text | AttributeKind::Link),
        is_wrong: ["is", "from", "until"].into_iter().find_map(wrong),
    }
}
