//! The columns of a file as their page shows them: a name, some cells, and what they may be.

use crate::customers::attributes::Definition;
use crate::imports::choices::{CHANNELS, Choices, Field, MatchBy, Mode, PURPOSES, Target};
use crate::imports::form::ChoicesForm;
use crate::imports::format::{DELIMITERS, ENCODINGS, Kind};
use crate::imports::model::Import;
use crate::imports::sample::Sample;
use crate::imports::screens::{Column, Mapping, Reading, TargetGroup};
use crate::imports::view::{HERE, read_as};
use crate::kit::access::{Access, Permission};
use crate::kit::html::{Choice, status_of_form};
use crate::kit::words;

/// The columns, as they are chosen or were typed.
pub fn mapping<P: Permission>(
    access: &Access<P>,
    import: &Import,
    sample: &Sample,
    form: Option<&ChoicesForm>,
) -> Mapping {
    let (choices, format) = (import.choices(), import.format());
    let counts = import.counts();
    let error = |field: &str| form.and_then(|form| form.errors.of(field)).map(str::to_owned);
    let typed = |field: fn(&ChoicesForm) -> &String, kept: String| form.map_or(kept, |form| field(form).clone());
    let mode = typed(|form| &form.mode, choices.mode.word().to_owned());
    let match_by = typed(|form| &form.match_by, choices.match_by.field().word().to_owned());
    let empty = typed(|form| &form.empty, if choices.clears_empty { "clear" } else { "keep" }.to_owned());
    let label = typed(|form| &form.label, choices.label.map(|label| label.to_string()).unwrap_or_default());
    let nothing = Choice::of("", "None", &label);
    let labels = sample.labels.iter().map(|(id, name)| Choice::of(&id.to_string(), name.clone(), &label));
    let header = if format.has_header == Some(false) { "no" } else { "yes" };
    Mapping {
        sections: access.customer_sections(HERE),
        id: import.id.to_string(),
        file_name: import.file_name.clone(),
        about: format!("{}, {}", words::counted(counts.rows, "row", "rows"), read_as(&format)),
        problem: import.error_message.clone(),
        columns: columns(import, &choices, sample, form),
        row_error: error("row"),
        modes: Mode::ALL.iter().map(|(_, word, label)| Choice::of(word, *label, &mode)).collect(),
        mode_error: error("mode"),
        matches: MatchBy::ALL.iter().map(|by| Choice::of(by.field().word(), by.field().label(), &match_by)).collect(),
        match_by_error: error("match_by"),
        region: typed(|form| &form.region, choices.region.unwrap_or_default()),
        region_error: error("region"),
        empties: vec![
            Choice::of("keep", "Leave what the customer has", &empty),
            Choice::of("clear", "Take the value out", &empty),
        ],
        labels: std::iter::once(nothing).chain(labels).collect(),
        label_error: error("label"),
        reading: (format.kind == Kind::Csv).then(|| Reading {
            encodings: ENCODINGS.iter().map(|(word, label)| Choice::of(word, *label, &format.encoding)).collect(),
            delimiters: DELIMITERS
                .iter()
                .map(|(delimiter, label)| Choice {
                    is_chosen: format.delimiter == Some(*delimiter),
                    ..Choice::of(label, *label, "")
                })
                .collect(),
        }),
        headers: vec![
            Choice::of("yes", "The first row is a heading", header),
            Choice::of("no", "The first row is a customer", header),
        ],
        status: status_of_form(form.is_some()),
    }
}

fn columns(import: &Import, choices: &Choices, sample: &Sample, form: Option<&ChoicesForm>) -> Vec<Column> {
    let column = |(index, name): (usize, String)| {
        let kept = choices.columns.get(index).map(Target::word).unwrap_or_default();
        let chosen = form.map_or(kept, |form| form.column(index).to_owned());
        let cells = sample.rows.iter().map(|row| row.cells().get(index).copied().unwrap_or_default().to_owned());
        let samples = cells.filter(|cell| !cell.is_empty()).map(|cell| cell.chars().take(60).collect()).take(3);
        Column {
            index,
            name,
            samples: samples.collect(),
            groups: groups(&chosen, &sample.definitions),
            is_used: !matches!(chosen.as_str(), "" | "ignore"),
            error: form.and_then(|form| form.errors.of(&format!("column.{index}"))).map(str::to_owned),
        }
    };
    import.headings().into_iter().enumerate().map(column).collect()
}

fn groups(chosen: &str, definitions: &[Definition]) -> Vec<TargetGroup> {
    let choice = |target: Target, label: String| Choice::of(&target.word(), label, chosen);
    let fields = Field::ALL.iter().map(|field| choice(Target::Field(*field), field.label().into()));
    let record = std::iter::once(choice(Target::FullName, "First and last name".into())).chain(fields);
    let record = record.chain([choice(Target::Labels, "Labels".into())]);
    let own = definitions.iter().map(|own| choice(Target::Attribute(own.key.clone()), own.name.clone()));
    let pairs = PURPOSES.iter().flat_map(|purpose| CHANNELS.iter().map(move |channel| (*purpose, *channel)));
    let consents = pairs.map(|(purpose, channel)| {
        let label = format!("Consent to {purpose} by {}", if channel == "whatsapp" { "WhatsApp" } else { channel });
        choice(Target::Consent(purpose, channel), label)
    });
    let groups = [
        TargetGroup { label: "", targets: vec![choice(Target::Ignore, "Do not import".into())] },
        TargetGroup { label: "Customer", targets: record.collect() },
        TargetGroup { label: "Your own fields", targets: own.collect() },
        TargetGroup { label: "Consents", targets: consents.collect() },
    ];
    groups.into_iter().filter(|group| !group.targets.is_empty()).collect()
}
