//! The same change of many conversations, which is taken back as a whole.

use super::activities::By;
use super::model::{ConversationId, Priority, Scope};
use super::{holders, labelling, states, urgency};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::labels::model::LabelId;
use crate::teams::model::TeamId;
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

/// At once; a list shows no more.
pub const MOST: usize = 300;

/// What shall become of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Owner(Option<UserId>),
    Team(Option<TeamId>),
    Priority(Priority),
    Label {
        label: LabelId,
        is_wanted: bool,
    },
    Resolved,
    Open,
    /// None: until the customer writes.
    Snoozed(Option<DateTime<Utc>>),
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    pub changed: usize,
    /// It was so before.
    pub same: usize,
    /// Why, and how many.
    pub refused: Vec<(String, usize)>,
}

/// Makes the wish come true for each of these, as far as each allows. Those out of scope are refused like those that are
/// not there.
///
/// # Errors
/// Only what concerns all of them; a refusal of one is counted.
pub fn apply(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    mut ids: Vec<ConversationId>,
    wish: Wish,
    by: &By,
) -> Result<Outcome> {
    // In one order, so that two who change many do not wait for each other crosswise.
    ids.sort();
    ids.dedup();
    let mut outcome = Outcome::default();
    for id in ids {
        match one(conn, tenant, scope, id, wish, by) {
            Ok(true) => outcome.changed += 1,
            Ok(false) => outcome.same += 1,
            Err(Error::Refused(why)) => outcome.refuse(why),
            Err(Error::NotFound) => outcome.refuse("It is not there for you any more.".into()),
            Err(error) => return Err(error),
        }
    }
    Ok(outcome)
}

fn one(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    id: ConversationId,
    wish: Wish,
    by: &By,
) -> Result<bool> {
    match wish {
        Wish::Owner(to) => holders::assign(conn, tenant, scope, id, to, None, by),
        Wish::Team(to) => holders::give_to_team(conn, tenant, scope, id, to, None, by),
        Wish::Priority(to) => urgency::set_priority(conn, tenant, scope, id, to, None, by),
        Wish::Label { label, is_wanted } => labelling::set_label(conn, tenant, scope, id, label, is_wanted, by),
        Wish::Resolved => states::resolve(conn, tenant, scope, id, by),
        Wish::Open => states::reopen(conn, tenant, scope, id, by),
        Wish::Snoozed(until) => states::snooze(conn, tenant, scope, id, until, by),
    }
}

impl Outcome {
    fn refuse(&mut self, why: String) {
        match self.refused.iter_mut().find(|(known, _)| *known == why) {
            Some((_, count)) => *count += 1,
            None => self.refused.push((why, 1)),
        }
    }
}
