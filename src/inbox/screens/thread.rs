//! The open conversation: who, what was said, and the answer being written.

use super::{Composer, CustomerCard};
use crate::inbox::cards::Card;
use crate::inbox::pills::screens::PillButton;
use crate::inbox::text::Piece;
use crate::kit::html::{Avatar, Pill, Tone, When};
use askama::filters::HtmlSafe;
use askama::{Template, Values};

/// A template of its own inside the inbox's: Askama finds no block below an `if`.
#[derive(Debug, Default, Template)]
#[template(
    path = "inbox/thread.html",
    blocks = ["thread_older", "thread_messages", "conversation_header", "composer", "customer_panel"]
)]
pub struct Thread {
    /// The conversation's.
    pub id: String,
    /// The customer's or the group's.
    pub name: String,
    /// International, or how many are in the group.
    pub detail: String,
    pub avatar: Avatar,
    /// Owner, team, status, priority and labels.
    pub pills: Vec<PillButton>,
    /// Open: can be resolved. Otherwise it can be re-opened.
    pub is_open: bool,
    pub may_resolve: bool,
    pub number: NumberChip,
    /// Back to the list, on a phone.
    pub back_href: String,
    /// Older messages than those shown, by keyset.
    pub older_href: Option<String>,
    /// Filled when a page of older messages was asked for.
    pub older: Vec<Day>,
    /// The live window, whose first message stays the same: what `refresh_href` fetches anew.
    pub days: Vec<Day>,
    pub refresh_href: String,
    /// The messages after these, where the thread was opened in its midst.
    pub newer_href: Option<String>,
    /// Back to the newest messages, when the window ends before them.
    pub newest_href: Option<String>,
    /// None: this user only reads.
    pub composer: Option<Composer>,
    pub customer: CustomerCard,
}

/// The number that a conversation runs over, with its state in plain sight.
#[derive(Debug, Default, Clone)]
pub struct NumberChip {
    pub name: String,
    pub phone: String,
    /// One of eight, as in the list.
    pub colour: u8,
    pub state: Pill,
}

#[derive(Debug, Default)]
pub struct Day {
    /// "Today", "Yesterday", "Monday, 16 November".
    pub label: String,
    /// ISO; two pieces of one day have the same.
    pub date: String,
    pub messages: Vec<Bubble>,
    /// What was done after the last of them.
    pub lines: Vec<Line>,
}

/// What was done with the conversation, between two messages.
#[derive(Debug, Default)]
pub struct Line {
    pub id: String,
    /// A name listed in templates/ui/icon.html.
    pub icon: &'static str,
    /// "Ada Arnold assigned this to Max Moser".
    pub text: String,
    pub when: When,
}

#[derive(Debug, Default)]
pub struct Bubble {
    pub id: String,
    /// What was done just before it.
    pub lines: Vec<Line>,
    pub is_outbound: bool,
    /// Private, for colleagues.
    pub is_note: bool,
    /// The one that the reader came for.
    pub is_sought: bool,
    /// First of several in a row by the same sender: has the sender's name and more air above.
    pub starts_run: bool,
    /// In groups the member; on our side whoever wrote it, where that helps.
    pub sender: Option<Sender>,
    pub quote: Option<Quote>,
    pub content: Content,
    /// The words, or the caption of a picture: `inbox::text::pieces`.
    pub text: Vec<Piece>,
    /// Nothing but a few emoji: shown large.
    pub is_jumbo: bool,
    pub reactions: Vec<Reaction>,
    /// Leads to what it said before, where it was edited.
    pub edited_href: Option<String>,
    pub when: When,
    /// How far our message came; None for others'.
    pub tick: Option<Tick>,
    pub failure: Option<Failure>,
    /// Fetches the composer with this message as the one being answered; None where that cannot be.
    pub reply_href: Option<String>,
}

/// A name in one of the eight colours.
#[derive(Debug, Default, Clone)]
pub struct Sender {
    pub name: String,
    /// 0 to 7, as in `Avatar`.
    pub colour: u8,
}

