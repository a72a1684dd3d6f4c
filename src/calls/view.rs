//! Calls in words.

mod fields;

pub use fields::{Asked, form, rule};

use super::form::{Look, clock};
use super::logging::Writer;
use super::model::{Call, CallDirection, CallStatus};
use super::parties::{Named, Parties};
use super::screens::{Index, Row, Show, Steps, Tab};
use crate::conversations::model::ConversationId;
use crate::kit::access::{Access, ExportCalls, Permission, WorkCalls};
use crate::kit::html::{Avatar, Fact, Pill, Tone, status_of_form};
use crate::kit::words;
use crate::users::directory::Person;
use chrono::Utc;

pub const HERE: &str = "/calls";

/// What the list shows.
#[derive(Debug, Default)]
pub struct Found {
    pub calls: Vec<Call>,
    pub parties: Parties,
    pub has_more: bool,
    pub to_return: usize,
    pub people: Vec<Person>,
}

pub fn index<P: Permission>(access: &Access<P>, look: &Look, found: &Found) -> Index {
    let last = found.calls.last().map(|call| super::listing::place(call).to_string()).filter(|_| found.has_more);
    let after = [("after", look.after.as_str())];
    Index {
        may_write: access.may::<WorkCalls>(),
        tabs: tabs(look, found.to_return),
        filter: fields::filter(access, look, found),
        rows: found.calls.iter().map(|call| row(access, call, &found.parties)).collect(),
        shows_missed: look.view == "missed",
        export_href: access.may::<ExportCalls>().then(|| look.href("/calls/export.csv", &[])),
        newest_href: (!look.after.is_empty()).then(|| look.href(HERE, &[])),
        older_href: last.map(|last| look.href(HERE, &[("after", &last)])),
        refresh_href: look.href(HERE, &after),
        status: status_of_form(!look.errors.is_empty()),
    }
}

fn tabs(look: &Look, to_return: usize) -> Vec<Tab> {
    let tab = |view: &str, label, count| Tab {
        label,
        href: Look { view: view.into(), after: String::new(), ..look.clone() }.href(HERE, &[]),
        count,
        is_current: look.view == view,
    };
    let count = words::badge(i32::try_from(to_return).unwrap_or(i32::MAX));
    vec![tab("", "All", None), tab("missed", "To return", count), tab("mine", "Mine", None)]
}

fn name_of<P: Permission>(access: &Access<P>, named: &Named) -> String {
    match (named.name(), &named.phone) {
        (Some(name), _) => access.words(&name),
        (None, Some(phone)) => access.phone(phone),
        (None, None) => "Hidden number".into(),
    }
}

/// With whom, or between whom.
pub fn who<P: Permission>(access: &Access<P>, call: &Call, parties: &Parties) -> String {
    let gone = "Somebody who left";
    if call.direction == CallDirection::Internal {
        let name = |id| parties.user(id).unwrap_or(gone);
        return format!("{} → {}", name(call.caller_id), name(call.receiver_id));
    }
    match parties.customer(call.customer_id) {
        Some(named) => name_of(access, named),
        None if call.is_group => "A group".into(),
        None => "Unknown caller".into(),
    }
}

/// "Incoming video call".
pub fn kind(call: &Call) -> &'static str {
    match (call.direction, call.is_video, call.is_group) {
        (CallDirection::Inbound, false, false) => "Incoming call",
        (CallDirection::Inbound, true, false) => "Incoming video call",
        (CallDirection::Inbound, false, true) => "Incoming group call",
        (CallDirection::Inbound, true, true) => "Incoming group video call",
        (CallDirection::Outbound, false, _) => "Outgoing call",
        (CallDirection::Outbound, true, _) => "Outgoing video call",
        (CallDirection::Internal, false, _) => "Call between colleagues",
        (CallDirection::Internal, true, _) => "Video call between colleagues",
    }
}

/// How it is or was: "Ringing", "Missed", "4:05".
pub fn state(call: &Call) -> Pill {
    match (call.status, call.direction) {
        (CallStatus::Ongoing, _) if call.answered_at.is_some() => Pill::new(Tone::Good, "Going on"),
        (CallStatus::Ongoing, _) => Pill::new(Tone::Accent, "Ringing"),
        (CallStatus::Completed, _) => Pill::new(Tone::Good, call.duration_seconds.map_or("Taken".into(), clock)),
        (CallStatus::Failed, CallDirection::Inbound) if call.declined_at.is_some() => {
            Pill::new(Tone::Warn, "Declined by the desk")
        }
        (CallStatus::Failed, CallDirection::Inbound) if call.rejected_at.is_some() => Pill::new(Tone::Bad, "Declined"),
        (CallStatus::Failed, CallDirection::Inbound) => Pill::new(Tone::Bad, "Missed"),
        (CallStatus::Failed, _) => Pill::new(Tone::Quiet, "No answer"),
    }
}

