//! Numbers in every state.

use crate::inbox::at;
use actix_web::http::StatusCode;
use switchboard::kit::html::{Choice, Pill, Section, Tone};
use switchboard::numbers::screens::*;

pub fn index() -> Index {
    let running = Card { can_restart: true, can_stop: true, can_log_out: true, can_delete: true, ..Default::default() };
    let card = |id: &str, name: &str, colour, tone, state: &str, card: Card| Card {
        id: id.into(),
        name: name.into(),
        colour,
        state: Pill::new(tone, state),
        engine: "NOWEB".into(),
        external_session_id: name.to_lowercase(),
        gateway: "Default gateway".into(),
        ..card
    };
    let cards = vec![
        card(
            "1",
            "Workshop",
            0,
            Tone::Good,
            "Working",
            Card {
                phone: Some("+351 210 555 010".into()),
                last_heard: Some(at("12 seconds ago")),
                last_ack: Some(at("2 minutes ago")),
                ..running
            },
        ),
        card(
            "2",
            "Rides",
            4,
            Tone::Warn,
            "Needs pairing",
            Card { can_pair: true, can_delete: true, ..Default::default() },
        ),
        card(
            "3",
            "Lisbon shop",
            1,
            Tone::Quiet,
            "Stopped",
            Card {
                phone: Some("+351 210 555 012".into()),
                difference: Some("Should be running, but WAHA reports stopped.".into()),
                last_heard: Some(at("Yesterday, 18:04")),
                can_start: true,
                can_delete: true,
                ..Default::default()
            },
        ),
        card(
            "4",
            "Warranty",
            3,
            Tone::Bad,
            "Failed",
            Card {
                phone: Some("+351 210 555 013".into()),
                error: Some("The phone has logged this device out. Restart it and scan a new code.".into()),
                last_heard: Some(at("3 hours ago")),
                can_restart: true,
                can_delete: true,
                ..Default::default()
            },
        ),
        card("5", "Events", 2, Tone::Busy, "Starting", Card { can_stop: true, ..Default::default() }),
    ];
    Index { sections: sections(), cards, may_add: true }
}

pub fn none() -> Index {
    Index { cards: Vec::new(), ..index() }
}

pub fn new() -> New {
    let engine = |value: &str, is_chosen| Choice { value: value.into(), label: value.to_uppercase(), is_chosen };
    New {
        sections: sections(),
        external_session_id: "acme-bikes-2".into(),
        engines: vec![engine("noweb", true), engine("gows", false), engine("webjs", false)],
        has_default_gateway: true,
        ..Default::default()
    }
}

pub fn rejected() -> New {
    New {
        name: "Workshop".into(),
        name_error: Some("Another number has this name.".into()),
        waha_url: "waha.acme.test".into(),
        waha_url_error: Some("Enter an address that starts with https://.".into()),
        status: StatusCode::UNPROCESSABLE_ENTITY,
        ..new()
    }
}

pub fn pairing(step: Step) -> Pairing {
    Pairing {
        sections: sections(),
        id: "2".into(),
        name: "Rides".into(),
        step,
        phone: String::new(),
        phone_error: None,
        status: StatusCode::OK,
    }
}

pub fn health() -> Health {
    Health { summary: Pill::new(Tone::Warn, "2 of 5 numbers working") }
}

fn sections() -> Vec<Section> {
    vec![Section { label: "Numbers", icon: "device-mobile", href: "/settings/numbers", is_current: true }]
}
