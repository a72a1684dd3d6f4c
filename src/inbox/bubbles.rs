//! Messages as the thread shows them: days, bubbles, ticks, and what came with them.

use super::cards::{self, Card};
use super::form::Look;
use super::model::Opened;
use super::screens::{Bubble, Content, Day, Failure, Quote, Reaction, Sender};
use super::text::{Called, Piece, is_jumbo, noted, pieces};
use super::thread_view::{icon, title};
use super::view::lines::line;
use super::view::{calls, href, tick};
use crate::conversations::model::{Direction, MessageStatus};
use crate::kit::access::{Access, Permission, WorkConversations};
use crate::kit::html::Avatar;
use crate::kit::words;
use crate::messages::model::{Details, File, Mention, Message, MessageId, Quoted, Whom};
use crate::users::model::UserId;
use chrono::{NaiveDate, Utc};

/// The messages of the window, and what was done between them, under the days they belong to.
pub fn days<P: Permission>(access: &Access<P>, opened: &Opened, sought: Option<MessageId>) -> Vec<Day> {
    let zone = access.who().time_zone;
    let today = Utc::now().with_timezone(&zone).date_naive();
    let mut days: Vec<(NaiveDate, Day)> = Vec::new();
    let mut previous: Option<(&Message, NaiveDate)> = None;
    let mut activities = opened.activities.iter().peekable();
    for message in &opened.messages {
        while let Some(earlier) = activities.next_if(|activity| activity.happened_at <= message.occurred_at) {
            let date = earlier.happened_at.with_timezone(&zone).date_naive();
            day_of(&mut days, date, today).lines.push(line(access, opened, earlier));
        }
        let date = message.occurred_at.with_timezone(&zone).date_naive();
        let day = day_of(&mut days, date, today);
        let lines = std::mem::take(&mut day.lines);
        let is_same = previous.is_some_and(|(last, on)| on == date && is_same_sender(last, message));
        let (starts_run, is_sought) = (!lines.is_empty() || !is_same, sought == Some(message.id));
        day.messages.push(Bubble { lines, is_sought, ..bubble(access, opened, message, starts_run) });
        previous = Some((message, date));
    }
    for later in activities {
        let date = later.happened_at.with_timezone(&zone).date_naive();
        day_of(&mut days, date, today).lines.push(line(access, opened, later));
    }
    calls::place(access, opened, today, &mut days);
    days.into_iter().map(|(_, day)| day).collect()
}

/// The last day, if it is that one, else a new one.
fn day_of(days: &mut Vec<(NaiveDate, Day)>, date: NaiveDate, today: NaiveDate) -> &mut Day {
    if days.last().is_none_or(|(last, _)| *last != date) {
        days.push((date, Day { label: words::day(date, today), date: date.to_string(), ..Day::default() }));
    }
    let last = days.len() - 1;
    &mut days[last].1
}

fn is_same_sender(one: &Message, other: &Message) -> bool {
    let sender =
        |message: &Message| (message.direction, message.is_private, message.author_id, message.sender_chat_id.clone());
    sender(one) == sender(other)
}

fn bubble<P: Permission>(access: &Access<P>, opened: &Opened, message: &Message, starts_run: bool) -> Bubble {
    let details = message.details();
    let is_note = message.is_private;
    let is_outbound = message.direction == Direction::Outbound;
    let is_revoked = message.revoked_at.is_some();
    let can_work = access.may::<WorkConversations>();
    let can_reply = can_work && message.message_key.is_some() && !is_revoked;
    let id = message.id.to_string();
    let reply_href = || href(Some(message.conversation_id), &Look::default(), &[("reply_to", id.clone())]);
    Bubble {
        lines: Vec::new(),
        is_outbound,
        is_note,
        is_sought: false,
        starts_run,
        sender: sender(access, opened, message).filter(|_| starts_run),
        quote: details.quoted.as_ref().map(|quoted| quote(access, opened, quoted)),
        content: content(access, message, &details, can_work),
        text: if is_revoked { Vec::new() } else { text(access, opened, message, &details) },
        is_jumbo: !is_revoked && !is_note && is_jumbo(&message.body),
        reactions: reactions(opened, message),
        edited_href: (message.edited_at.is_some() && !is_revoked).then(|| about_href(message.id)),
        when: words::time_of_day(message.occurred_at, access.who().time_zone),
        tick: (is_outbound && !is_note).then(|| tick(message.status)),
        failure: failure(message, can_work),
        reply_href: can_reply.then(reply_href),
        id,
    }
}

