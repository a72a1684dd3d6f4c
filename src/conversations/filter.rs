//! What a list of conversations is narrowed to, and its order.

use super::model::{ConversationId, Priority, Scope, Status, of, own};
use crate::kit::page::Cursor;
use crate::kit::tenant::TenantId;
use crate::labels::model::LabelId;
use crate::numbers::model::NumberId;
use crate::schema::{conversation_labels, conversation_readers, conversations};
use crate::teams::model::TeamId;
use crate::users::model::UserId;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::{auto_type, exists, not};
use diesel::pg::Pg;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

/// What the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Queue {
    #[default]
    Open,
    Mine,
    Unassigned,
    /// Where the reader was named in a note.
    Mentions,
    Snoozed,
    Resolved,
    All,
}

impl Queue {
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Mine, Self::Unassigned, Self::Mentions, Self::Snoozed, Self::Resolved, Self::All];

    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Mine => "mine",
            Self::Unassigned => "unassigned",
            Self::Mentions => "mentions",
            Self::Snoozed => "snoozed",
            Self::Resolved => "resolved",
            Self::All => "all",
        }
    }
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Whoever wrote last.
    #[default]
    Newest,
    /// Whoever waits longest; those who do not wait come last.
    Waiting,
    /// The most urgent, of these the newest.
    Priority,
}

impl Sort {
    pub const ALL: [Self; 3] = [Self::Newest, Self::Waiting, Self::Priority];

    pub fn word(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Waiting => "waiting",
            Self::Priority => "priority",
        }
    }
}

/// Whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Nobody,
    User(UserId),
}

/// All of it must fit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    pub queue: Queue,
    pub owner: Option<Owner>,
    pub team: Option<TeamId>,
    pub number: Option<NumberId>,
    pub label: Option<LabelId>,
    pub priority: Option<Priority>,
    /// Waiting for longer than this.
    pub waiting: Option<TimeDelta>,
    pub is_unread: bool,
    pub sort: Sort,
}

/// Where a page ends. `at` is when they wrote last or, by waiting, since when they wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub priority: Priority,
    pub cursor: Cursor,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.priority.word(), self.cursor)
    }
}

impl Place {
    pub fn parse(text: &str) -> Option<Self> {
        let (priority, cursor) = text.split_once('.')?;
        Some(Self { priority: Priority::of_word(priority)?, cursor: Cursor::parse(cursor)? })
    }
}

/// Stands for "does not wait" in a place.
pub(super) const NEVER_WAITS: DateTime<Utc> = DateTime::UNIX_EPOCH;

type Rows<'a> = conversations::BoxedQuery<'a, Pg>;

#[auto_type]
fn labels_of(tenant: TenantId) -> _ {
    conversation_labels::table.filter(conversation_labels::tenant_id.eq(tenant))
}

#[auto_type]
fn readers_of(tenant: TenantId) -> _ {
    conversation_readers::table.filter(conversation_readers::tenant_id.eq(tenant))
}

impl Filter {
    /// What fits, of what the reader may see.
    pub(super) fn rows<'a>(self, tenant: TenantId, scope: Scope) -> Rows<'a> {
        let mut rows = of(tenant).filter(conversations::last_message_at.is_not_null()).into_boxed::<Pg>();
        if !scope.sees_all && self.queue != Queue::Mentions {
            rows = rows.filter(own(scope));
        }
        // As literals: partial indexes name them.
        rows = match self.queue {
            Queue::Open | Queue::Mine | Queue::Unassigned => {
                rows.filter(conversations::status.eq(Status::Open.literal()))
            }
            Queue::Snoozed => rows.filter(conversations::status.eq(Status::Snoozed.literal())),
            Queue::Resolved => rows.filter(conversations::status.eq(Status::Resolved.literal())),
            Queue::Mentions | Queue::All => rows,
        };
        rows = match self.queue {
            Queue::Mine => rows.filter(conversations::assignee_id.eq(scope.reader)),
            Queue::Unassigned => rows.filter(conversations::assignee_id.is_null()),
            _ => rows,
        };
        self.narrowed(tenant, scope, rows)
    }

    fn narrowed<'a>(self, tenant: TenantId, scope: Scope, mut rows: Rows<'a>) -> Rows<'a> {
        rows = match self.owner {
            Some(Owner::Nobody) => rows.filter(conversations::assignee_id.is_null()),
            Some(Owner::User(user)) => rows.filter(conversations::assignee_id.eq(user)),
            None => rows,
        };
        if let Some(team) = self.team {
            rows = rows.filter(conversations::team_id.eq(team));
        }
        if let Some(number) = self.number {
            rows = rows.filter(conversations::session_id.eq(number));
        }
        if let Some(priority) = self.priority {
            rows = rows.filter(conversations::priority.eq(priority));
        }
        if let Some(label) = self.label {
            let here = conversation_labels::conversation_id.eq(conversations::id);
            rows = rows.filter(exists(labels_of(tenant).filter(here.and(conversation_labels::label_id.eq(label)))));
        }
        if let Some(longer) = self.waiting {
            rows = rows.filter(conversations::waiting_since.le(Utc::now() - longer));
        }
        if self.is_unread {
            let seen = conversation_readers::conversation_id
                .eq(conversations::id)
                .and(conversation_readers::user_id.eq(scope.reader))
                .and(conversation_readers::inbound_seen.ge(conversations::inbound_count));
            rows = rows.filter(conversations::inbound_count.gt(0)).filter(not(exists(readers_of(tenant).filter(seen))));
        }
        rows
    }

    /// Those after a place, in this order.
    pub(super) fn ordered(self, mut rows: Rows<'_>, after: Option<Place>) -> Rows<'_> {
        if let Some(Place { priority, cursor: Cursor { at, id } }) = after {
            let id = ConversationId::from(id);
            let same_moment = conversations::last_message_at.eq(at).and(conversations::id.lt(id));
            let newer = conversations::last_message_at.lt(at).or(same_moment);
            rows = match self.sort {
                Sort::Newest => rows.filter(conversations::last_message_at.le(at)).filter(newer),
                Sort::Waiting if at == NEVER_WAITS => {
                    rows.filter(conversations::waiting_since.is_null().and(conversations::id.gt(id)))
                }
                Sort::Waiting => {
                    let same = conversations::waiting_since.eq(at).and(conversations::id.gt(id));
                    let later = conversations::waiting_since.gt(at).or(same);
                    rows.filter(conversations::waiting_since.is_null().or(later))
                }
                Sort::Priority => {
                    let same = conversations::priority.eq(priority).and(newer.assume_not_null());
                    rows.filter(conversations::priority.lt(priority).or(same))
                }
            };
        }
        match self.sort {
            Sort::Newest => rows.order((conversations::last_message_at.desc(), conversations::id.desc())),
            Sort::Waiting => rows.order((conversations::waiting_since.asc(), conversations::id.asc())),
            Sort::Priority => rows.order((
                conversations::priority.desc(),
                conversations::last_message_at.desc(),
                conversations::id.desc(),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_place_survives_its_url() {
        let at = DateTime::from_timestamp_micros(1_795_227_388_123_456).unwrap();
        let place = Place { priority: Priority::High, cursor: Cursor { at, id: Uuid::now_v7() } };
        assert_eq!(Place::parse(&place.to_string()), Some(place));
        for text in ["", "x", "high", "high.", "soon.AAAA", ".", "%00"] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }
}
