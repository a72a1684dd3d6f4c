//! Numbers as their screens show them: rows become words.

use super::gateway::Gateways;
use super::model::{EngineName, Number, Status, Wish};
use super::screens::{Card, Health, Step};
use crate::kit::access::{Access, EditNumbers, Permission, RestartNumbers};
use crate::kit::html::{Choice, Pill, Tone};
use crate::kit::words;
use chrono::{DateTime, Utc};

/// What WAHA reports, in a word and a colour.
pub fn state(number: &Number) -> Pill {
    match number.status {
        Status::Working => Pill::new(Tone::Good, "Working"),
        Status::Starting => Pill::new(Tone::Busy, "Starting"),
        Status::ScanQr => Pill::new(Tone::Warn, "Not paired"),
        Status::Failed => Pill::new(Tone::Bad, "Failed"),
        Status::Stopped => Pill::new(Tone::Quiet, "Stopped"),
    }
}

/// One of the eight colours, the same wherever the number is shown.
pub fn colour(number: &Number) -> u8 {
    (number.id.get().as_u128() % 8) as u8
}

/// The phone for this reader.
pub fn phone<P: Permission>(access: &Access<P>, number: &Number) -> Option<String> {
    number.phone.as_deref().map(|digits| access.phone(digits))
}

pub fn card<P: Permission>(access: &Access<P>, number: &Number, now: DateTime<Utc>) -> Card {
    let zone = access.who().time_zone;
    let (may_edit, may_restart) = (access.may::<EditNumbers>(), access.may::<RestartNumbers>());
    let runs = number.wanted == Wish::Run;
    Card {
        id: number.id.to_string(),
        name: number.name.clone(),
        phone: phone(access, number),
        colour: colour(number),
        state: state(number),
        difference: difference(number, now),
        error: number.error_message.clone(),
        engine: number.engine.word().to_owned(),
        external_session_id: number.external_session_id.clone(),
        gateway: gateway(number),
        last_heard: number.last_activity_at.map(|at| words::when(at, zone, now)),
        last_ack: number.last_ack_at.map(|at| words::when(at, zone, now)),
        can_pair: may_edit && runs && matches!(number.status, Status::Starting | Status::ScanQr | Status::Failed),
        can_start: may_edit && !runs,
        can_stop: may_edit && runs,
        can_restart: may_restart && runs,
        can_log_out: may_edit && runs && number.status == Status::Working,
        can_delete: may_edit,
    }
}

/// How long a state may take before the card says that something is amiss.
const USUAL: chrono::TimeDelta = chrono::TimeDelta::seconds(30);

fn difference(number: &Number, now: DateTime<Utc>) -> Option<String> {
    let since = now - number.status_changed_at;
    let reported = state(number).label.to_lowercase();
    match (number.wanted, number.status) {
        (Wish::Run, Status::Stopped) => Some(format!("Should be running, but WAHA reports {reported}.")),
        (Wish::Run, Status::Starting) if since > USUAL => {
            Some(format!("Has been starting for {}. Restart it if this goes on.", words::span(since)))
        }
        (Wish::Stop, Status::Stopped) | (Wish::Run, _) => None,
        (Wish::Stop, _) => Some(format!("Should be stopped, but WAHA reports {reported}.")),
    }
}

fn gateway(number: &Number) -> String {
    let host = number.waha_url.as_deref().and_then(|url| url::Url::parse(url).ok());
    match host.as_ref().and_then(|url| url.host_str()) {
        Some(host) => host.to_owned(),
        None => "Default gateway".into(),
    }
}

pub fn step(number: &Number) -> Step {
    let word = number.metadata["status"].as_str().unwrap_or_default();
    match (number.wanted, number.status) {
        (Wish::Stop, _) => Step::Stopped,
        (_, Status::ScanQr) if word.starts_with("PASSKEY") => {
            Step::Blocked { text: number.error_message.clone().unwrap_or_default() }
        }
        // The code's picture changes with each report of the same state.
        (_, Status::ScanQr) => Step::Scan {
            qr_href: format!("/settings/numbers/{}/qr.svg?v={}", number.id, number.updated_at.timestamp_millis()),
        },
        (_, Status::Working) => Step::Working { phone: number.phone.as_deref().map(words::phone).unwrap_or_default() },
        (_, Status::Failed) => {
            Step::Failed { text: number.error_message.clone().unwrap_or_else(|| "WhatsApp ended this session.".into()) }
        }
        (_, Status::Starting | Status::Stopped) => match &number.error_message {
            Some(error) => Step::Failed { text: error.clone() },
            None => Step::Starting,
        },
    }
}

/// All numbers in one dot of the rail.
pub fn health(numbers: &[Number]) -> Health {
    let wanted: Vec<&Number> = numbers.iter().filter(|number| number.wanted == Wish::Run).collect();
    let working = wanted.iter().filter(|number| number.status == Status::Working).count();
    let has_failed = wanted.iter().any(|number| number.status == Status::Failed);
    let (tone, label) = match (wanted.len(), working) {
        (0, _) => (Tone::Quiet, "No number is running".to_owned()),
        (all, working) if all == working => (Tone::Good, format!("{working} of {all} numbers working")),
        (all, 0) => (Tone::Bad, format!("0 of {all} numbers working")),
        (all, working) => {
            (if has_failed { Tone::Bad } else { Tone::Warn }, format!("{working} of {all} numbers working"))
        }
    };
    Health { summary: Pill::new(tone, label) }
}

pub fn engines(chosen: &str) -> Vec<Choice> {
    let about = |engine| match engine {
        EngineName::Gows => "GOWS: light and fast, recommended",
        EngineName::Noweb => "NOWEB: light",
        EngineName::Webjs => "WEBJS: runs a browser",
        EngineName::Wpp => "WPP: runs a browser",
    };
    let order = [EngineName::Gows, EngineName::Noweb, EngineName::Webjs, EngineName::Wpp];
    let choice = |engine: EngineName| Choice {
        value: engine.word().into(),
        label: about(engine).into(),
        is_chosen: engine.word() == chosen,
    };
    order.into_iter().map(choice).collect()
}

pub fn has_default_gateway(gateways: &Gateways) -> bool {
    gateways.default_url.is_some()
}
