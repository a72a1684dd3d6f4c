//! Rows of the ledger as the pages show them.

use super::form::{ConsentForm, Look};
use super::ledger::Found;
use super::model::{Basis, Channel, Consent, Purpose, Standing, State};
use super::screens::{Cell, Fields, Index, Line, Row, Show};
use crate::customers::model::CustomerState;
use crate::gdpr::customers::model::Known;
use crate::gdpr::view;
use crate::kit::access::{Access, EditCustomers, Permission};
use crate::kit::html::{Pill, Tone, status_of_form};
use crate::kit::words;
use chrono::Utc;

/// Its place among the pages of the desk.
pub const HERE: &str = "/gdpr/consents";

pub fn index<P: Permission>(access: &Access<P>, look: &Look, found: &Found) -> Index {
    let last = found.rows.last().filter(|_| found.has_more).map(|row| row.id.to_string());
    Index {
        sections: access.privacy_sections(HERE),
        purposes: view::choices(Some("Any purpose"), purposes(), &look.purpose),
        channels: view::choices(Some("Any channel"), channels(), &look.channel),
        states: view::choices(Some("Given and withdrawn"), states(), &look.state),
        is_narrowed: !look.query().is_empty(),
        rows: found.rows.iter().map(|consent| row(access, found, consent, true)).collect(),
        pages: view::pages(HERE, &look.query(), &look.after, last),
    }
}

pub fn show<P: Permission>(
    access: &Access<P>,
    known: &Known,
    standing: &[Standing],
    found: &Found,
    after: &str,
    form: Option<(ConsentForm, Option<String>)>,
) -> Show {
    let id = known.customer.id;
    let last = found.rows.last().filter(|_| found.has_more).map(|row| row.id.to_string());
    let is_rejected = form.is_some();
    let may_record = access.may::<EditCustomers>() && known.customer.state != CustomerState::Erased;
    let typed = form.unwrap_or_else(|| (empty(access), None));
    Show {
        head: view::head(access, known, "consents"),
        channels: Channel::ALL.iter().map(|channel| channel.label()).collect(),
        matrix: Purpose::ALL.iter().map(|purpose| line(access, *purpose, standing)).collect(),
        rows: found.rows.iter().map(|consent| row(access, found, consent, false)).collect(),
        pages: view::pages(&format!("/customers/{id}/consents"), "", after, last),
        form: may_record.then(|| fields(typed)),
        status: status_of_form(is_rejected),
    }
}

fn empty<P: Permission>(access: &Access<P>) -> ConsentForm {
    let today = Utc::now().with_timezone(&access.who().time_zone).date_naive();
    let (state, lawful_basis) = (State::Given.word().into(), Basis::Consent.word().into());
    let purpose = Purpose::Marketing.word().into();
    ConsentForm { purpose, state, lawful_basis, occurred_on: today.to_string(), ..ConsentForm::default() }
}

fn fields((form, problem): (ConsentForm, Option<String>)) -> Fields {
    Fields {
        purposes: view::choices(None, purposes(), &form.purpose),
        channels: view::choices(None, channels(), &form.channel),
        states: view::choices(None, states(), &form.state),
        bases: view::choices(None, bases(), &form.lawful_basis),
        source: form.source,
        evidence: form.evidence,
        message: form.message,
        occurred_on: form.occurred_on,
        problem,
        errors: form.errors,
    }
}

fn line<P: Permission>(access: &Access<P>, purpose: Purpose, standing: &[Standing]) -> Line {
    let cell = |channel: &Channel| {
        let now = standing.iter().find(|now| (now.purpose, now.channel) == (purpose, *channel));
        Cell {
            channel: channel.label(),
            state: now.map(|now| pill(now.state)),
            at: now.map(|now| words::date(now.occurred_at, access.who().time_zone)),
        }
    };
    let (name, about) = purpose_words(purpose);
    Line { purpose: name, about, cells: Channel::ALL.iter().map(cell).collect() }
}

fn row<P: Permission>(access: &Access<P>, found: &Found, consent: &Consent, names: bool) -> Row {
    let thread = consent.message_id.and_then(|id| found.threads.iter().find(|(message, _)| *message == id));
    Row {
        at: words::date(consent.occurred_at, access.who().time_zone),
        customer: names.then(|| view::link(access, &found.customers, consent.customer_id)),
        purpose: purpose_words(consent.purpose).0,
        channel: consent.channel.label(),
        state: pill(consent.state),
        basis: basis_name(consent.lawful_basis),
        source: access.words(&consent.source),
        evidence: consent.evidence.as_deref().map(|words| access.words(words)),
        thread_href: thread.map(|(_, conversation)| format!("/inbox/{conversation}")),
        by: match consent.user_id {
            Some(_) => view::user(&found.users, consent.user_id),
            None => "The program".into(),
        },
    }
}

fn pill(state: State) -> Pill {
    match state {
        State::Given => Pill::new(Tone::Good, "Given"),
        State::Withdrawn => Pill::new(Tone::Bad, "Withdrawn"),
    }
}

fn purpose_words(purpose: Purpose) -> (&'static str, &'static str) {
    match purpose {
        Purpose::Service => ("Service", "Answers, orders, appointments"),
        Purpose::Marketing => ("Marketing", "Offers and news"),
        Purpose::Research => ("Research", "Surveys and opinions"),
        Purpose::Profiling => ("Profiling", "Conclusions from behaviour"),
    }
}

fn basis_name(basis: Basis) -> &'static str {
    match basis {
        Basis::Consent => "Consent",
        Basis::Contract => "Contract",
        Basis::LegalObligation => "Legal obligation",
        Basis::VitalInterests => "Vital interests",
        Basis::PublicTask => "Public task",
        Basis::LegitimateInterests => "Legitimate interests",
    }
}

fn purposes() -> impl Iterator<Item = (String, &'static str)> {
    Purpose::ALL.iter().map(|purpose| (purpose.word().to_owned(), purpose_words(*purpose).0))
}

fn channels() -> impl Iterator<Item = (String, &'static str)> {
    Channel::ALL.iter().map(|channel| (channel.word().to_owned(), channel.label()))
}

fn states() -> impl Iterator<Item = (String, &'static str)> {
    [(State::Given, "Given"), (State::Withdrawn, "Withdrawn")]
        .into_iter()
        .map(|(state, label)| (state.word().to_owned(), label))
}

fn bases() -> impl Iterator<Item = (String, &'static str)> {
    Basis::ALL.iter().map(|basis| (basis.word().to_owned(), basis_name(*basis)))
}
