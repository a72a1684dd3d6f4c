//! What was done with conversations: a line in the thread, an audit entry and a live event for each change, written
//! together. Lines hold ids and states only; names are looked up when they are shown.

use super::model::{CHANGED, ConversationId, Priority, Status};
use crate::kit::audit;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::labels::model::LabelId;
use crate::schema::conversation_activities;
use crate::teams::model::TeamId;
use crate::users::model::UserId;
use crate::{ids, pg_enum};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use serde_json::{Value, json};

ids! {
    /// A line.
    ActivityId,
    /// What one person did at once, with one conversation or many.
    ChangeId,
}

pg_enum! {
    Kind over ConversationActivityKind {
        Owner = "owner", Team = "team", Priority = "priority", Label = "label", Status = "status"
    }
}

pg_enum! {
    /// Who or what made the change.
    Cause over ConversationActivityCause { User = "user", Customer = "customer", Clock = "clock" }
}

/// Lines that a window shows at most.
const MOST: i64 = 400;

/// What was one thing and is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Owner { from: Option<UserId>, to: Option<UserId> },
    Team { from: Option<TeamId>, to: Option<TeamId> },
    Priority { from: Priority, to: Priority },
    Label { label: LabelId, is_added: bool },
    Status(Step),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub from: Status,
    pub to: Status,
    /// Until when it was and is snoozed.
    pub old_until: Option<DateTime<Utc>>,
    pub new_until: Option<DateTime<Utc>>,
    /// Since when the customer was waiting before it.
    pub waiting: Option<DateTime<Utc>>,
}

/// By whom, and as part of which change.
#[derive(Debug, Clone, Copy)]
pub struct By {
    pub cause: Cause,
    pub user: Option<UserId>,
    pub change: ChangeId,
}

impl By {
    /// Something new that this user does.
    pub fn user(user: UserId) -> Self {
        Self { cause: Cause::User, user: Some(user), change: ChangeId::new() }
    }

    pub fn customer() -> Self {
        Self { cause: Cause::Customer, user: None, change: ChangeId::new() }
    }

    pub fn clock() -> Self {
        Self { cause: Cause::Clock, user: None, change: ChangeId::new() }
    }
}

/// A line of a thread.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = conversation_activities)]
pub struct Activity {
    pub id: ActivityId,
    pub conversation_id: ConversationId,
    kind: Kind,
    pub cause: Cause,
    pub actor_id: Option<UserId>,
    old_owner_id: Option<UserId>,
    new_owner_id: Option<UserId>,
    old_team_id: Option<TeamId>,
    new_team_id: Option<TeamId>,
    old_priority: Option<Priority>,
    new_priority: Option<Priority>,
    label_id: Option<LabelId>,
    is_added: Option<bool>,
    old_status: Option<Status>,
    new_status: Option<Status>,
    old_snoozed_until: Option<DateTime<Utc>>,
    new_snoozed_until: Option<DateTime<Utc>>,
    old_waiting_since: Option<DateTime<Utc>>,
    pub happened_at: DateTime<Utc>,
}

impl Activity {
    /// None: a row without what its kind needs, which nothing writes.
    pub fn change(&self) -> Option<Change> {
        Some(match self.kind {
            Kind::Owner => Change::Owner { from: self.old_owner_id, to: self.new_owner_id },
            Kind::Team => Change::Team { from: self.old_team_id, to: self.new_team_id },
            Kind::Priority => Change::Priority { from: self.old_priority?, to: self.new_priority? },
            Kind::Label => Change::Label { label: self.label_id?, is_added: self.is_added? },
            Kind::Status => Change::Status(Step {
                from: self.old_status?,
                to: self.new_status?,
                old_until: self.old_snoozed_until,
                new_until: self.new_snoozed_until,
                waiting: self.old_waiting_since,
            }),
        })
    }
}

#[auto_type]
fn of(tenant: TenantId) -> _ {
    conversation_activities::table.filter(conversation_activities::tenant_id.eq(tenant))
}

/// Writes down that `change` was made: the line, the audit entry, and word to every browser.
pub(super) fn write(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ConversationId,
    change: &Change,
    by: &By,
) -> Result<()> {
    insert(conn, tenant, id, change, by)?;
    let (action, before, after) = told(change);
    audit::record(conn, tenant, &audit::Entry::new(action, "conversations", id.get()).before(before).after(after))?;
    live::announce(conn, tenant, CHANGED, id.get())
}

