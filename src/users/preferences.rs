//! What people have chosen for themselves: a typed view of `users.preferences`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Missing values are the defaults; what an older or newer version wrote besides is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    pub theme: Theme,
    pub notifications: Notifications,
    /// Words of the columns in which customers are listed; None: the usual ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_columns: Option<Vec<String>>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    Light,
    Dark,
    #[default]
    System,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::System];

    pub fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.word() == word)
    }
}

/// By which ways one is told of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notifications {
    pub new_message: Channels,
    pub mention: Channels,
    pub assignment: Channels,
    pub number_trouble: Channels,
    pub missed_call: Channels,
    pub task_done: Channels,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Channels {
    pub in_app: bool,
    pub email: bool,
    pub sms: bool,
    pub push: bool,
}

/// Something that one is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    NewMessage,
    Mention,
    Assignment,
    NumberTrouble,
    MissedCall,
    TaskDone,
}

/// A way by which one is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    InApp,
    Email,
    Sms,
    Push,
}

impl Default for Notifications {
    /// Everything in the desk itself; mail only for what stops the work.
    fn default() -> Self {
        let here = Channels { in_app: true, ..Channels::default() };
        Self {
            new_message: here,
            mention: here,
            assignment: here,
            number_trouble: Channels { email: true, ..here },
            missed_call: here,
            task_done: here,
            rest: Map::new(),
        }
    }
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::NewMessage, Self::Mention, Self::Assignment, Self::NumberTrouble, Self::MissedCall, Self::TaskDone];

    pub fn word(self) -> &'static str {
        match self {
            Self::NewMessage => "new_message",
            Self::Mention => "mention",
            Self::Assignment => "assignment",
            Self::NumberTrouble => "number_trouble",
            Self::MissedCall => "missed_call",
            Self::TaskDone => "task_done",
        }
    }
}

impl Channel {
    pub const ALL: [Self; 4] = [Self::InApp, Self::Email, Self::Sms, Self::Push];

    pub fn word(self) -> &'static str {
        match self {
            Self::InApp => "in_app",
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Push => "push",
        }
    }
}

impl Notifications {
    pub fn channels(&self, kind: Kind) -> Channels {
        match kind {
            Kind::NewMessage => self.new_message,
            Kind::Mention => self.mention,
            Kind::Assignment => self.assignment,
            Kind::NumberTrouble => self.number_trouble,
            Kind::MissedCall => self.missed_call,
            Kind::TaskDone => self.task_done,
        }
    }

    /// The same with `is_chosen` deciding on each way of each kind.
    pub fn choosing(self, is_chosen: impl Fn(Kind, Channel) -> bool) -> Self {
        let channels = |kind| Channels {
            in_app: is_chosen(kind, Channel::InApp),
            email: is_chosen(kind, Channel::Email),
            sms: is_chosen(kind, Channel::Sms),
            push: is_chosen(kind, Channel::Push),
        };
        Self {
            new_message: channels(Kind::NewMessage),
            mention: channels(Kind::Mention),
            assignment: channels(Kind::Assignment),
            number_trouble: channels(Kind::NumberTrouble),
            missed_call: channels(Kind::MissedCall),
            task_done: channels(Kind::TaskDone),
            rest: self.rest,
        }
    }
}

impl Channels {
    pub fn has(self, channel: Channel) -> bool {
        match channel {
            Channel::InApp => self.in_app,
            Channel::Email => self.email,
            Channel::Sms => self.sms,
            Channel::Push => self.push,
        }
    }
}

impl Preferences {
    /// What stands in `users.preferences`. A value of the wrong kind, which only a hand in the database can write, falls
    /// back to the defaults as a whole.
    pub fn of(value: Value) -> Self {
        serde_json::from_value(value).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn missing_values_are_defaults_and_strange_ones_are_kept() {
        let value =
            json!({ "theme": "dark", "tomorrow": 1, "notifications": { "mention": { "sms": true }, "moon": {} } });
        let preferences = Preferences::of(value);
        assert_eq!((preferences.theme, &preferences.rest["tomorrow"]), (Theme::Dark, &json!(1)));
        assert!(preferences.notifications.mention.sms && !preferences.notifications.mention.in_app);
        assert!(preferences.notifications.new_message.in_app && preferences.notifications.rest.contains_key("moon"));
        let again = Preferences::of(serde_json::to_value(&preferences).unwrap());
        assert_eq!(again, preferences);
    }

    #[test]
    fn nonsense_falls_back_to_the_defaults() {
        assert_eq!(Preferences::of(json!({ "theme": "pink" })), Preferences::default());
    }

    #[test]
    fn every_way_of_every_kind_can_be_chosen() {
        for kind in Kind::ALL {
            for channel in Channel::ALL {
                let one = Notifications::default().choosing(|k, c| (k, c) == (kind, channel));
                let chosen = |k: &Kind| Channel::ALL.into_iter().filter(|c| one.channels(*k).has(*c)).count();
                assert_eq!(Kind::ALL.iter().map(chosen).sum::<usize>(), 1);
                assert!(one.channels(kind).has(channel));
                let text = serde_json::to_value(&one).unwrap();
                assert_eq!(text[kind.word()][channel.word()], true, "the form's words are the columns'");
            }
        }
    }
}
