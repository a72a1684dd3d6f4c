//! Who is in calls: names for pages, and whom somebody means who writes a call down.

use super::model::Call;
use crate::conversations::chats;
use crate::conversations::model::{self as conversations, ConversationId};
use crate::customers::addresses;
use crate::customers::model::{self as customer, CustomerId, IdentityKind};
use crate::kit::email::Email;
use crate::kit::error::{Error, Result};
use crate::kit::phone::{Phone, Region};
use crate::kit::tenant::TenantId;
use crate::numbers::model::{self as numbers, Number, NumberId};
use crate::schema::customers;
use crate::users::model::{self as users, UserId};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use std::collections::HashMap;

#[auto_type]
fn people_of(tenant: TenantId) -> _ {
    customers::table.filter(customers::tenant_id.eq(tenant))
}

/// A customer as far as calls name them.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = customers)]
pub struct Named {
    pub id: CustomerId,
    first_name: Option<String>,
    last_name: Option<String>,
    display_name: Option<String>,
    pub phone: Option<String>,
}

impl Named {
    /// None where only an address is known.
    pub fn name(&self) -> Option<String> {
        customer::name(&self.first_name, &self.last_name, &self.display_name)
    }
}

/// Whoever is in the calls of a page.
#[derive(Debug, Default)]
pub struct Parties {
    pub customers: HashMap<CustomerId, Named>,
    pub users: HashMap<UserId, String>,
    pub numbers: HashMap<NumberId, String>,
}

impl Parties {
    pub fn user(&self, id: Option<UserId>) -> Option<&str> {
        id.and_then(|id| self.users.get(&id)).map(String::as_str)
    }

    pub fn number(&self, id: Option<NumberId>) -> Option<&str> {
        id.and_then(|id| self.numbers.get(&id)).map(String::as_str)
    }

    pub fn customer(&self, id: Option<CustomerId>) -> Option<&Named> {
        id.and_then(|id| self.customers.get(&id))
    }
}

pub fn of_calls(conn: &mut PgConnection, tenant: TenantId, calls: &[Call]) -> Result<Parties> {
    let mut people: Vec<UserId> = calls.iter().flat_map(Call::users).collect();
    people.sort();
    people.dedup();
    let theirs: Vec<CustomerId> = calls.iter().filter_map(|call| call.customer_id).collect();
    let rows: Vec<Named> =
        people_of(tenant).filter(customers::id.eq_any(theirs)).select(Named::as_select()).load(conn)?;
    let numbers = numbers::list(conn, tenant)?;
    Ok(Parties {
        customers: rows.into_iter().map(|named| (named.id, named)).collect(),
        users: users::names(conn, tenant, &people)?.into_iter().collect(),
        numbers: numbers.into_iter().map(|Number { id, name, .. }| (id, name)).collect(),
    })
}

/// The living customer whose id, phone number or email address this is.
pub fn meant(
    conn: &mut PgConnection,
    tenant: TenantId,
    words: &str,
    region: Option<Region>,
) -> Result<Option<CustomerId>> {
    let words = words.trim();
    if let Ok(id) = words.parse::<CustomerId>() {
        let living = people_of(tenant).filter(customers::id.eq(id)).filter(customers::deleted_at.is_null());
        return Ok(living.select(customers::id).first(conn).optional()?);
    }
    if let Ok(phone) = Phone::parse(words, region)
        && let Some(found) = addresses::holder(conn, tenant, IdentityKind::Phone, phone.digits())?
    {
        return Ok(Some(found));
    }
    match Email::parse(words) {
        Ok(email) => addresses::holder(conn, tenant, IdentityKind::Email, email.as_str()),
        Err(_) => Ok(None),
    }
}

/// How a form names a customer that is chosen already.
pub fn named(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<Option<Named>> {
    let living = people_of(tenant).filter(customers::id.eq(id)).filter(customers::deleted_at.is_null());
    Ok(living.select(Named::as_select()).first(conn).optional()?)
}

/// Where they write with each other, where that is over the number that rang and the reader may see it.
pub fn thread_of(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: conversations::Scope,
    call: &Call,
) -> Result<Option<ConversationId>> {
    let Some((number, customer)) = call.session_id.zip(call.customer_id) else { return Ok(None) };
    let Some(thread) = chats::between(conn, tenant, number, customer)? else { return Ok(None) };
    match conversations::find(conn, tenant, scope, thread) {
        Err(Error::NotFound) => Ok(None),
        found => found.map(|found| Some(found.id)),
    }
}
