//! The agents' page.

mod about;
mod attachments;
mod customer;
mod drafts;
mod files_sent;
mod filters;
mod holders;
mod kinds;
mod list;
mod many;
mod masked;
mod media;
mod notes;
mod pills;
mod scope;
mod sending;
mod snooze;
mod states;
mod thread;

use super::support::TestApp;
use switchboard::numbers::model::NumberId;

/// So many conversations over `number`, each with one message; two at a time share their moment.
fn many_conversations(app: &TestApp, number: NumberId, count: usize) {
    app.sql(&format!(
        "WITH people AS (
             INSERT INTO customers (tenant_id, id, phone, customer_type)
             SELECT '{0}', gen_random_uuid(), (90000000000 + n)::text, 'new' FROM generate_series(1, {count}) AS n
             RETURNING id, phone),
         known AS (
             INSERT INTO customer_identities (tenant_id, id, customer_id, kind, value, source)
             SELECT '{0}', gen_random_uuid(), id, 'phone', phone, 'test' FROM people)
         INSERT INTO conversations (tenant_id, id, kind, title, session_id, chat_id, customer_id, last_message_at,
             last_message_preview, last_message_direction, last_message_status, inbound_count, waiting_since)
         SELECT '{0}', gen_random_uuid(), 'customer', 'Customer ' || phone, '{number}', phone || '@c.us', id,
             now() - (phone::bigint - 90000000000) / 2 * interval '1 minute', 'Hello from ' || phone, 'inbound',
             'delivered', 1, now() FROM people",
        app.acme
    ));
}

/// So many messages from the customer, a minute apart; `Line 1` is the oldest.
fn many_messages(app: &TestApp, conversation: impl std::fmt::Display, count: usize) {
    app.sql(&format!(
        "INSERT INTO messages (tenant_id, id, conversation_id, session_id, direction, status, body, message_key, occurred_at)
         SELECT tenant_id, gen_random_uuid(), id, session_id, 'inbound', 'delivered', 'Line ' || n || '.', 'KEY' || n,
             now() - ({count} - n) / 2 * interval '1 minute' - interval '1 hour'
         FROM conversations, generate_series(1, {count}) AS n WHERE id = '{conversation}'"
    ));
}

/// The ids of the elements whose id begins with `prefix`, in order.
fn ids(html: &str, prefix: &str) -> Vec<String> {
    let begin = format!(r#"id="{prefix}"#);
    let found = html.split(&begin).skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
    found.filter(|id| id.len() == 36).map(str::to_owned).collect()
}

/// The address that "Load more" or "Load older" leads to.
pub fn next_page(html: &str, id: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!(r#"id="{id}" class="more""#))?;
    let (_, rest) = rest.split_once(r#"href=""#)?;
    Some(rest.split('"').next().unwrap_or_default().replace("&#38;", "&"))
}