#[derive(Debug, Default)]
pub struct Quote {
    pub sender: Sender,
    pub text: String,
    /// The quoted message's id; it may be further up than what is loaded.
    pub message_id: Option<String>,
}

#[derive(Debug, Default)]
pub enum Content {
    #[default]
    Text,
    Image {
        href: String,
        /// The same in small.
        small_href: String,
        /// What is read aloud: "Photo from Ana, 14:05".
        alt: String,
    },
    Voice {
        href: String,
    },
    Video {
        href: String,
    },
    File {
        href: String,
        icon: &'static str,
        name: String,
        /// As "PDF · 240 kB".
        detail: String,
    },
    /// A call among the messages.
    Call {
        href: String,
        icon: &'static str,
        /// "Incoming video call".
        title: &'static str,
        /// "Missed", "4:05".
        state: String,
        is_missed: bool,
    },
    /// Media that has not been fetched yet, or could not be: "This photo is being fetched."
    Pending {
        /// Where to ask for it again.
        retry: Option<String>,
        text: String,
    },
    Place {
        href: String,
        name: String,
        detail: String,
    },
    Contacts(Vec<Card>),
    Poll {
        question: String,
        options: Vec<String>,
    },
    Revoked,
    Unsupported {
        /// WhatsApp's word for it.
        kind: String,
        about_href: String,
    },
}

#[derive(Debug, Default)]
pub struct Reaction {
    pub emoji: String,
    /// Empty for one.
    pub count: String,
    /// Who, for hovering and reading aloud.
    pub who: String,
}

#[derive(Debug, Default)]
pub struct Failure {
    /// Why, and what can be done.
    pub text: String,
    /// Where to POST for another try; None when there is nothing to try.
    pub action: Option<String>,
    /// "Try again", "Send anyway".
    pub verb: &'static str,
}

/// How far a message of ours came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    Queued,
    Sending,
    Sent,
    Delivered,
    Read,
    Failed,
    /// The answer was lost: it may have been sent, and is being looked up.
    Unknown,
}

impl Tick {
    pub fn label(self) -> &'static str {
        match self {
            Self::Queued => "Waiting to be sent",
            Self::Sending => "Being sent",
            Self::Sent => "Sent",
            Self::Delivered => "Delivered",
            Self::Read => "Read",
            Self::Failed => "Not sent",
            Self::Unknown => "Perhaps sent, being checked",
        }
    }

    pub fn icon(self) -> &'static str {
        match self {
            Self::Queued | Self::Sending => "clock",
            Self::Sent => "check",
            Self::Delivered | Self::Read => "checks",
            Self::Failed => "alert-circle",
            Self::Unknown => "help-circle",
        }
    }

    pub fn class(self) -> &'static str {
        match self {
            Self::Read => "tick tick-read",
            Self::Failed => "tick tick-failed",
            Self::Unknown => "tick tick-unknown",
            Self::Sending => "tick tick-sending",
            Self::Queued | Self::Sent | Self::Delivered => "tick",
        }
    }
}

/// It escapes what it shows by itself.
impl HtmlSafe for Thread {}

impl Thread {
    /// The change of the customer's record, among what a part listens to.
    fn customer_event(&self) -> String {
        let record = self.customer.record.as_ref();
        record.map(|record| format!("live:customer_changed:{} from:body, ", record.id)).unwrap_or_default()
    }

    /// The block for element `id`.
    pub(super) fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        let html = match id {
            "thread_older" => self.as_thread_older().render_with_values(values),
            "thread_messages" => self.as_thread_messages().render_with_values(values),
            "conversation_header" => self.as_conversation_header().render_with_values(values),
            "composer" => self.as_composer().render_with_values(values),
            "customer_panel" => self.as_customer_panel().render_with_values(values),
            _ => return None,
        };
        Some(html)
    }
}

impl NumberChip {
    pub fn is_working(&self) -> bool {
        self.state.tone == Tone::Good
    }
}
