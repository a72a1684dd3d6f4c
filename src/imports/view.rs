//! Imports as their pages show them.

use super::format::{DELIMITERS, ENCODINGS, Format, Kind};
use super::model::{Counts, Import, ImportId, ImportState};
use super::screens::{Index, Line, New, Progress, Show, Undo};
use crate::kit::access::{Access, Permission};
use crate::kit::html::{Fact, Pill, Stat, Tone, status_of_form};
use crate::kit::page::Cursor;
use crate::kit::words;
use crate::tasks::model::Task;
use crate::users::model::UserId;
use chrono::Utc;

pub const HERE: &str = "/customers/imports";

pub fn href(import: ImportId) -> String {
    format!("{HERE}/{import}")
}

pub fn index<P: Permission>(
    access: &Access<P>,
    imports: &[Import],
    people: &[(UserId, String)],
    refresh_href: String,
    has_more: bool,
) -> Index {
    let last = imports.last().filter(|_| has_more).map(|last| Cursor { at: last.created_at, id: last.id.get() });
    let line = |import: &Import| Line {
        href: href(import.id),
        file_name: import.file_name.clone(),
        state: state(import),
        outcome: outcome(&import.counts()),
        who: name(people, import.created_by),
        at: words::when(import.created_at, access.who().time_zone, Utc::now()),
    };
    Index {
        sections: access.customer_sections(HERE),
        lines: imports.iter().map(line).collect(),
        next_href: last.map(|last| format!("{HERE}?after={last}")),
        refresh_href,
    }
}

pub fn new<P: Permission>(access: &Access<P>, most: u64, problem: Option<String>) -> New {
    let status = status_of_form(problem.is_some());
    New { sections: access.customer_sections(HERE), problem, most, most_text: words::size(most), status }
}

pub fn state(import: &Import) -> Pill {
    let (tone, label) = match import.state {
        ImportState::Uploading => (Tone::Quiet, "Upload broke off"),
        ImportState::Reading => (Tone::Busy, "Being read"),
        ImportState::Mapping => (Tone::Accent, "Columns to choose"),
        ImportState::Checking => (Tone::Busy, "Being checked"),
        ImportState::Checked => (Tone::Accent, "Ready"),
        ImportState::Running => (Tone::Busy, "Under way"),
        ImportState::Undoing => (Tone::Busy, "Being taken back"),
        ImportState::Completed => (Tone::Good, "Done"),
        ImportState::Undone => (Tone::Quiet, "Taken back"),
        ImportState::Cancelled => (Tone::Quiet, "Stopped"),
        ImportState::Failed => (Tone::Bad, "Cannot be read"),
    };
    Pill::new(tone, label)
}

/// What came of it in a line.
fn outcome(counts: &Counts) -> String {
    let done = [
        (counts.created, "created"),
        (counts.updated, "updated"),
        (counts.unchanged, "unchanged"),
        (counts.refused + counts.faulty, "refused"),
        (counts.undone, "taken back"),
    ];
    let told: Vec<String> = done
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", words::number(*count)))
        .collect();
    if told.is_empty() { words::counted(counts.rows, "row", "rows") } else { told.join(", ") }
}

/// Everything but the columns of one import.
pub fn show<P: Permission>(access: &Access<P>, import: &Import, task: Option<&Task>, who: &str) -> Show {
    let (counts, base) = (import.counts(), href(import.id));
    let waits = import.state == ImportState::Checked;
    let to_do = counts.would_create + counts.would_update;
    let faulty = counts.faulty + counts.refused;
    let (zone, now) = (access.who().time_zone, Utc::now());
    let verb = if import.can_go_on() { "Go on with" } else { "Import" };
    Show {
        sections: access.customer_sections(HERE),
        id: import.id.to_string(),
        file_name: import.file_name.clone(),
        state: state(import),
        about: about(import, &counts),
        problem: import.error_message.clone(),
        progress: task.filter(|task| import.is_busy() && !task.is_over()).map(progress),
        stats: stats(import, &counts, &base),
        facts: facts(import, &counts, who, &words::moment(import.created_at, zone, now).text),
        run: (waits && to_do > 0 || import.can_go_on())
            .then(|| format!("{verb} {}", words::counted(to_do, "customer", "customers"))),
        run_about: run_about(&counts),
        may_change: waits,
        may_cancel: import.is_busy(),
        may_read_again: import.state == ImportState::Failed && import.file.is_some(),
        may_delete: !import.is_busy() && import.state != ImportState::Uploading,
        faulty: (waits && faulty > 0).then(|| format!("{base}/rows")),
        report: (!import.is_busy() && faulty > 0).then(|| format!("{base}/refused.csv")),
        undo: import.undo_until(now).map(|until| Undo {
            what: words::counted(counts.created - counts.undone - counts.kept, "customer", "customers"),
            until: words::moment(until, zone, now).text,
        }),
    }
}

