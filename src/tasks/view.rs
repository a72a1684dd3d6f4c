//! Work in the background as its pages show it.

use super::model::{Task, TaskId, TaskState};
use super::screens::{Index, Row, Show};
use crate::kit::access::{Access, Permission, ViewAllTasks};
use crate::kit::html::{Fact, Pill, Tone};
use crate::kit::page::Cursor;
use crate::kit::words;
use crate::users::model::UserId;
use chrono::Utc;
use serde_json::Value;

pub const HERE: &str = "/tasks";

pub fn href(task: TaskId) -> String {
    format!("{HERE}/{task}")
}

pub fn index<P: Permission>(access: &Access<P>, tasks: &[Task], people: &[(UserId, String)], has_more: bool) -> Index {
    let last = tasks.last().filter(|_| has_more).map(|task| Cursor { at: task.created_at, id: task.id.get() });
    Index {
        sections: access.customer_sections(HERE),
        rows: tasks.iter().map(|task| row(access, task, people)).collect(),
        next_href: last.map(|last| format!("{HERE}?after={last}")),
        shows_people: access.may::<ViewAllTasks>(),
        refresh_href: HERE.into(),
    }
}

pub fn show<P: Permission>(access: &Access<P>, task: &Task, people: &[(UserId, String)]) -> Show {
    let (zone, now) = (access.who().time_zone, Utc::now());
    let moment = |at| words::moment(at, zone, now).text;
    let facts = [
        ("Asked for by", Some(name(people, task.created_by))),
        ("Asked for", Some(moment(task.created_at))),
        ("Begun", task.started_at.map(moment)),
        ("Ended", task.ended_at.map(moment)),
        ("Took", task.started_at.zip(task.ended_at).map(|(from, to)| took(to - from))),
    ];
    let facts = facts.into_iter().filter_map(|(label, value)| value.map(|value| Fact { label, value }));
    let file_note = task.file_expires_at.map(|until| match until > now {
        true => format!("Here until {}.", moment(until)),
        false => "Its time is up, and the file is gone.".into(),
    });
    Show {
        sections: access.customer_sections(HERE),
        id: task.id.to_string(),
        row: row(access, task, people),
        facts: facts.collect(),
        results: results(&task.result),
        error: task.error_message.clone(),
        may_cancel: !task.is_over() && task.cancel_requested_at.is_none(),
        is_stopping: !task.is_over() && task.cancel_requested_at.is_some(),
        file_note,
    }
}

fn row<P: Permission>(access: &Access<P>, task: &Task, people: &[(UserId, String)]) -> Row {
    Row {
        href: href(task.id),
        title: task.title.clone(),
        state: state(task),
        detail: detail(task),
        percent: task.total.filter(|total| *total > 0 && !task.is_over()).map(|total| task.done * 100 / total),
        by: name(people, task.created_by),
        when: words::when(task.created_at, access.who().time_zone, Utc::now()),
        file_href: task.offered().map(|_| format!("{}/file", href(task.id))),
    }
}

pub fn state(task: &Task) -> Pill {
    match task.state {
        _ if !task.is_over() && task.cancel_requested_at.is_some() => Pill::new(Tone::Warn, "Stopping"),
        TaskState::Queued => Pill::new(Tone::Quiet, "Waiting"),
        TaskState::Running => Pill::new(Tone::Busy, "Under way"),
        TaskState::Completed => Pill::new(Tone::Good, "Done"),
        TaskState::Failed => Pill::new(Tone::Bad, "Failed"),
        TaskState::Cancelled => Pill::new(Tone::Quiet, "Stopped"),
    }
}

fn detail(task: &Task) -> String {
    let done = match task.total {
        Some(total) if !task.is_over() => format!("{} of {}", words::number(task.done), words::number(total)),
        _ => words::counted(task.done, "row", "rows"),
    };
    match task.refused {
        0 => done,
        refused => format!("{done}, {} refused", words::number(refused)),
    }
}

fn took(length: chrono::TimeDelta) -> String {
    match length.num_seconds() {
        seconds @ ..60 => format!("{} s", seconds.max(0)),
        _ => words::span(length),
    }
}

/// Counts by their name: "would_create" is "Would create".
fn results(result: &Value) -> Vec<(String, String)> {
    let told = |(name, value): (&String, &Value)| {
        let value = match value {
            Value::Number(number) => number.as_i64().map_or_else(|| number.to_string(), words::number),
            Value::String(text) => text.clone(),
            _ => return None,
        };
        let name = name.replace('_', " ");
        let mut letters = name.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        Some((format!("{first}{}", letters.as_str()), value))
    };
    result.as_object().into_iter().flatten().filter_map(told).collect()
}

fn name(people: &[(UserId, String)], user: UserId) -> String {
    people.iter().find(|(id, _)| *id == user).map(|(_, name)| name.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_came_of_it_is_told_in_words() {
        let told = results(&json!({ "created": 1200, "would_update": 3, "why": "No rows.", "inner": {} }));
        let text: Vec<String> = told.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(text, ["Created: 1,200", "Why: No rows.", "Would update: 3"]);
    }
}