/// The words; in a note whoever is named stands out.
fn text<P: Permission>(access: &Access<P>, opened: &Opened, message: &Message, details: &Details) -> Vec<Piece> {
    let words = access.words(&message.body);
    if details.mentions.is_empty() {
        return pieces(&words);
    }
    let me = UserId::from(access.who().user);
    let called = |mention: &Mention| Called {
        written: mention.name.clone(),
        name: match mention.whom {
            Whom::User(id) => name_of(opened, id).unwrap_or_else(|| mention.name.clone()),
            Whom::Team(_) => mention.name.clone(),
        },
        is_reader: mention.whom == Whom::User(me),
    };
    noted(&words, &details.mentions.iter().map(called).collect::<Vec<_>>())
}

fn name_of(opened: &Opened, id: UserId) -> Option<String> {
    opened.people.iter().find(|(other, _)| *other == id).map(|(_, name)| name.clone())
}

/// In groups the member; on our side the colleague.
fn sender<P: Permission>(access: &Access<P>, opened: &Opened, message: &Message) -> Option<Sender> {
    let name = match message.direction {
        Direction::Outbound => name_of(opened, message.author_id?)?,
        Direction::Inbound if opened.conversation.is_group => {
            let user = message.sender_chat_id.as_deref().and_then(|chat| chat.split('@').next());
            message.sender_name.as_deref().or(user).map(|name| unnamed(access, name))?
        }
        Direction::Inbound => return None,
    };
    Some(Sender { colour: Avatar::of(&name).colour, name })
}

/// Somebody of whom only the address is known; some readers see it masked.
fn unnamed<P: Permission>(access: &Access<P>, name: &str) -> String {
    let is_number = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { title(access, &format!("+{name}")) } else { access.words(name) }
}

fn quote<P: Permission>(access: &Access<P>, opened: &Opened, quoted: &Quoted) -> Quote {
    let original = opened.messages.iter().find(|message| message.message_key.as_deref() == Some(&quoted.key));
    let name = match (original.map(|message| message.direction), &quoted.sender) {
        (Some(Direction::Outbound), _) | (None, None) => "You".to_owned(),
        (_, Some(name)) if !name.is_empty() && opened.conversation.is_group => unnamed(access, name),
        _ => title(access, &opened.conversation.title),
    };
    Quote {
        sender: Sender { colour: Avatar::of(&name).colour, name },
        text: access.words(&quoted.body),
        message_id: original.map(|message| message.id.to_string()),
    }
}

fn content<P: Permission>(access: &Access<P>, message: &Message, details: &Details, can_work: bool) -> Content {
    if message.revoked_at.is_some() {
        return Content::Revoked;
    }
    if let Some(kind) = &details.unsupported {
        return Content::Unsupported { kind: kind.clone(), about_href: about_href(message.id) };
    }
    if let Some(file) = &details.file {
        let file = File { name: file.name.as_deref().map(|name| access.words(name)), ..file.clone() };
        return file_content(message.id, &message.message_type, &file, can_work);
    }
    if let Some(place) = &details.place {
        let name = place.name.as_deref().map_or_else(|| "Location".into(), |name| access.words(name));
        let href =
            format!("https://www.openstreetmap.org/?mlat={}&mlon={}#map=16/{0}/{1}", place.latitude, place.longitude);
        return Content::Place { href, name, detail: format!("{:.5}, {:.5}", place.latitude, place.longitude) };
    }
    if !details.cards.is_empty() {
        return Content::Contacts(details.cards.iter().map(|text| card(access, text)).collect());
    }
    if let Some(poll) = &details.poll {
        let options = poll.options.iter().map(|option| access.words(option)).collect();
        return Content::Poll { question: access.words(&poll.question), options };
    }
    match message.message_type.as_str() {
        "text" => Content::Text,
        other if message.body.is_empty() => {
            Content::Unsupported { kind: other.into(), about_href: about_href(message.id) }
        }
        _ => Content::Text,
    }
}

