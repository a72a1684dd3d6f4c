//! The open conversation as the inbox shows it: messages become days, bubbles and ticks.

use super::bubbles::days;
use super::form::Look;
use super::model::Opened;
use super::pills::view as pills;
use super::screens::{
    AttachedFile, Colleague, Composer, CustomerCard, Files, Identity, Inbox, NumberChip, Other, Record, ReplyTo,
    Sender, Thread,
};
use super::view::href;
use crate::conversations::drafts::Kind;
use crate::conversations::listing::Brief;
use crate::conversations::model::{Conversation, Direction, Status};
use crate::customer_desk::view as desk;
use crate::customers::model::{Customer, IdentityKind};
use crate::kit::access::{Access, EditCustomers, Permission, WorkConversations};
use crate::kit::form::Errors;
use crate::kit::html::{Avatar, Pill, Tone};
use crate::kit::page::Cursor;
use crate::kit::words;
use crate::labels::view::tag;
use crate::messages::attachments::{self, Attachment};
use crate::messages::mentioning::Colleague as Named;
use crate::messages::model::{Message, MessageId, Whom};
use crate::numbers::model::{Number, Wish};
use crate::numbers::view as numbers;
use chrono::Utc;

/// More threads with a customer stand on the customer's page.
const OTHERS: usize = 5;

/// A title may be a bare phone number, which some readers see masked.
pub fn title<P: Permission>(access: &Access<P>, title: &str) -> String {
    let digits = title.strip_prefix('+').filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    digits.map_or_else(|| access.words(title), |digits| access.phone(digits))
}

pub fn thread<P: Permission>(access: &Access<P>, look: &Look, opened: Opened, all: &[Number]) -> Thread {
    let conversation = &opened.conversation;
    let name = title(access, &conversation.title);
    let number = all.iter().find(|number| Some(number.id) == conversation.session_id);
    let first = opened.messages.first().map(|message| cursor(message).to_string());
    let days = days(access, &opened, look.at());
    let (older, days) = if opened.has_newer { (days, Vec::new()) } else { (Vec::new(), days) };
    let last = opened.messages.last().map(|message| message.id.to_string());
    let newer_href = last.map(|last| href(Some(conversation.id), look, &[("at", last)]));
    let older_href = first.clone().filter(|_| opened.has_older);
    let refresh: Vec<(&str, String)> = first.map(|first| ("from", first)).into_iter().collect();
    Thread {
        id: conversation.id.to_string(),
        detail: detail(access, &opened),
        avatar: if conversation.is_group { Avatar::group(&name) } else { Avatar::of(&name) },
        pills: pills::buttons(access, &opened),
        is_open: matches!(conversation.status, Status::Open | Status::Snoozed),
        may_resolve: access.may::<WorkConversations>() && conversation.status != Status::Archived,
        number: number.map(|number| chip(access, number)).unwrap_or_default(),
        back_href: href(None, look, &[]),
        older_href: older_href.map(|first| href(Some(conversation.id), &Look::default(), &[("before", first)])),
        refresh_href: href(Some(conversation.id), &Look::default(), &refresh),
        newer_href: newer_href.filter(|_| opened.has_newer && look.at().is_some()),
        newest_href: opened.has_newer.then(|| href(Some(conversation.id), look, &[])),
        composer: access.may::<WorkConversations>().then(|| composer(&opened, number, &name)),
        customer: customer(access, &opened),
        older,
        days,
        name,
    }
}

fn cursor(message: &Message) -> Cursor {
    Cursor { at: message.occurred_at, id: message.id.get() }
}

fn detail<P: Permission>(access: &Access<P>, opened: &Opened) -> String {
    let digits = opened.customer.as_ref().and_then(|customer| customer.phone.as_deref());
    match (opened.conversation.is_group, digits) {
        (true, _) => "Group".into(),
        (false, Some(digits)) => access.phone(digits),
        (false, None) => "Hidden number".into(),
    }
}

pub fn status(status: Status) -> Pill {
    match status {
        Status::Open => Pill::new(Tone::Accent, "Open"),
        Status::Snoozed => Pill::new(Tone::Warn, "Snoozed"),
        Status::Resolved => Pill::new(Tone::Good, "Resolved"),
        Status::Archived => Pill::new(Tone::Quiet, "Archived"),
    }
}

fn chip<P: Permission>(access: &Access<P>, number: &Number) -> NumberChip {
    NumberChip {
        name: number.name.clone(),
        phone: numbers::phone(access, number).unwrap_or_default(),
        colour: numbers::colour(number),
        state: numbers::state(number),
    }
}

