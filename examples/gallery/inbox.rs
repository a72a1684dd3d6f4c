//! A busy afternoon at Acme Bikes.

use crate::thread::thread;
use switchboard::inbox::screens::*;
use switchboard::kit::html::{Avatar, Pill, Tone, When};

pub fn open() -> Inbox {
    let mut inbox = list();
    inbox.list.rows[0].is_current = true;
    inbox.thread = Some(thread());
    inbox
}

pub fn list() -> Inbox {
    let queue = |label: &str, icon, count: &str, is_current| Queue {
        label: label.into(),
        icon,
        href: format!("/inbox?queue={}", label.to_lowercase()),
        count: (!count.is_empty()).then(|| count.into()),
        is_current,
    };
    Inbox {
        queues: vec![
            queue("Open", "inbox", "14", true),
            queue("Resolved", "circle-check", "", false),
            queue("All", "messages", "99+", false),
        ],
        list: ConversationList {
            title: "Open".into(),
            queue: "open".into(),
            search_action: "/inbox".into(),
            rows: rows(),
            more_href: None,
            ..Default::default()
        },
        has_numbers: true,
        may_pair: true,
        ..Default::default()
    }
}

pub fn done() -> Inbox {
    Inbox { list: ConversationList { title: "Open".into(), ..Default::default() }, ..list() }
}

pub fn unpaired() -> Inbox {
    Inbox { has_numbers: false, ..done() }
}

pub fn waiting() -> Inbox {
    let mut inbox = open();
    let thread = inbox.thread.as_mut().expect("an open inbox has one");
    thread.number.state = Pill::new(Tone::Warn, "Needs pairing");
    let composer = thread.composer.as_mut().expect("an agent may answer");
    composer.notice = Some("Workshop is not connected: your answer waits and goes out when the number is back.".into());
    composer.text = "Hello Ana, the frame arrives on Thursday.\nShall we set one aside for you?".into();
    composer.error = Some("This is longer than WhatsApp allows.".into());
    composer.reply_to = Some(ReplyTo {
        message_id: "1".into(),
        sender: sender("Ana Ribeiro", 3),
        text: "Do you still have the blue one in size M?".into(),
        cancel_href: "/inbox/1".into(),
    });
    inbox
}

fn rows() -> Vec<ConversationRow> {
    let waiting = |text: &str, tone| Some(Waiting { text: text.into(), exact: text.into(), tone });
    vec![
        ConversationRow {
            unread: Some("2".into()),
            waiting: waiting("3 min", Tone::Quiet),
            ..row(1, "Ana Ribeiro", "Do you still have the blue one in size M?", "14:32")
        },
        ConversationRow {
            lead: Lead::Draft,
            waiting: waiting("18 min", Tone::Warn),
            ..row(2, "Jonas Weber", "Hello Jonas, your invoice is attached, and", "14:17")
        },
        ConversationRow {
            lead: Lead::Sent(Tick::Read),
            ..row(3, "Priya Natarajan", "Perfect, see you at five.", "13:58")
        },
        ConversationRow {
            avatar: Avatar::group("Sunday Riders"),
            lead: Lead::From("Marek".into()),
            unread: Some("12".into()),
            number: Some(sender("Rides", 4)),
            ..row(4, "Sunday Riders", "who brings the pump this time? mine broke last week", "13:40")
        },
        ConversationRow {
            avatar: Avatar::of("+351"),
            lead: Lead::Media("microphone"),
            waiting: waiting("1 h 12 min", Tone::Bad),
            ..row(5, "+351 912 345 678", "Voice message, 0:42", "13:20")
        },
        ConversationRow {
            lead: Lead::Sent(Tick::Delivered),
            number: Some(sender("Rides", 4)),
            ..row(
                6,
                "Chiara Conti",
                "The tour starts at the east gate, there is a café with very good espresso",
                "12:04",
            )
        },
        ConversationRow { lead: Lead::Media("photo"), ..row(7, "Tomás Novák", "Photo", "11:47") },
        ConversationRow {
            lead: Lead::Sent(Tick::Failed),
            ..row(8, "Fatima El Amrani", "We can offer you a replacement", "Yesterday")
        },
        ConversationRow { lead: Lead::Sent(Tick::Sent), ..row(9, "Oliver Grant", "Thank you!", "Yesterday") },
        ConversationRow { is_resolved: true, ..row(10, "Lena Hoffmann", "That solved it, thanks a lot 🙏", "Thu") },
        row(11, "Yusuf Demir", "Ok", "Wed"),
    ]
}

fn row(id: u32, name: &str, preview: &str, when: &str) -> ConversationRow {
    ConversationRow {
        id: id.to_string(),
        href: format!("/inbox/{id}"),
        name: name.into(),
        avatar: Avatar::of(name),
        preview: preview.into(),
        when: at(when),
        number: Some(sender("Workshop", 0)),
        ..Default::default()
    }
}

pub fn sender(name: &str, colour: u8) -> Sender {
    Sender { name: name.into(), colour }
}

pub fn at(text: &str) -> When {
    When {
        text: text.into(),
        exact: "Saturday, 21 November 2026, 14:32:10 WET".into(),
        datetime: "2026-11-21T14:32:10Z".into(),
    }
}
