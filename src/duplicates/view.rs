//! Records beside one another, as pages show them: rows become words, and what may not be known is masked.

use super::beside::{Both, Side};
use super::candidates::Candidate;
use super::form::{Just, Look, MergeForm};
use super::model::{Belongings, Merge};
use super::pairs::{Duplicate, PairState};
use super::reasons::Reason;
use super::scan::Scan;
use super::screens::{self, Index, Joined, Merges, Note, OfCustomer, PairRow, Person, Row, ScanState};
use crate::customer_desk::view as desk;
use crate::customers::attributes;
use crate::customers::changes::Record;
use crate::customers::model::CustomerId;
use crate::kit::access::{Access, EditCustomers, MergeCustomers, Permission, ViewAddresses};
use crate::kit::html::{Avatar, Choice, Pill, Tone, status_of_form};
use crate::kit::words;
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use url::form_urlencoded::Serializer;

pub const HERE: &str = "/customers/duplicates";
/// Where a customer's own pages belong.
const CUSTOMERS: &str = "/customers";

/// What the page of pairs is made of.
pub struct Looked {
    pub pairs: Vec<Duplicate>,
    pub has_more: bool,
    pub people: Vec<Record>,
    pub names: Vec<(UserId, String)>,
    pub scan: Option<Scan>,
}

pub fn index<P: Permission>(access: &Access<P>, look: &Look, found: &Looked) -> Index {
    let rows = found.pairs.iter().filter_map(|pair| {
        let (left, right) = (one(&found.people, pair.left_id)?, one(&found.people, pair.right_id)?);
        let decided = pair.decided_at.filter(|_| pair.state == PairState::Dismissed);
        let decided = decided.map(|at| (name(&found.names, pair.decided_by), when(access, at)));
        Some(PairRow { decided, ..row(access, left, right, pair.score, &pair.reasons()) })
    });
    let reasons = Reason::ALL.map(|reason| Choice::of(reason.word(), reason.label(), &look.reason));
    let last = found.pairs.last().filter(|_| found.has_more);
    Index {
        sections: access.customer_sections(HERE),
        rows: rows.collect(),
        reasons: [vec![Choice::of("", "Any reason", &look.reason)], reasons.into()].concat(),
        is_dismissed: look.state() == PairState::Dismissed,
        is_filtered: Reason::of_word(&look.reason).is_some(),
        next: last.map(|pair| href(look, Some(pair.cursor().to_string()))),
        here: href(look, Some(look.after.clone()).filter(|after| !after.is_empty())),
        scan: scan(access, found.scan.as_ref()),
        may_merge: access.may::<MergeCustomers>(),
    }
}

fn href(look: &Look, after: Option<String>) -> String {
    let mut query = Serializer::new(String::new());
    let state = if look.state() == PairState::Dismissed { "dismissed" } else { "" };
    let values = [("state", state), ("reason", look.reason.as_str()), ("after", after.as_deref().unwrap_or_default())];
    for (name, value) in values.into_iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    match query.finish() {
        query if query.is_empty() => HERE.to_owned(),
        query => format!("{HERE}?{query}"),
    }
}

fn scan<P: Permission>(access: &Access<P>, scan: Option<&Scan>) -> ScanState {
    let Some(scan) = scan else { return ScanState::default() };
    ScanState {
        when: Some(when(access, scan.ended_at.unwrap_or(scan.created_at))),
        is_running: scan.ended_at.is_none(),
        percent: scan.percent(),
        found: words::counted(scan.found, "pair", "pairs"),
    }
}

fn when<P: Permission>(access: &Access<P>, at: DateTime<Utc>) -> crate::kit::html::When {
    words::when(at, access.who().time_zone, Utc::now())
}

fn name(names: &[(UserId, String)], user: Option<UserId>) -> String {
    let known = names.iter().find(|(id, _)| Some(*id) == user);
    known.map_or_else(|| "The desk".to_owned(), |(_, name)| name.clone())
}

