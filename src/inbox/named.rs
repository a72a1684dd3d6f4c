//! Who and what a thread names, looked up together.

use crate::conversations::activities::{Activity, Change};
use crate::conversations::model::Conversation;
use crate::labels::model::LabelId;
use crate::messages::model::{Message, Whom};
use crate::teams::model::TeamId;
use crate::users::model::UserId;

/// Whom a note calls by name.
fn called(note: &Message) -> Vec<UserId> {
    let of_user = |whom| match whom {
        Whom::User(id) => Some(id),
        Whom::Team(_) => None,
    };
    note.details().mentions.into_iter().filter_map(|mention| of_user(mention.whom)).collect()
}

/// Whose names a thread needs.
#[derive(Default)]
pub(super) struct Named {
    pub people: Vec<UserId>,
    pub teams: Vec<TeamId>,
    pub labels: Vec<LabelId>,
}

impl Named {
    pub fn of(conversation: &Conversation, messages: &[Message], activities: &[Activity]) -> Self {
        let mut named = Self::default();
        named.people.extend(messages.iter().filter_map(|message| message.author_id));
        named.people.extend(messages.iter().filter(|message| message.is_private).flat_map(called));
        named.people.extend(conversation.assignee_id);
        named.teams.extend(conversation.team_id);
        for activity in activities {
            named.people.extend(activity.actor_id);
            match activity.change() {
                Some(Change::Owner { from, to }) => named.people.extend(from.into_iter().chain(to)),
                Some(Change::Team { from, to }) => named.teams.extend(from.into_iter().chain(to)),
                Some(Change::Label { label, .. }) => named.labels.push(label),
                Some(Change::Priority { .. } | Change::Status(_)) | None => {}
            }
        }
        named.people.sort();
        named.people.dedup();
        named.teams.sort();
        named.teams.dedup();
        named
    }
}
