//! Dashboards and the platform's health.

use crate::inbox::at;
use switchboard::dashboard::screens::{Dashboard, NumberLine, PlatformDashboard, WaitingLine, Warning};
use switchboard::kit::html::{Avatar, Fact, Pill, Stat, Tone};
use switchboard::platform::screens::{DeadLetter, GatewayLine, Health};

pub fn dashboard() -> Dashboard {
    let number = |name: &str, phone: &str, colour, tone, state: &str| NumberLine {
        name: name.into(),
        phone: phone.into(),
        colour,
        state: Pill::new(tone, state),
        last_heard: Some(at("2 min ago")),
    };
    let line = |name: &str, preview: &str, waiting: &str, tone| WaitingLine {
        href: "/inbox/1".into(),
        name: name.into(),
        avatar: Avatar::of(name),
        preview: preview.into(),
        waiting: waiting.into(),
        tone,
    };
    Dashboard {
        stats: vec![
            stat("Open", "14", "3 since this morning", "inbox", Tone::Quiet),
            stat("Waiting for an answer", "5", "of 14 open", "user-question", Tone::Quiet),
            stat("Longest wait", "1 h 12 min", "+351 912 345 678", "clock-hour-4", Tone::Bad),
            stat("Received today", "184", "yesterday 201", "message-2-down", Tone::Quiet),
            stat("Sent today", "162", "yesterday 188", "message-2-up", Tone::Quiet),
        ],
        numbers: vec![
            number("Workshop", "+351 210 555 010", 0, Tone::Good, "Working"),
            number("Rides", "+351 210 555 011", 4, Tone::Warn, "Needs pairing"),
            number("Warranty", "+351 210 555 013", 3, Tone::Bad, "Failed"),
        ],
        waiting: vec![
            line("+351 912 345 678", "Voice message, 0:42", "1 h 12 min", Tone::Bad),
            line("Jonas Weber", "Where is my invoice? I need it for my tax papers before Monday", "18 min", Tone::Warn),
            line("Ana Ribeiro", "Do you still have the blue one in size M?", "3 min", Tone::Quiet),
        ],
        ..quiet()
    }
}

pub fn quiet() -> Dashboard {
    Dashboard {
        greeting: "Good afternoon, Ada".into(),
        day: "Saturday, 21 November 2026".into(),
        stats: vec![
            stat("Open", "0", "", "inbox", Tone::Quiet),
            stat("Waiting for an answer", "0", "", "user-question", Tone::Quiet),
            stat("Longest wait", "–", "", "clock-hour-4", Tone::Quiet),
            stat("Received today", "0", "", "message-2-down", Tone::Quiet),
            stat("Sent today", "0", "", "message-2-up", Tone::Quiet),
        ],
        may_pair: true,
        ..Default::default()
    }
}

pub fn platform() -> PlatformDashboard {
    PlatformDashboard {
        greeting: "Good afternoon, Pat".into(),
        day: "Saturday, 21 November 2026".into(),
        stats: vec![
            stat("Tenants", "2", "all active", "building", Tone::Quiet),
            stat("Users", "7", "4 signed in", "users", Tone::Quiet),
            stat("Numbers working", "3 of 5", "", "device-mobile", Tone::Warn),
            stat("Messages today", "1,204", "", "messages", Tone::Quiet),
        ],
        warnings: vec![Warning {
            text: "2 jobs were given up and wait for a decision.".into(),
            tone: Tone::Bad,
            href: "/platform/health".into(),
        }],
    }
}

pub fn health() -> Health {
    let fact = |label, value: &str| Fact { label, value: value.into() };
    Health {
        stats: vec![
            stat("Jobs waiting", "12", "oldest 2 s", "stack-2", Tone::Quiet),
            stat("Jobs running", "4", "of 8 at once", "player-play", Tone::Quiet),
            stat("Jobs given up", "2", "", "alert-circle", Tone::Bad),
            stat("Webhooks waiting", "0", "", "message-2-down", Tone::Quiet),
        ],
        process: vec![
            fact("Version", "0.1.0"),
            fact("Up since", "19 Nov, 08:12"),
            fact("Memory", "41 MB"),
            fact("Streams", "17 open"),
        ],
        database: vec![
            fact("Server", "PostgreSQL 15.18"),
            fact("In use", "3 of 20"),
            fact("Idle", "5"),
            fact("Migrations", "in order"),
        ],
        webhooks: vec![
            fact("Stored today", "1,388"),
            fact("Refused", "3 (signature)"),
            fact("Oldest", "–"),
            fact("Slowest", "41 ms"),
        ],
        gateways: vec![
            GatewayLine {
                url: "http://waha:3000".into(),
                state: Pill::new(Tone::Good, "Working"),
                version: "2026.7.1, NOWEB".into(),
                numbers: "4".into(),
                latency: "38 ms".into(),
                error: None,
            },
            GatewayLine {
                url: "https://waha.globex.test".into(),
                state: Pill::new(Tone::Bad, "Not reached"),
                version: String::new(),
                numbers: "1".into(),
                latency: "–".into(),
                error: Some("No answer within 20 s; tried again in 30 s.".into()),
            },
        ],
        dead_letters: vec![DeadLetter {
            id: "7".into(),
            task: "send_message".into(),
            tenant: "Acme Bikes".into(),
            error: "422: session is not connected".into(),
            tries: "25".into(),
            failed_at: at("13:20"),
        }],
    }
}

fn stat(label: &str, value: &str, detail: &str, icon: &'static str, tone: Tone) -> Stat {
    Stat { label: label.into(), value: value.into(), detail: detail.into(), icon, tone, href: Some("/inbox".into()) }
}