fn one(people: &[Record], id: CustomerId) -> Option<&Record> {
    people.iter().find(|record| record.id == id)
}

fn row<P: Permission>(access: &Access<P>, left: &Record, right: &Record, score: i16, reasons: &[Reason]) -> PairRow {
    let both = format!("/customers/{}/duplicates/{}", left.id, right.id);
    PairRow {
        left: person(access, left),
        right: person(access, right),
        score: pill(score),
        reasons: reasons.iter().map(|reason| reason.label()).collect(),
        href: format!("/customers/{}/merge/{}", left.id, right.id),
        dismissal: format!("{both}/dismissal"),
        restoration: format!("{both}/restoration"),
        decided: None,
    }
}

fn pill(score: i16) -> Pill {
    if score == 0 {
        return Pill { tone: Tone::Quiet, label: "Never found alike".into() };
    }
    let tone = match score {
        90.. => Tone::Good,
        70..90 => Tone::Busy,
        _ => Tone::Quiet,
    };
    Pill { tone, label: format!("{score} %") }
}

fn person<P: Permission>(access: &Access<P>, record: &Record) -> Person {
    let name = desk::name(access, record);
    let phone = record.phone.as_deref().map(|digits| access.phone(digits));
    let email = record.email.as_deref().map(|email| access.email(email));
    Person {
        href: format!("/customers/{}", record.id),
        avatar: Avatar::of(if name.starts_with('+') { "" } else { &name }),
        details: [phone, email, record.company.clone()].into_iter().flatten().collect(),
        kind: desk::kind(record.customer_type).label,
        name,
    }
}

pub fn of_customer<P: Permission>(
    access: &Access<P>,
    customer: &Record,
    candidates: &[Candidate],
    people: &[Record],
) -> OfCustomer {
    let rows = candidates.iter().filter_map(|candidate| {
        let other = one(people, candidate.id)?;
        Some(row(access, customer, other, candidate.score, &candidate.reasons))
    });
    OfCustomer {
        sections: access.customer_sections(CUSTOMERS),
        name: desk::name(access, customer),
        href: format!("/customers/{}", customer.id),
        rows: rows.collect(),
        may_merge: access.may::<MergeCustomers>(),
    }
}

pub fn merge<P: Permission>(access: &Access<P>, both: &Both, form: &MergeForm) -> screens::Merge {
    let (left, right) = (&both.left, &both.right);
    let problem = ["", "keep", "note"].into_iter().find_map(|field| form.errors.of(field));
    screens::Merge {
        sections: access.customer_sections(HERE),
        action: format!("/customers/{}/merge/{}", left.record.id, right.record.id),
        back: format!("/customers/{}", left.record.id),
        left: person(access, &left.record),
        right: person(access, &right.record),
        left_has: has(left.has),
        right_has: has(right.has),
        keeps_left: form.keeps_left(),
        rows: fields(access, both, form),
        note: Note {
            left: left.note.clone().unwrap_or_default(),
            right: right.note.clone().unwrap_or_default(),
            choice: if ["left", "right"].contains(&form.note.as_str()) { form.note.clone() } else { "both".into() },
        },
        dismissal: format!("/customers/{}/duplicates/{}/dismissal", left.record.id, right.record.id),
        may_merge: access.may::<MergeCustomers>(),
        hindrance: both.hindrance.clone(),
        status: status_of_form(!form.errors.is_empty()),
        problem: problem.map(str::to_owned),
    }
}

fn has(belongings: Belongings) -> String {
    let Belongings { addresses, conversations, labels, consents } = belongings;
    let parts = [
        words::counted(addresses, "address", "addresses"),
        words::counted(conversations, "conversation", "conversations"),
        words::counted(labels, "label", "labels"),
        words::counted(consents, "consent", "consents"),
    ];
    parts.join(", ")
}

