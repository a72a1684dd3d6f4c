//! What the inbox sends: where one looks, and what one writes.

use crate::conversations::filter::{Filter, Owner, Place, Queue, Sort};
use crate::conversations::model::Priority;
use crate::kit::form::{Errors, Typed};
use crate::kit::page::{self, Cursor};
use crate::messages::model::{MAX_CHARS, MessageId};
use crate::users::model::UserId;
use chrono::TimeDelta;
use serde::Deserialize;

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
    pub reply_to: Option<String>,
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

    pub fn reply_to(&self) -> Option<MessageId> {
        self.reply_to.as_deref().and_then(|id| id.parse().ok())
    }
}

/// An answer. Its id was made with the form, so that sending the form twice sends one message.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    pub message_id: String,
    pub body: String,
    pub reply_to: String,
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
}

impl AnswerForm {
    pub fn validate(mut self) -> Result<Answer, Self> {
        let body = self.body.trim().to_owned();
        if body.is_empty() {
            self.errors.add("body", "Write something first.");
        } else if body.chars().count() > MAX_CHARS {
            self.errors.add("body", format!("WhatsApp takes at most {MAX_CHARS} characters."));
        }
        let id = match self.message_id.as_str() {
            "" => MessageId::new(),
            text => text.parse().unwrap_or_else(|_| MessageId::new()),
        };
        match self.errors.is_empty() {
            true => Ok(Answer { id, body, reply_to: self.reply_to.parse().ok() }),
            false => Err(self),
        }
    }
}

/// What is being typed.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct DraftForm {
    pub body: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for DraftForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
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
