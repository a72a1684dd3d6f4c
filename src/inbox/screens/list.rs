//! Queues and the list of conversations.

use super::thread::{Sender, Tick};
use crate::kit::html::{Avatar, Choice, Pill, Tone, When};
use crate::labels::screens::Tag;

#[derive(Debug, Default)]
pub struct Queue {
    pub label: String,
    /// A name listed in templates/ui/icon.html.
    pub icon: &'static str,
    pub href: String,
    /// Capped, as "99+"; None where a count says nothing.
    pub count: Option<String>,
    pub is_current: bool,
}

/// One page of a queue, newest first. After a change the browser asks `/inbox` for it again, with `queue`, `q` and
/// `rows`, the number it shows: fill that many (capped), so that nobody who has scrolled down is thrown back.
#[derive(Debug, Default)]
pub struct ConversationList {
    /// The queue's name.
    pub title: String,
    /// As typed into the search field.
    pub search: String,
    /// The queue, kept by the search form as `queue`.
    pub queue: String,
    pub filter: FilterFields,
    pub rows: Vec<ConversationRow>,
    /// Where the search form goes: `/inbox`, or the open conversation's address.
    pub search_action: String,
    /// The next page, by keyset.
    pub more_href: Option<String>,
}

/// What narrows the list, and its order; "" is anything.
#[derive(Debug, Default)]
pub struct FilterFields {
    /// (name, caption, what can be chosen).
    pub selects: Vec<(&'static str, &'static str, Vec<Choice>)>,
    pub is_unread: bool,
    /// The same queue without any of it.
    pub clear_href: String,
}

#[derive(Debug, Default)]
pub struct ConversationRow {
    pub id: String,
    pub href: String,
    pub name: String,
    pub avatar: Avatar,
    pub lead: Lead,
    /// One line of the draft or of the last message.
    pub preview: String,
    /// Of the last message.
    pub when: When,
    /// A note names the reader, who has not looked since.
    pub is_named: bool,
    /// As "3" or "99+".
    pub unread: Option<String>,
    /// Over which number, when the tenant has several.
    pub number: Option<Sender>,
    /// How long the customer has been waiting for an answer.
    pub waiting: Option<Waiting>,
    pub is_current: bool,
    pub is_resolved: bool,
    /// None: no priority.
    pub priority: Option<Pill>,
    /// Who has it; None: nobody.
    pub owner: Option<(String, Avatar)>,
    pub team: Option<String>,
    /// The first labels; the others are counted.
    pub tags: Vec<Tag>,
    pub more_tags: usize,
    /// As "Mon, 23 Nov, 09:00" or "reply".
    pub snoozed: Option<String>,
}

impl ConversationRow {
    /// Whether there is a third line.
    pub(in crate::inbox) fn has_tags(&self) -> bool {
        self.priority.is_some()
            || self.owner.is_some()
            || self.team.is_some()
            || !self.tags.is_empty()
            || self.snoozed.is_some()
    }
}

/// What stands before the preview.
#[derive(Debug, Default)]
pub enum Lead {
    /// The customer's words, or nothing at all.
    #[default]
    Nothing,
    /// Our unsent words.
    Draft,
    /// Our last message and how far it came.
    Sent(Tick),
    /// What a colleague wrote for colleagues.
    Note,
    /// Who of the group wrote.
    From(String),
    /// A picture, voice message or file: its icon, one of photo, microphone, video, file.
    Media(&'static str),
}

#[derive(Debug, Default)]
pub struct Waiting {
    /// As "12 min" or "1 h".
    pub text: String,
    /// As "1 h 17 min".
    pub exact: String,
    /// Quiet, then Warn, then Bad.
    pub tone: Tone,
}
