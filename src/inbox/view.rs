//! Queues and list as the inbox shows them: rows become words.

pub mod calls;

use super::form::Look;
use super::model::Found;
use super::screens::{ConversationList, ConversationRow, Inbox, Lead, Queue as QueueLink, Sender, Tick, Waiting};
use super::thread_view;
use crate::conversations::listing::{Counts, Queue, Row};
use crate::conversations::model::{ConversationId, Direction, MessageStatus, NOTE, Status};
use crate::kit::access::{Access, EditNumbers, Permission};
use crate::kit::html::{Avatar, Tone};
use crate::kit::words;
use crate::numbers::model::Number;
use crate::numbers::view as numbers;
use actix_web::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use url::form_urlencoded::Serializer;

/// An answer takes longer than this: the row says so, then more loudly.
const SLOW: TimeDelta = TimeDelta::minutes(15);
const TOO_SLOW: TimeDelta = TimeDelta::hours(1);

/// `open` is the conversation that stands beside the list, also where only the list was asked for.
pub fn inbox<P: Permission>(access: &Access<P>, look: &Look, open: Option<ConversationId>, found: Found) -> Inbox {
    Inbox {
        queues: queues(look.queue(), found.counts),
        list: list(access, look, &found, open),
        has_numbers: !found.numbers.is_empty(),
        may_pair: access.may::<EditNumbers>(),
        status: StatusCode::OK,
        thread: found.thread.map(|opened| thread_view::thread(access, look, opened, &found.numbers)),
    }
}

fn queues(current: Queue, counts: Counts) -> Vec<QueueLink> {
    let link = |queue: Queue| {
        let (label, icon, count) = about(queue, counts);
        let href = match queue {
            Queue::Open => "/inbox".to_owned(),
            queue => format!("/inbox?queue={}", queue.word()),
        };
        let count = count.and_then(words::badge);
        QueueLink { label: label.into(), icon, href, count, is_current: queue == current }
    };
    Queue::ALL.into_iter().map(link).collect()
}

fn about(queue: Queue, counts: Counts) -> (&'static str, &'static str, Option<i32>) {
    match queue {
        Queue::Open => ("Open", "inbox", Some(counts.open)),
        Queue::Mine => ("Mine", "user", Some(counts.mine)),
        Queue::Unassigned => ("Unassigned", "user-question", Some(counts.unassigned)),
        Queue::Mentions => ("Mentions", "at", Some(counts.mentions)),
        Queue::Resolved => ("Resolved", "circle-check", None),
        Queue::All => ("All", "messages", None),
    }
}

/// The address of a page of the inbox that keeps queue and search.
pub fn href(conversation: Option<ConversationId>, look: &Look, more: &[(&str, String)]) -> String {
    let path = conversation.map_or("/inbox".to_owned(), |id| format!("/inbox/{id}"));
    let mut query = Serializer::new(String::new());
    if look.queue() != Queue::default() {
        query.append_pair("queue", look.queue().word());
    }
    if !look.search().is_empty() {
        query.append_pair("q", &look.search());
    }
    for (name, value) in more {
        query.append_pair(name, value);
    }
    match query.finish() {
        query if query.is_empty() => path,
        query => format!("{path}?{query}"),
    }
}

fn list<P: Permission>(
    access: &Access<P>,
    look: &Look,
    found: &Found,
    open: Option<ConversationId>,
) -> ConversationList {
    let now = Utc::now();
    let last = found.rows.last().filter(|_| found.has_more).and_then(Row::cursor);
    ConversationList {
        title: about(look.queue(), Counts::default()).0.into(),
        search: look.search(),
        queue: look.queue().word().into(),
        rows: found.rows.iter().map(|listed| row(access, look, listed, &found.numbers, open, now)).collect(),
        search_action: href(open, &Look::default(), &[]),
        more_href: last.map(|cursor| href(None, look, &[("after", cursor.to_string())])),
    }
}

fn row<P: Permission>(
    access: &Access<P>,
    look: &Look,
    row: &Row,
    all: &[Number],
    open: Option<ConversationId>,
    now: DateTime<Utc>,
) -> ConversationRow {
    let name = thread_view::title(access, &row.title);
    let draft = draft(row).filter(|_| open != Some(row.id));
    let last = row.last_message_preview.as_deref().unwrap_or_default();
    let lead = lead(row, draft.is_some());
    let last = if matches!(lead, Lead::Note) { last.trim_start_matches(NOTE) } else { last };
    let number = row.number_id.and_then(|id| all.iter().find(|number| number.id == id));
    ConversationRow {
        id: row.id.to_string(),
        href: href(Some(row.id), look, &[]),
        avatar: if row.is_group { Avatar::group(&name) } else { Avatar::of(&name) },
        name,
        lead,
        preview: one_line(&access.words(draft.unwrap_or(last))),
        when: row.last_message_at.map(|at| words::when(at, access.who().time_zone, now)).unwrap_or_default(),
        is_named: row.is_named && open != Some(row.id),
        unread: words::badge(row.unread()).filter(|_| open != Some(row.id)),
        number: number
            .filter(|_| all.len() > 1)
            .map(|number| Sender { name: number.name.clone(), colour: numbers::colour(number) }),
        waiting: row.waiting_since.filter(|_| row.status == Status::Open).and_then(|since| waiting(now - since)),
        is_current: open == Some(row.id),
        is_resolved: row.status == Status::Resolved,
    }
}

/// What the reader is writing there: the answer before the note.
fn draft(row: &Row) -> Option<&str> {
    let drafts = [row.draft.as_deref(), row.note_draft.as_deref()];
    drafts.into_iter().flatten().find(|text| !text.is_empty())
}

fn lead(row: &Row, is_draft: bool) -> Lead {
    match (is_draft, row.last_message_direction, row.last_message_status) {
        (true, ..) => Lead::Draft,
        (false, Some(Direction::Outbound), Some(status)) => Lead::Sent(tick(status)),
        (false, Some(Direction::Outbound), None) => Lead::Note,
        _ => Lead::Nothing,
    }
}

pub fn tick(status: MessageStatus) -> Tick {
    match status {
        MessageStatus::Queued => Tick::Queued,
        MessageStatus::Sending => Tick::Sending,
        MessageStatus::Sent => Tick::Sent,
        MessageStatus::Delivered => Tick::Delivered,
        MessageStatus::Read => Tick::Read,
        MessageStatus::Failed => Tick::Failed,
        MessageStatus::Unknown => Tick::Unknown,
    }
}

/// How long a customer waits, in its largest unit; the first minute needs no mark.
pub fn waiting(since: TimeDelta) -> Option<Waiting> {
    let tone = match since {
        since if since < TimeDelta::minutes(1) => return None,
        since if since < SLOW => Tone::Quiet,
        since if since < TOO_SLOW => Tone::Warn,
        _ => Tone::Bad,
    };
    Some(Waiting { text: words::short_span(since), exact: words::span(since), tone })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
