//! One conversation with every kind of message.

use crate::inbox::{at, sender};
use switchboard::inbox::screens::*;
use switchboard::inbox::text::{is_jumbo, pieces};
use switchboard::kit::html::{Avatar, Pill, Tone};

pub fn thread() -> Thread {
    Thread {
        id: "1".into(),
        name: "Ana Ribeiro".into(),
        detail: "+351 912 004 118".into(),
        avatar: Avatar::of("Ana Ribeiro"),
        status: Pill::new(Tone::Accent, "Open"),
        is_open: true,
        may_resolve: true,
        number: NumberChip {
            name: "Workshop".into(),
            phone: "+351 210 555 010".into(),
            colour: 0,
            state: Pill::new(Tone::Good, "Working"),
        },
        back_href: "/inbox".into(),
        older_href: Some("/inbox/1?before=x".into()),
        days: days(),
        refresh_href: "/inbox/1?from=x".into(),
        composer: Some(Composer {
            action: "/conversations/1/messages".into(),
            draft_action: "/conversations/1/draft".into(),
            ..Default::default()
        }),
        customer: CustomerCard {
            identities: vec![
                Identity { kind: "Phone", value: "+351 912 004 118".into() },
                Identity { kind: "WhatsApp", value: "351912004118@c.us".into() },
            ],
            first_seen: at("12 March 2026"),
            history: "4 conversations".into(),
            note: "Rides a 54 cm frame. Prefers to be called in the evening.".into(),
        },
        ..Default::default()
    }
}

fn days() -> Vec<Day> {
    let day = |label: &str, date: &str, messages| Day { label: label.into(), date: date.into(), messages };
    let ana = || Bubble { sender: None, ..Default::default() };
    vec![
        day(
            "Yesterday",
            "2026-11-20",
            vec![
                Bubble {
                    starts_run: true,
                    ..said(1, "Hi! I saw the *Ridge 3* on your site: https://acme.test/bikes/ridge-3", "17:41", ana())
                },
                Bubble { ..said(2, "Is it in stock in Lisbon?", "17:41", ana()) },
                Bubble {
                    starts_run: true,
                    tick: Some(Tick::Read),
                    is_outbound: true,
                    reactions: vec![Reaction { emoji: "👍".into(), count: String::new(), who: "Ana Ribeiro".into() }],
                    ..said(3, "Hello Ana, yes: two in green and one in blue.", "17:44", ana())
                },
                Bubble {
                    tick: Some(Tick::Read),
                    is_outbound: true,
                    content: Content::File {
                        href: "#".into(),
                        name: "ridge-3-data-sheet.pdf".into(),
                        detail: "PDF · 240 kB".into(),
                    },
                    ..said(4, "", "17:44", ana())
                },
                Bubble {
                    starts_run: true,
                    content: Content::Voice { href: "#".into(), length: "0:42".into() },
                    ..said(5, "", "17:52", ana())
                },
            ],
        ),
        day(
            "Today",
            "2026-11-21",
            vec![
                Bubble { starts_run: true, content: Content::Revoked, ..said(6, "", "09:12", ana()) },
                Bubble {
                    starts_run: true,
                    is_outbound: true,
                    tick: Some(Tick::Delivered),
                    is_edited: true,
                    sender: Some(sender("Bob Meyer", 1)),
                    quote: Some(Quote {
                        sender: sender("Ana Ribeiro", 3),
                        text: "Is it in stock in Lisbon?".into(),
                        message_id: Some("2".into()),
                    }),
                    ..said(
                        7,
                        "Good morning! The blue one was sold yesterday evening, sorry. The next delivery is on Thursday.\n\nShall I put one aside?",
                        "09:20",
                        ana(),
                    )
                },
                Bubble { starts_run: true, is_jumbo: true, ..said(8, "😍", "14:30", ana()) },
                Bubble { content: Content::Unsupported { kind: "poll".into() }, ..said(9, "", "14:31", ana()) },
                Bubble { ..said(10, "Do you still have the blue one in size M?", "14:32", ana()) },
                Bubble {
                    starts_run: true,
                    is_outbound: true,
                    tick: Some(Tick::Failed),
                    failure: Some(Failure {
                        text: "WhatsApp refused it: the number is not registered.".into(),
                        action: Some("/messages/11/retry".into()),
                        verb: "Try again",
                    }),
                    ..said(11, "Let me look.", "14:33", ana())
                },
                Bubble {
                    is_outbound: true,
                    tick: Some(Tick::Unknown),
                    ..said(12, "One moment please", "14:33", ana())
                },
                Bubble { is_outbound: true, tick: Some(Tick::Queued), ..said(13, "Yes, we do.", "14:34", ana()) },
            ],
        ),
    ]
}

fn said(id: u32, text: &str, when: &str, bubble: Bubble) -> Bubble {
    let reply_href = Some(format!("/inbox/1?reply_to={id}"));
    Bubble { id: id.to_string(), text: pieces(text), is_jumbo: is_jumbo(text), when: at(when), reply_href, ..bubble }
}