fn insert(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, change: &Change, by: &By) -> Result<()> {
    use conversation_activities as line;
    let (mut owner, mut team, mut priority, mut label, mut step) = (None, None, None, None, None);
    let kind = match *change {
        Change::Owner { from, to } => {
            owner = Some((line::old_owner_id.eq(from), line::new_owner_id.eq(to)));
            Kind::Owner
        }
        Change::Team { from, to } => {
            team = Some((line::old_team_id.eq(from), line::new_team_id.eq(to)));
            Kind::Team
        }
        Change::Priority { from, to } => {
            priority = Some((line::old_priority.eq(from), line::new_priority.eq(to)));
            Kind::Priority
        }
        Change::Label { label: id, is_added } => {
            label = Some((line::label_id.eq(id), line::is_added.eq(is_added)));
            Kind::Label
        }
        Change::Status(Step { from, to, old_until, new_until, waiting }) => {
            let until = (line::old_snoozed_until.eq(old_until), line::new_snoozed_until.eq(new_until));
            step =
                Some((line::old_status.eq(from), line::new_status.eq(to), until, line::old_waiting_since.eq(waiting)));
            Kind::Status
        }
    };
    let (owner, team) = (owner.unzip(), team.unzip());
    let (priority, label) = (priority.unzip(), label.unzip());
    let (old_status, new_status, until, waiting) = match step {
        Some((old, new, until, waiting)) => (Some(old), Some(new), Some(until), Some(waiting)),
        None => (None, None, None, None),
    };
    let until = until.unzip();
    diesel::insert_into(line::table)
        .values((
            (
                line::tenant_id.eq(tenant),
                line::id.eq(ActivityId::new()),
                line::conversation_id.eq(id),
                line::change_id.eq(by.change),
                line::kind.eq(kind),
                line::cause.eq(by.cause),
                line::actor_id.eq(by.user),
                line::happened_at.eq(Utc::now()),
            ),
            (owner.0, owner.1, team.0, team.1, priority.0, priority.1, label.0, label.1),
            (old_status, new_status, until.0, until.1, waiting),
        ))
        .execute(conn)?;
    Ok(())
}

/// The action of the audit entry, and its before and after.
fn told(change: &Change) -> (&'static str, Value, Value) {
    match *change {
        Change::Owner { from, to } => ("assigned", json!({ "owner": from }), json!({ "owner": to })),
        Change::Team { from, to } => ("assigned", json!({ "team": from }), json!({ "team": to })),
        Change::Priority { from, to } => ("changed", json!({ "priority": from }), json!({ "priority": to })),
        Change::Label { label, is_added: true } => ("labelled", Value::Null, json!({ "label": label })),
        Change::Label { label, is_added: false } => ("labelled", json!({ "label": label }), Value::Null),
        Change::Status(Step { from, to, old_until, new_until, .. }) => {
            let state = |status: Status, until: Option<DateTime<Utc>>| match until {
                Some(until) => json!({ "status": status, "until": until }),
                None => json!({ "status": status }),
            };
            (to.word(), state(from, old_until), state(to, new_until))
        }
    }
}

/// The lines of a thread from `from` on and before `to`, oldest first; the newest of them, if they are very many.
pub fn between(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ConversationId,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
) -> Result<Vec<Activity>> {
    let mut rows = of(tenant).filter(conversation_activities::conversation_id.eq(id)).into_boxed::<Pg>();
    if let Some(from) = from {
        rows = rows.filter(conversation_activities::happened_at.ge(from));
    }
    if let Some(to) = to {
        rows = rows.filter(conversation_activities::happened_at.lt(to));
    }
    let newest = (conversation_activities::happened_at.desc(), conversation_activities::id.desc());
    let mut lines: Vec<Activity> = rows.order(newest).limit(MOST).select(Activity::as_select()).load(conn)?;
    lines.reverse();
    Ok(lines)
}

/// The lines of a change that this user has made, the last first.
///
/// # Errors
/// `NotFound` for somebody else's.
pub(super) fn of_change(
    conn: &mut PgConnection,
    tenant: TenantId,
    change: ChangeId,
    user: UserId,
) -> Result<Vec<Activity>> {
    let lines: Vec<Activity> = of(tenant)
        .filter(conversation_activities::change_id.eq(change).and(conversation_activities::actor_id.eq(user)))
        .order((conversation_activities::conversation_id, conversation_activities::id.desc()))
        .limit(MOST)
        .select(Activity::as_select())
        .load(conn)?;
    if lines.is_empty() { Err(Error::NotFound) } else { Ok(lines) }
}

/// Takes lines about labels away, which would go on telling what somebody was called.
pub(super) fn forget_labels(conn: &mut PgConnection, tenant: TenantId, ids: &[ConversationId]) -> Result<()> {
    let about = conversation_activities::kind.eq(Kind::Label);
    diesel::delete(of(tenant).filter(conversation_activities::conversation_id.eq_any(ids).and(about))).execute(conn)?;
    Ok(())
}
