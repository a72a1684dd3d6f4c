//! What the inbox shows, read in one transaction; only the parts that were asked for.

use super::named::Named;
use super::rows;
use crate::calls;
use crate::calls::model::Call;
use crate::conversations::activities::{self, Activity};
use crate::conversations::drafts::{self, Drafts, Kind};
use crate::conversations::filter::{Filter, Place};
use crate::conversations::holders;
use crate::conversations::labelling;
use crate::conversations::listing::{self, Brief, Counts, Row, Search};
use crate::conversations::mentions;
use crate::conversations::model::{self as conversations, Conversation, ConversationId, Scope};
use crate::conversations::readers;
use crate::customers::labels;
use crate::customers::model::{self as customers, Customer, CustomerId, Identity};
use crate::customers::reads::{self, First, Reads};
use crate::kit::error::{Error, Result};
use crate::kit::jobs::enqueue;
use crate::kit::tenant::TenantId;
use crate::labels::model::{self as labels_of_tenant, Label};
use crate::messages::attachments::{self, Attachment};
use crate::messages::jobs::SendSeen;
use crate::messages::mentioning::{self, Colleague};
use crate::messages::model::{Message, MessageId};
use crate::messages::thread::{self, Part, Window};
use crate::messages::{outbox, signals};
use crate::notifications::model as notifications;
use crate::numbers::model::{self as numbers, Number};
use crate::teams::model::{self as teams, Team, TeamId};
use crate::users::directory::Person;
use crate::users::model::{self as users, UserId};
use chrono::{DateTime, Utc};
use diesel::PgConnection;

/// Which parts are wanted, and of what.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub counts: bool,
    /// What can be done with many rows.
    pub offers: bool,
    pub list: Option<List>,
    pub thread: Option<Open>,
}

#[derive(Debug, Clone, Default)]
pub struct List {
    pub filter: Filter,
    pub search: Search,
    pub after: Option<Place>,
    /// Rows that are on the screen already; at most a few pages.
    pub rows: usize,
}

#[derive(Debug, Clone)]
pub struct Open {
    pub conversation: ConversationId,
    pub window: Window,
    pub reply_to: Option<MessageId>,
    /// What the composer writes.
    pub composes: Kind,
    /// Marks it as read; None where it is only refreshed.
    pub reading: Option<Reading>,
    /// Where the customer is shown: who is known to have looked.
    pub reads: Option<Reads>,
}

impl Open {
    fn shows_customer(&self) -> bool {
        self.reads.is_some()
    }
}

/// Somebody opens a thread.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Whether the customer may see that it was read: only those who can answer send that.
    pub tells_customer: bool,
}

#[derive(Debug, Default)]
pub struct Found {
    pub counts: Counts,
    pub numbers: Vec<Number>,
    pub rows: Vec<Row>,
    pub has_more: bool,
    /// Whom the rows name, and the filter.
    pub people: Vec<(UserId, String)>,
    pub team_names: Vec<(TeamId, String)>,
    /// The labels of the rows.
    pub tags: Vec<(ConversationId, Label)>,
    /// Who can be given one: filled with the whole page, for those who may.
    pub holders: Vec<Person>,
    /// What can be chosen: filled with the counts.
    pub teams: Vec<Team>,
    pub labels: Vec<Label>,
    /// Of the reader's teams, of all for those who see all.
    pub team_counts: Vec<(TeamId, i32)>,
    pub thread: Option<Opened>,
}

#[derive(Debug)]
pub struct Opened {
    pub conversation: Conversation,
    pub messages: Vec<Message>,
    pub has_older: bool,
    /// The window is no longer where new messages come in.
    pub has_newer: bool,
    /// Those of the window, oldest first.
    pub calls: Vec<Call>,
    /// (bare id, emoji), oldest first.
    pub reactions: Vec<(String, String)>,
    pub drafts: Drafts,
    pub composes: Kind,
    /// Files of the answer; filled where one is written.
    pub attachments: Vec<Attachment>,
    /// Whom a note can name; filled where one is written.
    pub colleagues: Vec<Colleague>,
    /// What was done with it between these messages, oldest first.
    pub activities: Vec<Activity>,
    /// Everybody whom the thread names: authors, who is named in notes, and whom the activities and the header are about.
    pub people: Vec<(UserId, String)>,
    pub teams: Vec<(TeamId, String)>,
    /// That activities name.
    pub named_labels: Vec<Label>,
    /// Its own.
    pub tags: Vec<Label>,
    pub reply_to: Option<Message>,
    pub customer: Option<Customer>,
    pub identities: Vec<Identity>,
    /// Filled where the customer is shown.
    pub labels: Vec<Label>,
    /// Those with the customer that the reader may see, this one among them; filled where the customer is shown.
    pub threads: Vec<Brief>,
    /// The look at the customer that was written down with this; to be kept in mind when that is there to stay.
    pub first_look: Option<First>,
}

/// # Errors
/// `NotFound` when the conversation is not this reader's to see.
pub fn find(conn: &mut PgConnection, tenant: TenantId, scope: Scope, wanted: &Wanted) -> Result<Found> {
    let mut found = Found { numbers: numbers::list(conn, tenant)?, ..Found::default() };
    if wanted.counts {
        found.counts = listing::counts(conn, tenant, scope)?;
        found.teams = teams::list(conn, tenant, false)?;
        found.labels = labels_of_tenant::list(conn, tenant, false)?;
        found.team_counts = rows::of_teams(conn, tenant, scope, &found.teams)?;
    }
    if wanted.offers {
        found.holders = holders::people(conn, tenant)?;
    }
    if let Some(open) = &wanted.thread {
        found.thread = Some(open_thread(conn, tenant, scope, open)?);
    }
    // After the thread, which may just have been read.
    if let Some(list) = &wanted.list {
        rows::read(conn, tenant, scope, list, &mut found)?;
    }
    Ok(found)
}

