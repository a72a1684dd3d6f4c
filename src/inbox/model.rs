//! What the inbox shows, read in one transaction; only the parts that were asked for.

use crate::calls;
use crate::calls::model::Call;
use crate::conversations::drafts;
use crate::conversations::listing::{self, Brief, Counts, Queue, Row, Search};
use crate::conversations::model::{self as conversations, Conversation, ConversationId, Scope};
use crate::conversations::readers;
use crate::customers::labels;
use crate::customers::model::{self as customers, Customer, CustomerId, Identity};
use crate::customers::reads::{self, First, Reads};
use crate::kit::error::{Error, Result};
use crate::kit::jobs::enqueue;
use crate::kit::page::{Cursor, cut};
use crate::kit::tenant::TenantId;
use crate::labels::model::Label;
use crate::messages::jobs::SendSeen;
use crate::messages::model::{Message, MessageId};
use crate::messages::thread::{self, Window};
use crate::messages::{outbox, signals};
use crate::notifications::model as notifications;
use crate::numbers::model::{self as numbers, Number};
use crate::users::model::{self as users, UserId};
use diesel::PgConnection;

/// Which parts are wanted, and of what.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub counts: bool,
    pub list: Option<List>,
    pub thread: Option<Open>,
}

#[derive(Debug, Clone, Default)]
pub struct List {
    pub queue: Queue,
    pub search: Search,
    pub after: Option<Cursor>,
    /// Rows that are on the screen already; at most a few pages.
    pub rows: usize,
}

#[derive(Debug, Clone)]
pub struct Open {
    pub conversation: ConversationId,
    pub window: Window,
    pub reply_to: Option<MessageId>,
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
    pub thread: Option<Opened>,
}

#[derive(Debug)]
pub struct Opened {
    pub conversation: Conversation,
    pub messages: Vec<Message>,
    pub has_older: bool,
    /// Those of the window, oldest first.
    pub calls: Vec<Call>,
    /// (bare id, emoji), oldest first.
    pub reactions: Vec<(String, String)>,
    pub authors: Vec<(UserId, String)>,
    pub draft: String,
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
    }
    if let Some(open) = &wanted.thread {
        found.thread = Some(open_thread(conn, tenant, scope, open)?);
    }
    // After the thread, which may just have been read.
    if let Some(list) = &wanted.list {
        let size = list.rows.clamp(listing::PAGE, listing::MOST);
        let rows = listing::page(conn, tenant, scope, list.queue, &list.search, list.after, size)?;
        (found.rows, found.has_more) = cut(rows, size);
    }
    Ok(found)
}

fn open_thread(conn: &mut PgConnection, tenant: TenantId, scope: Scope, open: &Open) -> Result<Opened> {
    let conversation = conversations::find(conn, tenant, scope, open.conversation)?;
    let (messages, has_older) = thread::window(conn, tenant, conversation.id, open.window)?;
    let calls = calls_among(conn, tenant, scope, &conversation, open.window, &messages, has_older)?;
    let keys: Vec<&str> = messages.iter().filter_map(|message| message.message_key.as_deref()).collect();
    let reactions = match conversation.session_id {
        Some(number) if !keys.is_empty() => signals::reactions(conn, tenant, number, &keys)?,
        _ => Vec::new(),
    };
    let mut authors: Vec<UserId> = messages.iter().filter_map(|message| message.author_id).collect();
    authors.sort();
    authors.dedup();
    // One who was deleted or erased has left their words.
    let customer = match conversation.customer_id.map(|id| customers::find(conn, tenant, id)).transpose() {
        Err(Error::NotFound) => None,
        customer => customer?,
    };
    let identities = match conversation.customer_id {
        Some(id) => customers::identities(conn, tenant, id)?,
        None => Vec::new(),
    };
    let (labels, threads) = match &customer {
        Some(customer) if open.shows_customer() => about(conn, tenant, scope, customer.id)?,
        _ => Default::default(),
    };
    if let Some(reading) = open.reading {
        read(conn, tenant, scope, &conversation, reading)?;
    }
    let first_look = match (&open.reads, conversation.customer_id) {
        (Some(reads), Some(customer)) => reads.first(scope.reader.get(), customer).map(|first| (first, customer)),
        _ => None,
    };
    if let Some((_, customer)) = &first_look {
        reads::note(conn, tenant, *customer)?;
    }
    Ok(Opened {
        authors: if authors.is_empty() { Vec::new() } else { users::names(conn, tenant, &authors)? },
        draft: drafts::of_user(conn, tenant, conversation.id, scope.reader)?,
        reply_to: open.reply_to.map(|id| outbox::quotable(conn, tenant, conversation.id, id)).transpose()?,
        conversation,
        messages,
        has_older,
        calls,
        reactions,
        customer,
        identities,
        labels,
        threads,
        first_look: first_look.map(|(first, _)| first),
    })
}

/// The calls between the messages of a window; those before the first message of all belong to the oldest window.
fn calls_among(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    conversation: &Conversation,
    window: Window,
    messages: &[Message],
    has_older: bool,
) -> Result<Vec<Call>> {
    let scope = calls::model::Scope { reader: scope.reader, sees_all: scope.sees_all };
    let from = messages.first().map(|message| message.occurred_at).filter(|_| has_older);
    let until = match window {
        Window::Before(cursor) => Some(cursor.at),
        Window::Newest | Window::From(_) => None,
    };
    calls::listing::of_thread(conn, tenant, scope, conversation, from, until)
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
    notifications::looked(conn, tenant, scope.reader, conversation.id.get())?;
    let is_news = readers::read(conn, tenant, conversation.id, scope.reader, conversation.inbound_count)?;
    match (is_news && reading.tells_customer, conversation.session_id, &conversation.chat_id) {
        (true, Some(number), Some(chat_id)) => enqueue(conn, tenant, &SendSeen { number, chat_id: chat_id.clone() }),
        _ => Ok(()),
    }
}