fn composer(opened: &Opened, number: Option<&Number>, name: &str) -> Composer {
    let id = opened.conversation.id;
    let is_note = opened.composes == Kind::Note;
    let notice = number.filter(|number| !(is_note || number.is_as_wanted() && number.wanted == Wish::Run));
    let (text, other) = match opened.composes {
        Kind::Answer => (&opened.drafts.answer, &opened.drafts.note),
        Kind::Note => (&opened.drafts.note, &opened.drafts.answer),
    };
    Composer {
        is_note,
        answer_href: href(Some(id), &Look::default(), &[]),
        note_href: href(Some(id), &Look::default(), &[("compose", "note".into())]),
        has_other_draft: !other.is_empty(),
        files: files(&opened.attachments),
        attach_action: format!("/conversations/{id}/attachments"),
        largest: attachments::LARGEST,
        limit: words::size(attachments::LARGEST),
        colleagues: opened.colleagues.iter().map(colleague).collect(),
        action: format!("/conversations/{id}/{}", if is_note { "notes" } else { "messages" }),
        draft_action: format!("/conversations/{id}/draft"),
        message_id: MessageId::new().to_string(),
        text: text.clone(),
        reply_to: opened.reply_to.as_ref().map(|message| reply_to(&opened.conversation, message, name)),
        error: None,
        notice: notice.map(|number| {
            let state = numbers::state(number).label.to_lowercase();
            format!("{} is {state}. What you send waits and goes out when the number is back.", number.name)
        }),
    }
}

/// What is attached to the answer, as it is looked at before it is sent.
pub fn files(attached: &[Attachment]) -> Files {
    let has_captions = attached.len() > 1;
    let file = |attachment: &Attachment| AttachedFile {
        id: attachment.id.to_string(),
        is_image: attachment.message_type == "image",
        icon: icon(&attachment.message_type, &attachment.media_type),
        name: attachment.name.clone(),
        detail: words::size(attachment.bytes.unsigned_abs()),
        takes_caption: has_captions && attachment.takes_caption(),
    };
    Files { files: attached.iter().map(file).collect() }
}

/// What stands for a file that is not shown itself.
pub fn icon(message_type: &str, media_type: &str) -> &'static str {
    match (message_type, media_type.split('/').next()) {
        ("voice", _) => "microphone",
        (_, Some("image")) => "photo",
        (_, Some("video")) => "video",
        (_, Some("audio")) => "music",
        _ => "file-text",
    }
}

fn colleague(named: &Named) -> Colleague {
    let is_team = matches!(named.whom, Whom::Team(_));
    let avatar = if is_team { Avatar::group(&named.name) } else { Avatar::of(&named.name) };
    Colleague { id: named.whom.id().to_string(), name: named.name.clone(), avatar, is_team }
}

fn reply_to(conversation: &Conversation, message: &Message, name: &str) -> ReplyTo {
    let ours = message.direction == Direction::Outbound;
    let name = if ours { "You".to_owned() } else { message.sender_name.clone().unwrap_or_else(|| name.to_owned()) };
    ReplyTo {
        message_id: message.id.to_string(),
        sender: Sender { colour: Avatar::of(&name).colour, name },
        text: message.body.clone(),
        cancel_href: href(Some(conversation.id), &Look::default(), &[]),
    }
}

/// Puts back what was typed, and says why it was refused.
pub fn reject(screen: &mut Inbox, typed: Option<String>, errors: &Errors) {
    if let Some(composer) = screen.thread.as_mut().and_then(|thread| thread.composer.as_mut()) {
        composer.text = typed.unwrap_or_else(|| std::mem::take(&mut composer.text));
        composer.error = errors.iter().next().map(|(_, why)| why.to_owned());
    }
}

fn customer<P: Permission>(access: &Access<P>, opened: &Opened) -> CustomerCard {
    let show = |kind: IdentityKind, value: &str| match kind {
        IdentityKind::Phone => Identity { kind: "Phone", value: access.phone(value) },
        IdentityKind::ChatId => Identity { kind: "WhatsApp", value: access.words(value) },
        IdentityKind::Lid => Identity { kind: "WhatsApp (hidden number)", value: access.words(value) },
        IdentityKind::Email => Identity { kind: "Email", value: access.words(value) },
    };
    let since = opened.customer.as_ref().map_or(opened.conversation.created_at, |customer| customer.created_at);
    CustomerCard {
        identities: opened.identities.iter().map(|identity| show(identity.kind, &identity.value)).collect(),
        first_seen: words::when(since, access.who().time_zone, Utc::now()),
        others: others(access, opened),
        record: opened.customer.as_ref().map(|customer| record(access, customer, opened)),
    }
}

fn record<P: Permission>(access: &Access<P>, customer: &Customer, opened: &Opened) -> Record {
    let href = format!("{}/{}", desk::HERE, customer.id);
    Record {
        id: customer.id.to_string(),
        state: desk::state(customer.state),
        pills: desk::pills(customer.customer_type, customer.restricted_at.is_some(), &opened.threads),
        labels: opened.labels.iter().map(tag).collect(),
        edit_href: access.may::<EditCustomers>().then(|| format!("{href}/edit")),
        href,
    }
}

fn others<P: Permission>(access: &Access<P>, opened: &Opened) -> Vec<Other> {
    let (zone, now) = (access.who().time_zone, Utc::now());
    let other = |thread: &Brief| Other {
        href: format!("/inbox/{}", thread.id),
        state: status(thread.status),
        preview: access.words(thread.last_message_preview.as_deref().unwrap_or_default()),
        when: words::when(thread.last_message_at.unwrap_or(thread.created_at), zone, now),
    };
    let others = opened.threads.iter().filter(|thread| thread.id != opened.conversation.id);
    others.take(OTHERS).map(other).collect()
}