/// Every field that at least one of the two has.
fn fields<P: Permission>(access: &Access<P>, both: &Both, form: &MergeForm) -> Vec<Row> {
    let (left, right) = (&both.left.record, &both.right.record);
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let shown = |value: &Option<String>, show: &dyn Fn(&str) -> String| value.as_deref().map(show).unwrap_or_default();
    let pair = |of: &dyn Fn(&Record) -> String| (of(left), of(right));
    let own = [
        ("first_name", "First name", pair(&|record| text(&record.first_name))),
        ("last_name", "Last name", pair(&|record| text(&record.last_name))),
        ("display_name", "Name on WhatsApp", pair(&|record| text(&record.display_name))),
        ("phone", "Phone", pair(&|record| shown(&record.phone, &|digits| access.phone(digits)))),
        ("email", "Email", pair(&|record| shown(&record.email, &|email| access.email(email)))),
        ("company", "Company", pair(&|record| text(&record.company))),
        ("customer_type", "Type", pair(&|record| desk::kind(record.customer_type).label)),
        ("locale", "Language", pair(&|record| text(&record.locale))),
        ("time_zone", "Time zone", pair(&|record| text(&record.time_zone))),
        ("external_id", "External id", pair(&|record| text(&record.external_id))),
    ];
    let own = own.into_iter().map(|(name, label, values)| (format!("field.{name}"), label.to_owned(), values));
    let more = both.definitions.iter().map(|definition| {
        let value = |side: &Side| {
            let values = if definition.is_sensitive { side.sensitive.clone() } else { side.record.values() };
            match values.get(&definition.key) {
                Some(_) if definition.is_sensitive && !access.may::<EditCustomers>() => "•••".to_owned(),
                Some(value) => attributes::typed(value),
                None => String::new(),
            }
        };
        let name = format!("attribute.{}", definition.key);
        (name, definition.name.clone(), (value(&both.left), value(&both.right)))
    });
    let rows = own.chain(more).filter(|(.., (left, right))| !(left.is_empty() && right.is_empty()));
    rows.map(|(name, label, (left, right))| {
        let is_same = left == right && access.may::<ViewAddresses>();
        let keeps_left = form.keeps_left();
        let likelier = if keeps_left { !left.is_empty() } else { right.is_empty() };
        Row { is_left: form.is_left(&name, likelier), is_same, name, label, left, right }
    })
    .collect()
}

pub fn merges<P: Permission>(
    access: &Access<P>,
    just: &Just,
    customer: &Record,
    merges: &[Merge],
    people: &[Record],
    names: &[(UserId, String)],
) -> Merges {
    let may = access.may::<MergeCustomers>();
    let separation = |merge: &Merge| format!("/customers/merges/{}/separation", merge.id);
    let rows = merges.iter().filter_map(|merge| {
        let is_kept = merge.kept_id == customer.id;
        let other = one(people, if is_kept { merge.lost_id } else { merge.kept_id })?;
        let by = match merge.source.as_str() {
            "whatsapp" => "WhatsApp showed that they are one person".to_owned(),
            _ => format!("Joined by {}", name(names, merge.merged_by)),
        };
        Some(Joined {
            other: person(access, other),
            is_kept,
            by,
            when: when(access, merge.created_at),
            split: merge.split_at.map(|at| (name(names, merge.split_by), when(access, at))),
            separation: (may && merge.split_at.is_none()).then(|| separation(merge)),
        })
    });
    let done = merges.iter().find(|merge| merge.id.to_string() == just.done && merge.split_at.is_none());
    let is_apart = merges.iter().any(|merge| merge.id.to_string() == just.apart && merge.split_at.is_some());
    Merges {
        sections: access.customer_sections(CUSTOMERS),
        name: desk::name(access, customer),
        href: format!("/customers/{}", customer.id),
        rows: rows.collect(),
        undo: done.filter(|_| may).map(separation),
        is_apart,
        is_swapped: access.target() == Some("screen"),
    }
}
