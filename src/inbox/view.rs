//! Queues and list as the inbox shows them: rows become words.

pub mod about;
pub mod calls;
pub mod lines;

use lines::priority;

use super::form::Look;
use super::many::view::offers;
use super::model::Found;
use super::pills::view::urgency;
use super::screens::{
    ConversationList, ConversationRow, FilterFields, Inbox, Lead, Queue as QueueLink, Sender, Tick, Waiting,
};
use super::thread_view;
use crate::conversations::filter::{Queue, Sort};
use crate::conversations::listing::{Counts, Row};
use crate::conversations::model::{ConversationId, Direction, MessageStatus, NOTE, Priority, Status};
use crate::kit::access::{Access, EditNumbers, Permission, WorkConversations};
use crate::kit::html::{Avatar, Choice, Pill, Tone};
use crate::kit::words;
use crate::labels::screens::Tag;
use crate::labels::view::tag;
use crate::numbers::view as numbers;
use crate::teams::model::TeamId;
use actix_web::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use url::form_urlencoded::Serializer;

/// Labels of a row; the others are counted.
const TAGS: usize = 3;

/// An answer takes longer than this: the row says so, then more loudly.
const SLOW: TimeDelta = TimeDelta::minutes(15);
const TOO_SLOW: TimeDelta = TimeDelta::hours(1);

/// `open` is the conversation that stands beside the list, also where only the list was asked for.
pub fn inbox<P: Permission>(access: &Access<P>, look: &Look, open: Option<ConversationId>, found: Found) -> Inbox {
    Inbox {
        queues: queues(look, &found),
        list: list(access, look, &found, open),
        offers: offers(access, &found),
        may_pick: access.may::<WorkConversations>(),
        has_numbers: !found.numbers.is_empty(),
        may_pair: access.may::<EditNumbers>(),
        status: StatusCode::OK,
        thread: found.thread.map(|opened| thread_view::thread(access, look, opened, &found.numbers)),
    }
}

fn queues(look: &Look, found: &Found) -> Vec<QueueLink> {
    let link = |queue: Queue| {
        let (label, icon, count) = about(queue, found.counts);
        let href = match queue {
            Queue::Open => "/inbox".to_owned(),
            queue => format!("/inbox?queue={}", queue.word()),
        };
        let count = count.and_then(words::badge);
        let is_current = queue == look.queue() && look.team.is_empty();
        QueueLink { label: label.into(), icon, href, count, is_current }
    };
    let of_team = |(id, count): &(TeamId, i32)| {
        let team = found.teams.iter().find(|team| team.id == *id);
        QueueLink {
            label: team.map(|team| team.name.clone()).unwrap_or_default(),
            icon: "users-group",
            href: format!("/inbox?team={id}"),
            count: words::badge(*count),
            is_current: look.queue() == Queue::Open && look.team == id.to_string(),
        }
    };
    Queue::ALL.into_iter().map(link).chain(found.team_counts.iter().map(of_team)).collect()
}

