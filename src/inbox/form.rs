//! What the inbox sends: where one looks, and what one writes.

use crate::conversations::drafts::Kind;
use crate::conversations::filter::{Filter, Owner, Place, Queue, Sort};
use crate::conversations::model::Priority;
use crate::kit::form::{Errors, Typed};
use crate::kit::page::{self, Cursor};
use crate::messages::attachments::LONGEST_CAPTION;
use crate::messages::model::{MAX_CHARS, MessageId};
use crate::users::model::UserId;
use chrono::TimeDelta;
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The query of every inbox page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    pub queue: String,
    pub q: String,
    pub after: String,
    /// `me`, `nobody` or a user.
    pub owner: String,
    pub team: String,
    pub number: String,
    pub label: String,
    pub priority: String,
    /// Waiting longer than so many minutes.
    pub waiting: String,
    pub unread: String,
    pub sort: String,
    pub rows: Option<usize>,
    /// The page of messages above this one.
    #[serde(deserialize_with = "page::lenient")]
    pub before: Option<Cursor>,
    /// The window that begins with this message.
    #[serde(deserialize_with = "page::lenient")]
    pub from: Option<Cursor>,
    /// The window around this message.
    pub at: Option<String>,
    pub reply_to: Option<String>,
    /// "note": the composer writes notes.
    pub compose: String,
}

impl Look {
    pub fn queue(&self) -> Queue {
        Queue::ALL.into_iter().find(|queue| queue.word() == self.queue).unwrap_or_default()
    }

    pub fn sort(&self) -> Sort {
        Sort::ALL.into_iter().find(|sort| sort.word() == self.sort).unwrap_or_default()
    }

    pub fn after(&self) -> Option<Place> {
        Place::parse(&self.after)
    }

    /// What cannot be read narrows nothing.
    pub fn filter(&self, reader: UserId) -> Filter {
        Filter {
            queue: self.queue(),
            owner: match self.owner.as_str() {
                "me" => Some(Owner::User(reader)),
                "nobody" => Some(Owner::Nobody),
                user => user.parse().ok().map(Owner::User),
            },
            team: self.team.parse().ok(),
            number: self.number.parse().ok(),
            label: self.label.parse().ok(),
            priority: Priority::of_word(&self.priority),
            waiting: self.waiting.parse::<u16>().ok().map(|minutes| TimeDelta::minutes(minutes.into())),
            is_unread: !self.unread.is_empty(),
            sort: self.sort(),
        }
    }

    /// (name, value) of what narrows the list or orders it, beside queue and words.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let fields = [
            ("owner", self.owner.as_str()),
            ("team", &self.team),
            ("number", &self.number),
            ("label", &self.label),
            ("priority", &self.priority),
            ("waiting", &self.waiting),
            ("unread", &self.unread),
            ("sort", &self.sort),
        ];
        fields.into_iter().filter(|(_, value)| !value.is_empty() && !value.contains('\0'))
    }

    /// Words to look for; what PostgreSQL cannot hold finds nothing anyway.
    pub fn search(&self) -> String {
        self.q.replace('\0', "").trim().chars().take(200).collect()
    }

    pub fn at(&self) -> Option<MessageId> {
        self.at.as_deref().and_then(|id| id.parse().ok())
    }

    pub fn composes(&self) -> Kind {
        kind(&self.compose)
    }

    pub fn reply_to(&self) -> Option<MessageId> {
        self.reply_to.as_deref().and_then(|id| id.parse().ok())
    }
}

/// What a composer that is called so writes.
fn kind(word: &str) -> Kind {
    if word == "note" { Kind::Note } else { Kind::Answer }
}

/// An answer. Its id was made with the form, so that sending the form twice sends one message.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    pub message_id: String,
    pub body: String,
    pub reply_to: String,
    /// `file_` and `caption_`, each with the id of a file that is attached.
    #[serde(flatten)]
    pub rest: BTreeMap<String, String>,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for AnswerForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

/// A validated answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub id: MessageId,
    pub body: String,
    pub reply_to: Option<MessageId>,
    /// With their captions.
    pub files: Vec<(MessageId, String)>,
}

impl AnswerForm {
    pub fn validate(mut self) -> Result<Answer, Self> {
        let (body, files) = (self.body.trim().to_owned(), self.files());
        if body.is_empty() && files.is_empty() {
            self.errors.add("body", "Write something first.");
        } else if files.iter().any(|(_, caption)| caption.chars().count() > LONGEST_CAPTION) {
            self.errors.add("body", format!("A caption has at most {LONGEST_CAPTION} characters."));
        } else if body.chars().count() > MAX_CHARS {
            self.errors.add("body", format!("WhatsApp takes at most {MAX_CHARS} characters."));
        }
        let id = message_id(&self.message_id);
        match self.errors.is_empty() {
            true => Ok(Answer { id, body, reply_to: self.reply_to.parse().ok(), files }),
            false => Err(self),
        }
    }

    fn files(&self) -> Vec<(MessageId, String)> {
        let ids = self.rest.keys().filter_map(|name| name.strip_prefix("file_")?.parse().ok());
        let caption = |id: &MessageId| self.rest.get(&format!("caption_{id}")).map_or("", |text| text.trim());
        ids.map(|id: MessageId| (id, caption(&id).to_owned())).collect()
    }
}

fn message_id(text: &str) -> MessageId {
    text.parse().unwrap_or_else(|_| MessageId::new())
}

/// A note for colleagues.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct NoteForm {
    pub message_id: String,
    pub body: String,
    /// Ids of those who were chosen from the menu, with spaces between.
    pub named: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for NoteForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

/// A validated note.
#[derive(Debug, Clone)]
pub struct Note {
    pub id: MessageId,
    pub body: String,
    pub chosen: Vec<Uuid>,
}

impl NoteForm {
    pub fn validate(mut self) -> Result<Note, Self> {
        let body = self.body.trim().to_owned();
        if body.is_empty() {
            self.errors.add("body", "Write something first.");
        } else if body.chars().count() > MAX_CHARS {
            self.errors.add("body", format!("A note has at most {MAX_CHARS} characters."));
        }
        let chosen = self.named.split_whitespace().filter_map(|id| id.parse().ok()).collect();
        match self.errors.is_empty() {
            true => Ok(Note { id: message_id(&self.message_id), body, chosen }),
            false => Err(self),
        }
    }
}

/// What is being typed.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct DraftForm {
    pub body: String,
    pub compose: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for DraftForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl DraftForm {
    pub fn kind(&self) -> Kind {
        kind(&self.compose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_words() {
        assert!(AnswerForm { body: " \n".into(), ..AnswerForm::default() }.validate().is_err());
        let long = AnswerForm { body: "x".repeat(MAX_CHARS + 1), ..AnswerForm::default() };
        assert!(long.validate().unwrap_err().errors.of("body").is_some());
        assert_eq!(AnswerForm { body: " hi ".into(), ..AnswerForm::default() }.validate().unwrap().body, "hi");
    }

    #[test]
    fn an_unknown_queue_is_the_open_one() {
        assert_eq!(Look { queue: "x".into(), ..Look::default() }.queue(), Queue::Open);
        assert_eq!(Look { queue: "resolved".into(), ..Look::default() }.queue(), Queue::Resolved);
    }
}