pub fn icon(call: &Call) -> &'static str {
    match (call.status, call.direction, call.is_video) {
        (CallStatus::Failed, CallDirection::Inbound, _) => "phone-x",
        (_, _, true) => "video",
        (_, CallDirection::Inbound, _) => "phone-incoming",
        (_, CallDirection::Outbound, _) => "phone-outgoing",
        (_, CallDirection::Internal, _) => "phone",
    }
}

/// Who returns it or has done so.
fn callback(call: &Call, parties: &Parties) -> Option<Pill> {
    let name = parties.user(call.callback_by).unwrap_or("Somebody");
    match (call.is_missed(), call.callback_done_at, call.callback_by) {
        (true, Some(_), _) => Some(Pill::new(Tone::Good, format!("Returned by {name}"))),
        (true, None, Some(_)) => Some(Pill::new(Tone::Busy, format!("{name} calls back"))),
        _ => None,
    }
}

fn row<P: Permission>(access: &Access<P>, call: &Call, parties: &Parties) -> Row {
    let user = if call.direction == CallDirection::Internal {
        None
    } else {
        parties.user(call.caller_id.or(call.receiver_id))
    };
    let parts = [Some(kind(call)), parties.number(call.session_id), user];
    let is_free = call.is_to_return() && call.callback_by.is_none();
    Row {
        href: format!("{HERE}/{}", call.id),
        icon: icon(call),
        tone: if call.is_to_return() { "tone-bad" } else { "tone-quiet" },
        who: who(access, call, parties),
        detail: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        state: state(call),
        callback: callback(call, parties),
        when: words::when(call.started_at, access.who().time_zone, Utc::now()),
        take: (is_free && access.may::<WorkCalls>()).then(|| format!("{HERE}/{}/callback", call.id)),
    }
}

pub fn show<P: Permission>(
    access: &Access<P>,
    writer: Writer,
    call: &Call,
    parties: &Parties,
    thread: Option<ConversationId>,
) -> Show {
    let may_change = access.may::<WorkCalls>() && writer.may_change(call);
    let who = who(access, call, parties);
    let href = format!("{HERE}/{}", call.id);
    Show {
        id: call.id.to_string(),
        avatar: if call.is_group { Avatar::group(&who) } else { Avatar::of(&who) },
        kind: kind(call),
        state: state(call),
        callback: callback(call, parties),
        began: words::moment(call.started_at, access.who().time_zone, Utc::now()),
        facts: facts(access, call, parties),
        note: call.note.as_deref().map(|note| access.words(note)),
        customer_href: parties.customer(call.customer_id).map(|named| format!("/customers/{}", named.id)),
        thread_href: thread.map(|thread| format!("/inbox/{thread}")),
        edit_href: may_change.then(|| format!("{href}/edit")),
        steps: steps(access, writer, call),
        who,
        href,
    }
}

fn steps<P: Permission>(access: &Access<P>, writer: Writer, call: &Call) -> Steps {
    if !call.is_to_return() || !access.may::<WorkCalls>() {
        return Steps::default();
    }
    let is_own = call.callback_by == Some(writer.scope.reader);
    let log = |id| format!("{HERE}/new?customer={id}&returns={}", call.id);
    Steps {
        may_take: call.callback_by.is_none(),
        may_release: call.callback_by.is_some() && (is_own || writer.may_all),
        may_finish: true,
        log_href: call.customer_id.map(log),
    }
}

fn facts<P: Permission>(access: &Access<P>, call: &Call, parties: &Parties) -> Vec<Fact> {
    let zone = access.who().time_zone;
    let fact = |label, value: Option<String>| value.map(|value| Fact { label, value });
    let user = |id| parties.user(id).map(str::to_owned);
    let phone = parties.customer(call.customer_id).and_then(|named| named.phone.as_deref());
    let source = match &call.waha_call_id {
        Some(_) => "WhatsApp".to_owned(),
        None => user(call.created_by).map_or("Written down".into(), |name| format!("Written down by {name}")),
    };
    let at = |moment: chrono::DateTime<Utc>| words::moment(moment, zone, Utc::now()).text;
    let facts = [
        fact("Began", Some(words::moment(call.started_at, zone, Utc::now()).exact)),
        fact("Taken", call.answered_at.filter(|_| call.waha_call_id.is_some()).map(at)),
        fact("Over", call.ended_at.map(at)),
        fact("Length", call.duration_seconds.map(clock)),
        fact("Phone", phone.map(|phone| access.phone(phone))),
        fact("Number", parties.number(call.session_id).map(str::to_owned)),
        fact("Called by", user(call.caller_id)),
        fact("Taken by", user(call.receiver_id)),
        fact("Known from", Some(source)),
    ];
    facts.into_iter().flatten().collect()
}
