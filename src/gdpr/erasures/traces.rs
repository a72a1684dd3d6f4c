//! By what somebody is known, so that all of theirs is found: addresses, names, and where they have written.

use super::redaction::Person;
use crate::conversations::model::ConversationId;
use crate::customers::erased;
use crate::customers::model::{CustomerId, IdentityKind};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::{conversations, customer_identities, customers, messages};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// Shorter words stand in too much that is not theirs.
const SHORTEST: usize = 6;

#[auto_type]
fn customers_of(tenant: TenantId) -> _ {
    customers::table.filter(customers::tenant_id.eq(tenant))
}

#[auto_type]
fn identities_of(tenant: TenantId) -> _ {
    customer_identities::table.filter(customer_identities::tenant_id.eq(tenant))
}

#[auto_type]
fn conversations_of(tenant: TenantId) -> _ {
    conversations::table.filter(conversations::tenant_id.eq(tenant))
}

#[auto_type]
fn messages_of(tenant: TenantId) -> _ {
    messages::table.filter(messages::tenant_id.eq(tenant))
}

/// The addresses that they have or had.
pub fn addresses(
    conn: &mut PgConnection,
    tenant: TenantId,
    people: &[CustomerId],
) -> Result<Vec<(IdentityKind, String)>> {
    let known = identities_of(tenant).filter(customer_identities::customer_id.eq_any(people));
    let mut found: Vec<(IdentityKind, String)> =
        known.select((customer_identities::kind, customer_identities::value)).load(conn)?;
    let own = customers_of(tenant).filter(customers::id.eq_any(people)).select((customers::phone, customers::email));
    for (phone, email) in own.load::<(Option<String>, Option<String>)>(conn)? {
        found.extend(phone.map(|phone| (IdentityKind::Phone, phone)));
        found.extend(email.map(|email| (IdentityKind::Email, email)));
    }
    let chats = conversations_of(tenant)
        .filter(conversations::customer_id.eq_any(people).and(diesel::dsl::not(conversations::is_group)))
        .select(conversations::chat_id)
        .load::<Option<String>>(conn)?;
    found.extend(chats.into_iter().flatten().map(|chat| (IdentityKind::ChatId, chat)));
    found.sort();
    found.dedup();
    Ok(found)
}

fn external_ids(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<Vec<String>> {
    let own = customers_of(tenant).filter(customers::id.eq_any(people)).filter(customers::external_id.is_not_null());
    Ok(own.select(customers::external_id.assume_not_null()).load(conn)?)
}

/// Words by which texts that name them are found: addresses in the forms in which WhatsApp writes them, and what another
/// program calls them.
pub fn words(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<Vec<String>> {
    let mut words = BTreeSet::new();
    for (kind, value) in addresses(conn, tenant, people)? {
        match kind {
            IdentityKind::Phone => {
                words.insert(format!("{value}@c.us"));
                words.insert(format!("{value}@s.whatsapp.net"));
            }
            IdentityKind::ChatId | IdentityKind::Lid => {
                words.insert(value.split('@').next().unwrap_or_default().to_owned());
            }
            IdentityKind::Email => {}
        }
        words.insert(value);
    }
    words.extend(external_ids(conn, tenant, people)?);
    Ok(words.into_iter().filter(|word| word.chars().count() >= SHORTEST && word != "erased").collect())
}

/// Hashes of their addresses, so that no import brings them back.
pub fn hashes(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, people: &[CustomerId]) -> Result<Vec<String>> {
    let addresses = addresses(conn, tenant, people)?;
    let external_ids = external_ids(conn, tenant, people)?;
    let known = addresses.iter().map(|(kind, value)| erased::hash(vault, tenant, *kind, value));
    Ok(known.chain(external_ids.iter().map(|id| erased::hash_of_external_id(vault, tenant, id))).collect())
}

/// What is taken out of messages whose words are kept.
pub fn person(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<Person> {
    type Names = (Option<String>, Option<String>, Option<String>);
    let own = customers_of(tenant).filter(customers::id.eq_any(people));
    let rows: Vec<Names> =
        own.select((customers::first_name, customers::last_name, customers::display_name)).load(conn)?;
    let names: Vec<String> = rows.into_iter().flat_map(|(first, last, told)| [first, last, told]).flatten().collect();
    Ok(Person::new(&names, &words(conn, tenant, people)?))
}

/// Their own conversations, also deleted ones; groups are not theirs.
pub fn threads(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<Vec<ConversationId>> {
    let own = conversations_of(tenant)
        .filter(conversations::customer_id.eq_any(people).and(diesel::dsl::not(conversations::is_group)))
        .order(conversations::id)
        .limit(10_000);
    Ok(own.select(conversations::id).load(conn)?)
}

/// How many messages stand in their own conversations.
pub fn count_messages(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<i64> {
    let threads = threads(conn, tenant, people)?;
    Ok(messages_of(tenant).filter(messages::conversation_id.eq_any(threads)).count().get_result(conn)?)
}

/// From here on no message is added to their own conversations until the transaction ends.
pub fn hold_threads(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<()> {
    let own = conversations_of(tenant).filter(conversations::customer_id.eq_any(people)).order(conversations::id);
    own.select(conversations::id).for_update().load::<ConversationId>(conn)?;
    Ok(())
}