fn about(import: &Import, counts: &Counts) -> String {
    match import.state {
        ImportState::Uploading => "The file did not arrive whole. Please choose it again.".into(),
        ImportState::Reading => "The rows are being read. Then you say what the columns are.".into(),
        ImportState::Checking => "Each row is being checked. Nothing is changed yet.".into(),
        ImportState::Checked if counts.would_create + counts.would_update == 0 => {
            "Nothing is there to be imported: look at the columns, or at the faulty rows.".into()
        }
        ImportState::Checked => "Checked, and nothing changed yet. This is what the import would do.".into(),
        ImportState::Running => "Customers are being imported. You may close this page.".into(),
        ImportState::Undoing => "Customers that this import made are being deleted.".into(),
        ImportState::Completed => "All rows are done.".into(),
        ImportState::Undone => {
            "What this import made was taken back, but for customers somebody has worked with since.".into()
        }
        ImportState::Cancelled => "Stopped. What was imported until then stays.".into(),
        ImportState::Failed => "This file could not be read.".into(),
        ImportState::Mapping => String::new(),
    }
}

fn run_about(counts: &Counts) -> String {
    let parts = [
        (counts.would_create, "is created", "are created"),
        (counts.would_update, "is updated", "are updated"),
        (counts.would_leave, "stays as it is", "stay as they are"),
    ];
    let told = parts.iter().filter(|(count, ..)| *count > 0);
    let told: Vec<String> = told.map(|(count, one, several)| words::counted(*count, one, several)).collect();
    let left = counts.faulty + counts.skipped;
    let left =
        if left == 0 { String::new() } else { format!(" {} left out.", words::counted(left, "row is", "rows are")) };
    format!("{}.{left}", told.join(", "))
}

fn progress(task: &Task) -> Progress {
    let percent = task.total.filter(|total| *total > 0).map(|total| (task.done * 100 / total).min(100));
    let text = match task.total {
        Some(total) => format!("{} of {}", words::number(task.done), words::counted(total, "row", "rows")),
        None => words::counted(task.done, "row", "rows"),
    };
    Progress { percent, text, is_stopping: task.cancel_requested_at.is_some() }
}

fn stats(import: &Import, counts: &Counts, base: &str) -> Vec<Stat> {
    let stat = |label: &str, count: i64, icon, tone| Stat {
        label: label.into(),
        value: words::number(count),
        icon,
        tone: if count > 0 { tone } else { Tone::Quiet },
        ..Stat::default()
    };
    let faulty = |count| Stat {
        href: (import.state == ImportState::Checked && count > 0).then(|| format!("{base}/rows")),
        ..stat("Faulty rows", count, "alert-circle", Tone::Bad)
    };
    match import.state {
        ImportState::Checking | ImportState::Checked => vec![
            stat("To be created", counts.would_create, "plus", Tone::Good),
            stat("To be updated", counts.would_update, "refresh", Tone::Quiet),
            stat("Unchanged", counts.would_leave, "check", Tone::Quiet),
            faulty(counts.faulty),
        ],
        ImportState::Running
        | ImportState::Completed
        | ImportState::Cancelled
        | ImportState::Undoing
        | ImportState::Undone => {
            let mut stats = vec![
                stat("Created", counts.created, "plus", Tone::Good),
                stat("Updated", counts.updated, "refresh", Tone::Quiet),
                stat("Unchanged", counts.unchanged, "check", Tone::Quiet),
                stat("Refused", counts.refused + counts.faulty, "alert-circle", Tone::Bad),
            ];
            if counts.undone + counts.kept > 0 {
                stats.push(stat("Taken back", counts.undone, "arrow-back-up", Tone::Quiet));
                stats.push(stat("Kept", counts.kept, "user-check", Tone::Quiet));
            }
            stats
        }
        _ => Vec::new(),
    }
}

fn facts(import: &Import, counts: &Counts, who: &str, at: &str) -> Vec<Fact> {
    let fact = |label, value: String| Fact { label, value };
    let mut facts = vec![
        fact("Size", words::size(u64::try_from(import.bytes).unwrap_or(0))),
        fact("Rows", words::number(counts.rows)),
        fact("Read as", read_as(&import.format())),
        fact("Brought by", who.to_owned()),
        fact("Brought", at.to_owned()),
    ];
    if counts.short > 0 {
        let what = words::counted(counts.short, "row is", "rows are");
        facts.push(fact("Short rows", format!("{what} shorter than the heading; what is missing counts as empty.")));
    }
    if counts.skipped > 0 {
        facts.push(fact("Left out by hand", words::counted(counts.skipped, "row", "rows")));
    }
    facts
}

/// "CSV, semicolon, Unicode (UTF-8)"
pub fn read_as(format: &Format) -> String {
    if format.kind == Kind::Xlsx {
        return format.sheet.as_ref().map_or("XLSX".into(), |sheet| format!("XLSX, sheet “{sheet}”"));
    }
    let delimiter = format.delimiter.and_then(|delimiter| DELIMITERS.iter().find(|(known, _)| *known == delimiter));
    let encoding = ENCODINGS.iter().find(|(label, _)| *label == format.encoding).map_or("", |(_, label)| label);
    let encoding = if encoding.is_empty() { format.encoding.as_str() } else { encoding };
    match delimiter {
        Some((_, label)) => format!("CSV, {}, {encoding}", label.to_lowercase()),
        None => format!("CSV, {encoding}"),
    }
}

pub fn name(people: &[(UserId, String)], user: UserId) -> String {
    people.iter().find(|(id, _)| *id == user).map(|(_, name)| name.clone()).unwrap_or_default()
}
