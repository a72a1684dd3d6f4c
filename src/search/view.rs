//! What was found, as the page shows it.

use super::asked::Asked;
use super::form::Look;
use super::marks::snippet;
use super::model::Found;
use super::screens::{Index, Message, Order, Person, Thread};
use crate::conversations::listing as conversations;
use crate::conversations::model::Direction;
use crate::customers::listing as customers;
use crate::inbox::thread_view;
use crate::kit::access::{Access, Permission};
use crate::kit::html::Avatar;
use crate::kit::words;
use crate::messages::found::Hit;
use chrono::Utc;
use url::form_urlencoded::Serializer;

pub const HERE: &str = "/search";

pub fn index<P: Permission>(access: &Access<P>, look: &Look, asked: &Asked, found: Found) -> Index {
    let typed = look.typed();
    let more = found.messages.last().filter(|_| found.has_more && look.is_newest());
    Index {
        is_newest: look.is_newest(),
        orders: if found.messages.is_empty() { Vec::new() } else { orders(&typed, look.is_newest()) },
        customers: found.customers.iter().map(|row| person(access, row)).collect(),
        customers_href: href("/customers", &[("q", &typed)]),
        conversations: found.conversations.iter().map(|row| thread(access, row)).collect(),
        conversations_href: href("/inbox", &[("queue", "all"), ("q", &typed)]),
        more_href: more.map(|hit| href(HERE, &[("q", &typed), ("after", &hit.cursor().to_string())])),
        messages: found.messages.iter().map(|hit| message(access, asked, hit, &found)).collect(),
        is_asked: !asked.is_empty(),
        notices: found.notices,
        typed,
    }
}

fn href(path: &str, query: &[(&str, &str)]) -> String {
    format!("{path}?{}", Serializer::new(String::new()).extend_pairs(query).finish())
}

fn orders(typed: &str, is_newest: bool) -> Vec<Order> {
    [
        Order { label: "Best", href: href(HERE, &[("q", typed)]), is_current: !is_newest },
        Order { label: "Newest", href: href(HERE, &[("q", typed), ("sort", "newest")]), is_current: is_newest },
    ]
    .into()
}

fn person<P: Permission>(access: &Access<P>, row: &customers::Row) -> Person {
    let name = access.words(&row.name());
    let reach = row.phone.as_deref().map(|digits| access.phone(digits));
    let reach = reach.or_else(|| row.email.as_deref().map(|email| access.email(email)));
    let company = row.company.as_deref().map(|company| access.words(company));
    Person {
        href: format!("/customers/{}", row.id),
        avatar: Avatar::of(&name),
        detail: reach.into_iter().chain(company).collect::<Vec<_>>().join(" · "),
        name: if name.is_empty() { "Somebody without a name".into() } else { name },
    }
}

fn thread<P: Permission>(access: &Access<P>, row: &conversations::Row) -> Thread {
    let name = thread_view::title(access, &row.title);
    Thread {
        href: format!("/inbox/{}", row.id),
        avatar: if row.is_group { Avatar::group(&name) } else { Avatar::of(&name) },
        state: thread_view::status(row.status),
        preview: access.words(row.last_message_preview.as_deref().unwrap_or_default()),
        when: row.last_message_at.map(|at| words::when(at, access.who().time_zone, Utc::now())),
        name,
    }
}

fn message<P: Permission>(access: &Access<P>, asked: &Asked, hit: &Hit, found: &Found) -> Message {
    let thread = thread_view::title(access, &hit.title);
    let author = hit.author.and_then(|id| found.authors.iter().find(|(author, _)| *author == id));
    let sender = match (hit.direction, author) {
        (Direction::Outbound, Some((id, _))) if id.get() == access.who().user => "You".to_owned(),
        (Direction::Outbound, Some((_, name))) => name.clone(),
        (Direction::Outbound, None) => "Us".into(),
        (Direction::Inbound, _) if hit.is_group => access.words(hit.sender_name.as_deref().unwrap_or_default()),
        (Direction::Inbound, _) => String::new(),
    };
    Message {
        href: format!("/inbox/{}?at={}#message_{1}", hit.conversation, hit.id),
        avatar: if hit.is_group { Avatar::group(&thread) } else { Avatar::of(&thread) },
        sender,
        runs: snippet(&access.words(&hit.body), asked),
        kind: kind(&hit.kind),
        is_note: hit.is_private,
        when: words::when(hit.at, access.who().time_zone, Utc::now()),
        thread,
    }
}

fn kind(kind: &str) -> &'static str {
    match kind {
        "image" => "Photo",
        "video" => "Video",
        "voice" => "Voice message",
        "audio" => "Audio",
        "document" => "File",
        "sticker" => "Sticker",
        "location" => "Location",
        "contact" => "Contact",
        "poll" => "Poll",
        _ => "",
    }
}