fn open_thread(conn: &mut PgConnection, tenant: TenantId, scope: Scope, open: &Open) -> Result<Opened> {
    let conversation = conversations::find(conn, tenant, scope, open.conversation)?;
    let Part { messages, has_older, until } = thread::window(conn, tenant, conversation.id, open.window)?;
    let calls = calls_among(conn, tenant, scope, &conversation, (&messages, has_older, until))?;
    let reactions = reactions_to(conn, tenant, &conversation, &messages)?;
    let activities = activities_between(conn, tenant, open, (&messages, has_older, until))?;
    let named = Named::of(&conversation, &messages, &activities);
    // One who was deleted or erased has left their words.
    let customer = match conversation.customer_id.map(|id| customers::find(conn, tenant, id)).transpose() {
        Err(Error::NotFound) => None,
        customer => customer?,
    };
    let identities = conversation.customer_id.map(|id| customers::identities(conn, tenant, id)).transpose()?;
    let (labels, threads) = match &customer {
        Some(customer) if open.shows_customer() => about(conn, tenant, scope, customer.id)?,
        _ => Default::default(),
    };
    if let Some(reading) = open.reading {
        read(conn, tenant, scope, &conversation, reading)?;
    }
    let (attachments, colleagues) = match open.composes {
        Kind::Answer => (attachments::list(conn, tenant, conversation.id, scope.reader)?, Vec::new()),
        Kind::Note => (Vec::new(), mentioning::colleagues(conn, tenant)?),
    };
    let first_look = match (&open.reads, conversation.customer_id) {
        (Some(reads), Some(customer)) => reads.first(scope.reader.get(), customer).map(|first| (first, customer)),
        _ => None,
    };
    if let Some((_, customer)) = &first_look {
        reads::note(conn, tenant, *customer)?;
    }
    Ok(Opened {
        people: if named.people.is_empty() { Vec::new() } else { users::names(conn, tenant, &named.people)? },
        teams: if named.teams.is_empty() { Vec::new() } else { teams::names(conn, tenant, &named.teams)? },
        named_labels: match named.labels.is_empty() {
            true => Vec::new(),
            false => labels_of_tenant::some(conn, tenant, &named.labels)?,
        },
        tags: labelling::of_conversations(conn, tenant, &[conversation.id])?.into_iter().map(|(_, tag)| tag).collect(),
        activities,
        drafts: drafts::of_user(conn, tenant, conversation.id, scope.reader)?,
        composes: open.composes,
        attachments,
        colleagues,
        reply_to: open.reply_to.map(|id| outbox::quotable(conn, tenant, conversation.id, id)).transpose()?,
        conversation,
        messages,
        has_older,
        has_newer: until.is_some(),
        calls,
        reactions,
        customer,
        identities: identities.unwrap_or_default(),
        labels,
        threads,
        first_look: first_look.map(|(first, _)| first),
    })
}

/// (bare id, emoji) of those that messages got.
fn reactions_to(
    conn: &mut PgConnection,
    tenant: TenantId,
    conversation: &Conversation,
    messages: &[Message],
) -> Result<Vec<(String, String)>> {
    let keys: Vec<&str> = messages.iter().filter_map(|message| message.message_key.as_deref()).collect();
    match conversation.session_id {
        Some(number) if !keys.is_empty() => signals::reactions(conn, tenant, number, &keys),
        _ => Ok(Vec::new()),
    }
}

/// The calls between the messages of a window; those before the first message of all belong to the oldest window.
fn calls_among(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    conversation: &Conversation,
    (messages, has_older, until): (&[Message], bool, Option<DateTime<Utc>>),
) -> Result<Vec<Call>> {
    let scope = calls::model::Scope { reader: scope.reader, sees_all: scope.sees_all };
    let from = messages.first().map(|message| message.occurred_at).filter(|_| has_older);
    calls::listing::of_thread(conn, tenant, scope, conversation, from, until)
}

/// What was done since the first message of the window and, in a page of older ones, before the first one below it.
fn activities_between(
    conn: &mut PgConnection,
    tenant: TenantId,
    open: &Open,
    (messages, has_older, until): (&[Message], bool, Option<DateTime<Utc>>),
) -> Result<Vec<Activity>> {
    let from = messages.first().filter(|_| has_older).map(|first| first.occurred_at);
    activities::between(conn, tenant, open.conversation, from, until)
}

/// What stands beside a customer: their labels, and their threads.
fn about(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    customer: CustomerId,
) -> Result<(Vec<Label>, Vec<Brief>)> {
    let stuck = labels::of_customers(conn, tenant, &[customer])?;
    let labels = stuck.into_iter().map(|(_, label)| label).collect();
    Ok((labels, listing::of_customer(conn, tenant, scope, customer)?))
}

/// Marks a conversation as read by this user, and tells the customer where that is wanted and news.
pub fn read(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    conversation: &Conversation,
    reading: Reading,
) -> Result<()> {
    mentions::seen(conn, tenant, conversation.id, scope.reader)?;
    notifications::looked(conn, tenant, scope.reader, conversation.id.get())?;
    let is_news = readers::read(conn, tenant, conversation.id, scope.reader, conversation.inbound_count)?;
    match (is_news && reading.tells_customer, conversation.session_id, &conversation.chat_id) {
        (true, Some(number), Some(chat_id)) => enqueue(conn, tenant, &SendSeen { number, chat_id: chat_id.clone() }),
        _ => Ok(()),
    }
}