/// What is known of a message.
fn about_href(id: MessageId) -> String {
    format!("/messages/{id}")
}

fn card<P: Permission>(access: &Access<P>, text: &str) -> Card {
    let Card { name, lines } = cards::read(text);
    Card { name: access.words(&name), lines: lines.iter().map(|line| access.words(line)).collect() }
}

fn file_content(id: MessageId, kind: &str, file: &File, can_work: bool) -> Content {
    if file.stored.is_none() {
        let text = match &file.error {
            Some(error) if file.is_refused => format!("This {} was not stored. {error}", noun(kind)),
            Some(error) => format!("This {} could not be fetched. {error}", noun(kind)),
            None => format!("This {} is being fetched.", noun(kind)),
        };
        let retry = (can_work && file.error.is_some()).then(|| format!("/messages/{id}/media"));
        return Content::Pending { text, retry };
    }
    let href = format!("/messages/{id}/media");
    match kind {
        "image" | "sticker" => {
            let small_href = if kind == "image" { format!("{href}?size=small") } else { href.clone() };
            Content::Image { href, small_href, alt: if kind == "image" { "Photo".into() } else { "Sticker".into() } }
        }
        "voice" | "audio" => Content::Voice { href },
        "video" => Content::Video { href },
        _ => Content::File {
            href,
            icon: icon(kind, file.kind.as_deref().unwrap_or_default()),
            name: file.name.clone().unwrap_or_else(|| "File".into()),
            detail: file_detail(file),
        },
    }
}

/// "PDF · 240 kB".
fn file_detail(file: &File) -> String {
    let ending = file.name.as_deref().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
    let of_kind = || file.kind.as_deref().and_then(|kind| kind.split(['/', ';']).nth(1));
    let ending = ending.filter(|ending| (1..=5).contains(&ending.chars().count())).or_else(of_kind);
    let parts = [ending.map(str::to_uppercase), file.size.map(words::size)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn noun(kind: &str) -> &str {
    match kind {
        "image" => "photo",
        "voice" => "voice message",
        "document" => "file",
        other => other,
    }
}

fn reactions(opened: &Opened, message: &Message) -> Vec<Reaction> {
    let Some(key) = message.message_key.as_deref() else { return Vec::new() };
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for (_, emoji) in opened.reactions.iter().filter(|(of, _)| of == key) {
        match counted.iter_mut().find(|(known, _)| known == emoji) {
            Some((_, count)) => *count += 1,
            None => counted.push((emoji, 1)),
        }
    }
    let show = |(emoji, count): (&str, usize)| Reaction {
        emoji: emoji.to_owned(),
        count: if count > 1 { count.to_string() } else { String::new() },
        who: format!("Reaction: {emoji}"),
    };
    counted.into_iter().map(show).collect()
}

fn failure(message: &Message, can_work: bool) -> Option<Failure> {
    let text = message.error_message.clone();
    let retry = || can_work.then(|| format!("/messages/{}/retry", message.id));
    match message.status {
        MessageStatus::Failed => Some(Failure {
            text: text.unwrap_or_else(|| "This was not sent.".into()),
            action: retry(),
            verb: "Try again",
        }),
        MessageStatus::Unknown => {
            let text = text.unwrap_or_else(|| "It is being checked whether this arrived.".into());
            Some(Failure { text, action: retry(), verb: "Send anyway" })
        }
        _ => None,
    }
}
