//! The timeline in words, day by day.

use super::called;
use crate::audit::vocabulary;
use crate::customer_desk::screens::{Day, Line};
use crate::customer_desk::timeline::Happening;
use crate::customers::consent::ConsentChannel;
use crate::customers::model::CustomerState;
use crate::kit::access::{Access, Permission};
use crate::kit::words;
use crate::users::model::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

/// Newest first; `name` is the customer's. What stands above ends in the day of `goes_on`, which is not named again.
pub fn days<P: Permission>(
    access: &Access<P>,
    happenings: &[Happening],
    people: &[(UserId, String)],
    name: &str,
    goes_on: Option<DateTime<Utc>>,
) -> Vec<Day> {
    let zone = access.who().time_zone;
    let today = Utc::now().with_timezone(&zone).date_naive();
    let above = goes_on.map(|at| at.with_timezone(&zone).date_naive());
    let mut days: Vec<(NaiveDate, Day)> = Vec::new();
    for happening in happenings {
        let date = happening.at.with_timezone(&zone).date_naive();
        if days.last().is_none_or(|(known, _)| *known != date) {
            let label = if above == Some(date) { String::new() } else { words::day(date, today) };
            days.push((date, Day { label, lines: Vec::new() }));
        }
        if let Some((_, day)) = days.last_mut() {
            let line = line(happening, people, name);
            let (text, body) = (access.words(&line.text), access.words(&line.body));
            day.lines.push(Line { when: words::time_of_day(happening.at, zone), text, body, ..line });
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

fn line(happening: &Happening, people: &[(UserId, String)], name: &str) -> Line {
    let by = happening.by.and_then(|user| called(people, user.into()));
    let href = match happening.kind.as_str() {
        "call" => Some(format!("/calls/{}", happening.id)),
        _ => happening.conversation.map(|thread| format!("/inbox/{thread}")),
    };
    let (icon, tone, text, body) = match happening.kind.as_str() {
        "message" => message(happening, name),
        "call" => call(happening),
        "state" => state(happening),
        "consent" => consent(happening),
        _ => entry(happening),
    };
    Line { icon, tone, text, body, by: by.unwrap_or_default(), href, ..Line::default() }
}

type Told = (&'static str, &'static str, String, String);

fn message(happening: &Happening, name: &str) -> Told {
    let kind = happening.more["type"].as_str().unwrap_or("text");
    let body = match (happening.more["revoked"].as_bool(), happening.detail.is_empty()) {
        (Some(true), _) => "Deleted".to_owned(),
        (_, true) if kind != "text" => kind.to_owned(),
        _ => happening.detail.clone(),
    };
    match happening.what.as_str() {
        "note" => ("notes", "tone-warn", "Note".into(), body),
        "inbound" => ("message-2-down", "tone-accent", format!("{name} wrote"), body),
        _ => ("message-2-up", "tone-quiet", "Answer".into(), body),
    }
}

fn call(happening: &Happening) -> Told {
    let noun = if happening.more["video"] == true { "video call" } else { "call" };
    let (is_inbound, status) = (happening.what == "inbound", happening.more["status"].as_str().unwrap_or_default());
    let length = happening.more["seconds"].as_i64().map(|seconds| format!(", {}:{:02}", seconds / 60, seconds % 60));
    let (icon, tone, text) = match (is_inbound, status) {
        (true, "failed") => ("phone-x", "tone-bad", format!("Missed {noun}")),
        (true, _) => ("phone-incoming", "tone-accent", format!("Incoming {noun}")),
        (false, "failed") => ("phone-outgoing", "tone-quiet", format!("Outgoing {noun}, nobody answered")),
        (false, _) => ("phone-outgoing", "tone-quiet", format!("Outgoing {noun}")),
    };
    (icon, tone, text + &length.unwrap_or_default(), happening.detail.clone())
}

fn state(happening: &Happening) -> Told {
    let label = |word: &str| CustomerState::of_word(word).map(|state| super::state(state).label).unwrap_or_default();
    let text = match happening.more["old"].as_str() {
        None => "Became a customer here".into(),
        Some(old) => format!("{} → {}", label(old), label(&happening.what)),
    };
    ("git-branch", "tone-quiet", text, happening.detail.clone())
}

fn consent(happening: &Happening) -> Told {
    let channel = happening.more["channel"].as_str().and_then(ConsentChannel::of_word).map(ConsentChannel::label);
    let source = happening.more["source"].as_str();
    let tone = if happening.what == "given" { "tone-good" } else { "tone-bad" };
    let text = format!("Consent {}: {} by {}", happening.what, happening.detail, channel.unwrap_or_default());
    ("shield-check", tone, text, source.map(|source| format!("Said in: {source}")).unwrap_or_default())
}

/// What the audit log has, without names of rows; which fields changed, without their values.
fn entry(happening: &Happening) -> Told {
    let after = &happening.more["after"];
    let (icon, text, body) = match (happening.what.as_str(), happening.detail.as_str()) {
        ("changed", "customers") => ("edit", "Record changed".into(), fields(after)),
        ("labelled", "customers") => ("tag", "Labels changed".into(), labels(&happening.more)),
        ("learnt", "customer_identities") => ("address-book", "Address learnt".into(), String::new()),
        ("forgot", "customer_identities") => ("address-book", "Address taken away".into(), String::new()),
        (what, entity) => {
            let sentence = vocabulary::sentence(what, entity, None);
            ("history", capital(&sentence), fields(after))
        }
    };
    (icon, "tone-quiet", text, body)
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

fn fields(after: &Value) -> String {
    let named = |field: &String| match field.as_str() {
        "attributes" => "own fields".to_owned(),
        "sealed_fields" => "note or sensitive fields".to_owned(),
        field => field.replace('_', " "),
    };
    let names: Vec<String> = after.as_object().into_iter().flat_map(|after| after.keys().map(named)).collect();
    capital(&names.join(", "))
}

/// Which came and which went.
fn labels(more: &Value) -> String {
    let of = |side: &str, sign: &str| {
        let labels = more[side]["labels"].as_array().into_iter().flatten().filter_map(Value::as_str);
        labels.map(|label| format!("{sign} {label}")).collect::<Vec<_>>()
    };
    [of("after", "+"), of("before", "−")].concat().join("  ")
}