fn about(queue: Queue, counts: Counts) -> (&'static str, &'static str, Option<i32>) {
    match queue {
        Queue::Open => ("Open", "inbox", Some(counts.open)),
        Queue::Mine => ("Mine", "user", Some(counts.mine)),
        Queue::Unassigned => ("Unassigned", "user-question", Some(counts.unassigned)),
        Queue::Mentions => ("Mentions", "at", Some(counts.mentions)),
        Queue::Snoozed => ("Snoozed", "zzz", Some(counts.snoozed)),
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
    for (name, value) in look.fields() {
        query.append_pair(name, value);
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
    let last = found.rows.last().filter(|_| found.has_more).map(|row| row.place(look.sort()));
    let team = found.teams.iter().find(|team| look.team == team.id.to_string());
    ConversationList {
        title: team.map_or_else(|| about(look.queue(), Counts::default()).0.into(), |team| team.name.clone()),
        filter: filter(access, look, found),
        search: look.search(),
        queue: look.queue().word().into(),
        rows: found.rows.iter().map(|listed| row(access, look, listed, found, open, now)).collect(),
        search_action: href(open, &Look::default(), &[]),
        more_href: last.map(|place| href(None, look, &[("after", place.to_string())])),
    }
}

/// What can be chosen. Of people those whom the rows name: with hundreds a list of all would help nobody.
fn filter<P: Permission>(access: &Access<P>, look: &Look, found: &Found) -> FilterFields {
    let with = |first: &[(&str, &str)], more: Vec<(String, String)>, chosen: &str| {
        let first = first.iter().map(|(value, label)| Choice::of(value, *label, chosen));
        first.chain(more.into_iter().map(|(value, label)| Choice::of(&value, label, chosen))).collect::<Vec<_>>()
    };
    let me = access.who().user;
    let people = found.people.iter().filter(|(id, _)| id.get() != me);
    let people = people.map(|(id, name)| (id.to_string(), name.clone())).collect();
    let teams = found.teams.iter().map(|team| (team.id.to_string(), team.name.clone())).collect();
    let numbers = found.numbers.iter().map(|number| (number.id.to_string(), number.name.clone())).collect();
    let labels = found.labels.iter().map(|label| (label.id.to_string(), label.name.clone())).collect();
    let priorities = Priority::ALL.iter().rev().map(|one| (one.word().into(), priority(*one).into())).collect();
    let waits = [
        ("", "Any time"),
        ("15", "Over 15 minutes"),
        ("60", "Over an hour"),
        ("240", "Over 4 hours"),
        ("1440", "Over a day"),
    ];
    let sorts =
        [("", "Newest first"), (Sort::Waiting.word(), "Waiting longest"), (Sort::Priority.word(), "Most urgent")];
    FilterFields {
        selects: vec![
            ("sort", "Order", with(&sorts, Vec::new(), &look.sort)),
            ("owner", "Owner", with(&[("", "Anybody"), ("me", "Me"), ("nobody", "Nobody")], people, &look.owner)),
            ("team", "Team", with(&[("", "Any team")], teams, &look.team)),
            ("number", "Number", with(&[("", "Any number")], numbers, &look.number)),
            ("label", "Label", with(&[("", "Any label")], labels, &look.label)),
            ("priority", "Priority", with(&[("", "Any priority")], priorities, &look.priority)),
            ("waiting", "Waiting", with(&waits, Vec::new(), &look.waiting)),
        ],
        is_unread: !look.unread.is_empty(),
        clear_href: href(None, &Look { queue: look.queue.clone(), ..Look::default() }, &[]),
    }
}

fn row<P: Permission>(
    access: &Access<P>,
    look: &Look,
    row: &Row,
    found: &Found,
    open: Option<ConversationId>,
    now: DateTime<Utc>,
) -> ConversationRow {
    let name = thread_view::title(access, &row.title);
    let (all, zone) = (&found.numbers, access.who().time_zone);
    let tags: Vec<Tag> = found.tags.iter().filter(|(on, _)| *on == row.id).map(|(_, label)| tag(label)).collect();
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
        when: row.last_message_at.map(|at| words::when(at, zone, now)).unwrap_or_default(),
        is_named: row.is_named && open != Some(row.id),
        unread: words::badge(row.unread()).filter(|_| open != Some(row.id)),
        number: number
            .filter(|_| all.len() > 1)
            .map(|number| Sender { name: number.name.clone(), colour: numbers::colour(number) }),
        waiting: row.waiting_since.filter(|_| row.status == Status::Open).and_then(|since| waiting(now - since)),
        is_current: open == Some(row.id),
        is_resolved: row.status == Status::Resolved,
        priority: (row.priority != Priority::None).then(|| Pill::new(urgency(row.priority), priority(row.priority))),
        owner: row.owner.and_then(|id| lines::name(&found.people, id)).map(|name| (name.to_owned(), Avatar::of(name))),
        team: row.team.and_then(|id| lines::name(&found.team_names, id)).map(str::to_owned),
        more_tags: tags.len().saturating_sub(TAGS),
        tags: tags.into_iter().take(TAGS).collect(),
        snoozed: (row.status == Status::Snoozed).then(|| match row.snoozed_until {
            Some(until) => words::moment(until, zone, now).text,
            None => "reply".into(),
        }),
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
