//! Erasures in words.

use super::form::ErasureForm;
use super::model::{Erasure, Stage};
use super::preview::Preview;
use super::screens::{CountLine, Index, New, Row, Show};
use crate::gdpr::customers::model::Known;
use crate::gdpr::view;
use crate::kit::access::{Access, Permission};
use crate::kit::html::{Pill, Tone, status_of_form};
use crate::kit::words;
use crate::users::model::UserId;
use chrono::Utc;
use serde_json::{Value, json};

/// Its place among the pages of the desk.
pub const HERE: &str = "/gdpr/erasures";

/// What has to be typed to erase them: their name, or this word where they have none.
pub fn name_to_type(known: &Known) -> String {
    known.customer.name().unwrap_or_else(|| "erase".into())
}

pub fn new<P: Permission>(
    access: &Access<P>,
    known: &Known,
    preview: &Preview,
    form: ErasureForm,
    problem: Option<String>,
) -> New {
    let is_rejected = problem.is_some() || !form.errors.is_empty();
    let counts = [
        ("Records", preview.records, "The customer, and records that were merged into them"),
        ("Addresses", preview.addresses, "Phone, email, WhatsApp"),
        ("Conversations", preview.conversations, ""),
        ("Messages", preview.messages, "In these conversations, notes among them"),
        ("Messages in groups", preview.group_messages, "What they wrote in groups"),
        ("Files", preview.files, "Photos, voice messages, documents"),
        ("Drafts", preview.drafts, "Answers that nobody has sent"),
        ("Labels", preview.labels, ""),
        ("Consents", preview.consents, "That something was said stays, without its words"),
    ];
    let line = |(label, count, about): (&str, i64, &'static str)| CountLine {
        label: label.to_owned(),
        count: words::number(count),
        about,
    };
    New {
        head: view::head(access, known, ""),
        lines: counts.into_iter().map(line).collect(),
        group_messages: preview.group_messages,
        made_files: preview.made_files,
        is_held: preview.is_held,
        name_to_type: name_to_type(known),
        messages: form.messages,
        name: form.name,
        case: form.case,
        errors: form.errors,
        problem,
        status: status_of_form(is_rejected),
    }
}

pub fn show<P: Permission>(access: &Access<P>, erasure: &Erasure, users: &[(UserId, String)]) -> Show {
    let zone = access.who().time_zone;
    Show {
        sections: access.privacy_sections(HERE),
        id: erasure.id.to_string(),
        organisation: access.who().tenant_name.clone(),
        is_done: erasure.completed_at.is_some(),
        stage: stage(erasure.stage),
        task_href: erasure.task_id.map(|task| format!("/tasks/{task}")),
        case_href: erasure.case_id.map(|case| format!("/gdpr/requests/{case}")),
        customer_id: erasure.customer_id.to_string(),
        keeps_messages: erasure.keeps_messages,
        by: view::user(users, erasure.requested_by),
        asked: words::moment(erasure.created_at, zone, Utc::now()),
        done: erasure.completed_at.map(|at| words::moment(at, zone, Utc::now())),
        lines: lines(&erasure.counts),
    }
}

/// The certificate for programs: nothing about the person stands in it.
pub fn certificate(erasure: &Erasure) -> Value {
    json!({
        "erasure": erasure.id, "customer": erasure.customer_id, "request": erasure.case_id,
        "messages": if erasure.keeps_messages { "kept without the person" } else { "deleted" },
        "asked_for_at": erasure.created_at, "completed_at": erasure.completed_at, "counts": erasure.counts,
    })
}

pub fn index<P: Permission>(
    access: &Access<P>,
    after: &str,
    erasures: &[Erasure],
    has_more: bool,
    users: &[(UserId, String)],
) -> Index {
    let last = erasures.last().filter(|_| has_more).map(|erasure| erasure.id.to_string());
    let row = |erasure: &Erasure| Row {
        href: format!("{HERE}/{}", erasure.id),
        customer_id: erasure.customer_id.to_string(),
        state: match erasure.completed_at {
            Some(_) => Pill::new(Tone::Good, "Done"),
            None => Pill::new(Tone::Busy, stage(erasure.stage)),
        },
        messages: if erasure.keeps_messages { "Kept without the person" } else { "Deleted" },
        asked: words::when(erasure.created_at, access.who().time_zone, Utc::now()),
        by: view::user(users, erasure.requested_by),
    };
    Index {
        sections: access.privacy_sections(HERE),
        rows: erasures.iter().map(row).collect(),
        pages: view::pages(HERE, "", after, last),
    }
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Messages => "Messages and their files",
        Stage::Events => "What the gateway told",
        Stage::Log => "The audit log",
        Stage::Imports => "Rows of imported files",
        Stage::Files => "Files made of customers",
        Stage::Person => "The record itself",
        Stage::Done => "Done",
    }
}

/// What went, by table, where anything did.
fn lines(counts: &Value) -> Vec<CountLine> {
    let known: &[(&str, &str, &str)] = &[
        ("customers", "Records", "Every field but their id"),
        ("customer_identities", "Addresses", ""),
        ("messages", "Messages", ""),
        ("files", "Files", "Media of messages, and files made of customers"),
        ("conversations", "Conversations", ""),
        ("calls", "Calls", ""),
        ("drafts", "Drafts", ""),
        ("message_reactions", "Reactions", ""),
        ("message_signals", "Edits and deletions that waited", ""),
        ("webhook_events", "Events of the gateway", "Emptied; their ids stay"),
        ("audit_entries", "Audit entries", "Values taken out; who did what and when stays"),
        ("customer_labels", "Labels", ""),
        ("conversation_labels", "Labels of conversations", ""),
        ("consents", "Consents", "Words taken out; that something was said stays"),
        ("customer_state_changes", "Reasons of state changes", ""),
        ("privacy_cases", "Requests", "Words taken out"),
        ("privacy_case_events", "Notes on requests", ""),
        ("legal_holds", "Legal holds", "Reasons taken out"),
        ("background_tasks", "Background work", "Words taken out"),
        ("import_rows", "Rows of imported files", ""),
        ("customer_merges", "Merges", "They cannot be taken apart any more"),
        ("duplicate_pairs", "Pairs of possible duplicates", ""),
        ("bulk_change_rows", "Changes of many", "What was before can be restored no more"),
        ("saved_filters", "Saved filters", "That named them"),
        ("jobs", "Waiting jobs", ""),
    ];
    let counted = counts.as_object().into_iter().flatten().filter(|(_, count)| count.as_i64() != Some(0));
    let mut lines: Vec<(usize, CountLine)> = counted
        .map(|(table, count)| {
            let place = known.iter().position(|(name, ..)| name == table).unwrap_or(known.len());
            let (label, about) = known
                .get(place)
                .map_or_else(|| (table.replace('_', " "), ""), |(_, label, about)| ((*label).to_owned(), *about));
            (place, CountLine { label, count: words::number(count.as_i64().unwrap_or(0)), about })
        })
        .collect();
    lines.sort_by_key(|(place, _)| *place);
    lines.into_iter().map(|(_, line)| line).collect()
}
