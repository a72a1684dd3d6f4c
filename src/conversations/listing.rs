//! The list of conversations, a page at a time, and the counts beside the queues.

use super::filter::{Filter, NEVER_WAITS, Place, Queue, Sort};
use super::mentions;
use super::model::{ConversationId, Direction, MessageStatus, Priority, Scope, Status, of, within};
use super::sql::{switchboard_queue_counts, switchboard_search_conversations, switchboard_team_counts};
use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::page::Cursor;
use crate::kit::tenant::TenantId;
use crate::numbers::model::NumberId;
use crate::schema::mentions as named;
use crate::schema::{conversation_readers, conversations, drafts};
use crate::teams::model::TeamId;
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;

/// Conversations per page.
pub const PAGE: usize = 30;
/// Rows at once, for a list that was scrolled down and is shown anew.
pub const MOST: usize = 300;

/// 100 means "more than 99".
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    pub open: i32,
    pub mine: i32,
    pub unassigned: i32,
    pub mentions: i32,
    pub snoozed: i32,
}

/// A thread with a customer, as the customer's page names it.
#[derive(Debug, Clone, Queryable)]
pub struct Brief {
    pub id: ConversationId,
    pub status: Status,
    pub number: Option<NumberId>,
    pub assignee: Option<UserId>,
    pub inbound_count: i32,
    pub last_message_at: Option<DateTime<Utc>>,
    pub last_message_preview: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// The threads with a customer that the reader may see, newest first; at most 50.
pub fn of_customer(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    customer: CustomerId,
) -> Result<Vec<Brief>> {
    let rows = of(tenant)
        .filter(conversations::customer_id.eq(customer))
        .filter(within(scope))
        .order((conversations::last_message_at.desc(), conversations::id.desc()))
        .limit(50)
        .select((
            conversations::id,
            conversations::status,
            conversations::session_id,
            conversations::assignee_id,
            conversations::inbound_count,
            conversations::last_message_at,
            conversations::last_message_preview,
            conversations::created_at,
        ))
        .load(conn)?;
    Ok(rows)
}

/// A row of the list.
#[derive(Debug, Clone, Queryable)]
pub struct Row {
    pub id: ConversationId,
    pub title: String,
    pub is_group: bool,
    pub status: Status,
    pub last_message_at: Option<DateTime<Utc>>,
    pub last_message_preview: Option<String>,
    pub last_message_direction: Option<Direction>,
    pub last_message_status: Option<MessageStatus>,
    pub waiting_since: Option<DateTime<Utc>>,
    pub inbound_count: i32,
    pub number_id: Option<NumberId>,
    pub owner: Option<UserId>,
    pub team: Option<TeamId>,
    pub priority: Priority,
    pub snoozed_until: Option<DateTime<Utc>>,
    pub inbound_seen: Option<i32>,
    pub draft: Option<String>,
    pub note_draft: Option<String>,
    /// The reader was named and has not looked since.
    pub is_named: bool,
}

impl Row {
    pub fn unread(&self) -> i32 {
        self.inbound_count - self.inbound_seen.unwrap_or(0)
    }

    /// Where the next page of a list in this order starts.
    pub fn place(&self, sort: Sort) -> Place {
        let at = match sort {
            Sort::Waiting => self.waiting_since,
            Sort::Newest | Sort::Priority => self.last_message_at,
        };
        Place { priority: self.priority, cursor: Cursor { at: at.unwrap_or(NEVER_WAITS), id: self.id.get() } }
    }
}

/// What a conversation is looked for by.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Part of a name, or of a number as people write it. Empty: no search.
    pub words: String,
    /// Whether the searcher may learn who has which number.
    pub by_number: bool,
}

/// `size + 1` rows that fit, after `after`, so that `page::cut` can tell whether more follow. With `search` those whose
/// name or number contains it.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    filter: &Filter,
    search: &Search,
    after: Option<Place>,
    size: usize,
) -> Result<Vec<Row>> {
    let mut rows = filter.rows(tenant, scope);
    if filter.queue == Queue::Mentions {
        rows = rows.filter(conversations::id.eq_any(mentions::threads(conn, tenant, scope.reader)?));
    }
    if !search.words.is_empty() {
        let found: Vec<ConversationId> =
            diesel::select(switchboard_search_conversations(tenant, &search.words, search.by_number))
                .get_result(conn)?;
        rows = rows.filter(conversations::id.eq_any(found));
    }
    let rows = filter.ordered(rows, after).limit(size as i64 + 1);
    Ok(rows.select(columns(scope.reader)).load(conn)?)
}

/// In the order of [`Row`]. What the reader has seen and drafted is looked up row by row: joined, a plan that is made
/// without knowing how few rows are wanted would read all of both tables first.
#[auto_type]
fn columns(reader: UserId) -> _ {
    let seen = conversation_readers::table
        .filter(conversation_readers::tenant_id.eq(conversations::tenant_id))
        .filter(conversation_readers::conversation_id.eq(conversations::id))
        .filter(conversation_readers::user_id.eq(reader))
        .select(conversation_readers::inbound_seen)
        .single_value();
    let draft = drafts::table
        .filter(drafts::tenant_id.eq(conversations::tenant_id))
        .filter(drafts::conversation_id.eq(conversations::id))
        .filter(drafts::user_id.eq(reader))
        .select(drafts::body)
        .single_value();
    let note = drafts::table
        .filter(drafts::tenant_id.eq(conversations::tenant_id))
        .filter(drafts::conversation_id.eq(conversations::id))
        .filter(drafts::user_id.eq(reader))
        .select(drafts::note)
        .single_value();
    let is_named = diesel::dsl::exists(
        named::table
            .filter(named::tenant_id.eq(conversations::tenant_id))
            .filter(named::user_id.eq(reader))
            .filter(named::conversation_id.eq(conversations::id))
            .filter(named::seen_at.is_null()),
    );
    (
        conversations::id,
        conversations::title,
        conversations::is_group,
        conversations::status,
        conversations::last_message_at,
        conversations::last_message_preview,
        conversations::last_message_direction,
        conversations::last_message_status,
        conversations::waiting_since,
        conversations::inbound_count,
        conversations::session_id,
        conversations::assignee_id,
        conversations::team_id,
        conversations::priority,
        conversations::snoozed_until,
        seen,
        draft,
        note,
        is_named,
    )
}

pub fn counts(conn: &mut PgConnection, tenant: TenantId, scope: Scope) -> Result<Counts> {
    let counted: Vec<i32> = diesel::select(switchboard_queue_counts(scope.reader, scope.sees_all)).get_result(conn)?;
    let count = |at: usize| counted.get(at).copied().unwrap_or(0);
    let mentions = mentions::unseen(conn, tenant, scope.reader)?;
    Ok(Counts { open: count(0), mine: count(1), unassigned: count(2), mentions, snoozed: count(3) })
}

/// Open conversations of each of these teams, in their order; 100 means "more than 99".
pub fn team_counts(conn: &mut PgConnection, _: TenantId, teams: &[TeamId]) -> Result<Vec<i32>> {
    match teams.is_empty() {
        true => Ok(Vec::new()),
        false => Ok(diesel::select(switchboard_team_counts(teams)).get_result(conn)?),
    }
}
