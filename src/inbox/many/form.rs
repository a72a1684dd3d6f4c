//! What the list sends: `pick.<conversation>` for each box that is ticked, and one change as `what:value`.

use crate::conversations::many::{MOST, Wish};
use crate::conversations::model::{ConversationId, Priority};
use crate::inbox::pills::form::preset;
use crate::kit::form::{Errors, Typed};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct ManyForm {
    pub change: String,
    #[serde(flatten)]
    pub boxes: BTreeMap<String, String>,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for ManyForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl ManyForm {
    pub fn validate(mut self, zone: Tz, now: DateTime<Utc>) -> Result<(Vec<ConversationId>, Wish), Self> {
        let picks = self.boxes.keys().filter_map(|name| name.strip_prefix("pick.")?.parse().ok());
        let picks: Vec<ConversationId> = picks.collect();
        if picks.is_empty() {
            self.errors.add("", "Tick the conversations first.");
        } else if picks.len() > MOST {
            self.errors.add("", format!("At most {MOST} conversations can be changed at once."));
        }
        match wish(&self.change, zone, now) {
            Some(wish) if self.errors.is_empty() => Ok((picks, wish)),
            Some(_) => Err(self),
            None => {
                self.errors.add("", "Choose what to do with them.");
                Err(self)
            }
        }
    }
}

fn wish(change: &str, zone: Tz, now: DateTime<Utc>) -> Option<Wish> {
    let (what, value) = change.split_once(':')?;
    Some(match (what, value) {
        ("owner", "") => Wish::Owner(None),
        ("owner", user) => Wish::Owner(Some(user.parse().ok()?)),
        ("team", "") => Wish::Team(None),
        ("team", team) => Wish::Team(Some(team.parse().ok()?)),
        ("priority", word) => Wish::Priority(Priority::of_word(word)?),
        ("add", label) => Wish::Label { label: label.parse().ok()?, is_wanted: true },
        ("remove", label) => Wish::Label { label: label.parse().ok()?, is_wanted: false },
        ("status", "resolved") => Wish::Resolved,
        ("status", "open") => Wish::Open,
        ("snooze", "reply") => Wish::Snoozed(None),
        ("snooze", word) => Wish::Snoozed(Some(preset(word, zone, now)?)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::form::parse;

    #[test]
    fn ticked_rows_and_one_change_are_a_wish() {
        let (one, two) = (ConversationId::new(), ConversationId::new());
        let form: ManyForm = parse(format!("change=priority:high&pick.{one}=on&pick.{two}=on").as_bytes()).unwrap();
        let (picks, wish) = form.validate(chrono_tz::UTC, Utc::now()).unwrap();
        assert_eq!((picks.len(), wish), (2, Wish::Priority(Priority::High)));
    }

    #[test]
    fn nothing_ticked_and_nothing_chosen_is_told() {
        let id = ConversationId::new();
        for body in ["change=status:open".to_owned(), format!("pick.{id}=on"), format!("change=team:x&pick.{id}=on")] {
            let form: ManyForm = parse(body.as_bytes()).unwrap();
            assert!(form.validate(chrono_tz::UTC, Utc::now()).unwrap_err().errors.of("").is_some(), "{body}");
        }
    }
}
