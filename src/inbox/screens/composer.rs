//! The answer or the note that is being written.

use super::Sender;
use crate::kit::html::Avatar;
use askama::Template;
use askama::filters::HtmlSafe;

/// Where an answer is written. Kept on the server as a draft while it is typed.
#[derive(Debug, Default)]
pub struct Composer {
    /// Seen by colleagues only.
    pub is_note: bool,
    /// Fetch the composer for an answer, and for a note.
    pub answer_href: String,
    pub note_href: String,
    /// Something is written there and not sent.
    pub has_other_draft: bool,
    pub files: Files,
    /// POST, multipart, field `file`.
    pub attach_action: String,
    /// Bytes of a file, and the same in words.
    pub largest: u64,
    pub limit: String,
    /// Whom a note can name.
    pub colleagues: Vec<Colleague>,
    /// POST, field `body`, and `reply_to` when a message is being answered.
    pub action: String,
    /// PUT, field `body`; `compose` is "note" for a note.
    pub draft_action: String,
    /// The id that the message will have: the form sent twice is one message.
    pub message_id: String,
    /// The draft, or what was refused.
    pub text: String,
    pub reply_to: Option<ReplyTo>,
    /// Why it was refused.
    pub error: Option<String>,
    /// When the number is not working: "… waits and goes out when the number is back." The tone is the number's.
    pub notice: Option<String>,
}

/// What is attached, before it is sent.
#[derive(Debug, Default, Template)]
#[template(path = "inbox/_files.html")]
pub struct Files {
    pub files: Vec<AttachedFile>,
}

impl HtmlSafe for Files {}

#[derive(Debug, Default)]
pub struct AttachedFile {
    pub id: String,
    pub name: String,
    /// As "3.2 MB".
    pub detail: String,
    pub is_image: bool,
    pub icon: &'static str,
    /// One of several: the only one has the answer's words.
    pub takes_caption: bool,
}

/// Somebody, or a team.
#[derive(Debug, Default)]
pub struct Colleague {
    pub id: String,
    pub name: String,
    pub avatar: Avatar,
    pub is_team: bool,
}

#[derive(Debug, Default)]
pub struct ReplyTo {
    pub message_id: String,
    pub sender: Sender,
    pub text: String,
    /// Fetches the composer without it.
    pub cancel_href: String,
}
