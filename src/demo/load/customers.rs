//! Customers and the addresses they are known by.

use super::dice::{About, Dice};
use super::plan::{END, Tenant};
use super::words;
use crate::customers::model::{CustomerType, IdentityKind};
use crate::schema::{customer_identities, customers};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use uuid::Uuid;

/// Phones are this block's numbers, each customer's once, in no visible order: the factor shares no divisor with their
/// count.
const PHONES: u64 = 100_000_000;
const SCATTER: u64 = 40_692_317;

/// A customer, as their conversation and messages need it too.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: Uuid,
    pub first_name: &'static str,
    pub last_name: &'static str,
    pub phone: String,
    pub email: Option<String>,
    pub lid: Option<String>,
    pub created_at: DateTime<Utc>,
    identities: [Uuid; 3],
}

impl Person {
    /// The `index`-th customer; whoever `first_wrote` is known since then.
    pub fn of(seed: u64, index: u64, first_wrote: Option<DateTime<Utc>>) -> Self {
        let mut dice = Dice::of(seed, About::Customer, index);
        let created_at = first_wrote.unwrap_or(END - TimeDelta::days(30));
        let (first_name, last_name) = (words::first_name(&mut dice), words::last_name(&mut dice));
        let address = format!("{}.{}.{index}@example.org", words::plain(first_name), words::plain(last_name));
        Self {
            id: dice.id(created_at),
            first_name,
            last_name,
            phone: phone(index),
            email: dice.percent(40).then_some(address),
            lid: dice.percent(30).then(|| format!("{}{:09}@lid", 100 + dice.below(900), index)),
            created_at,
            identities: std::array::from_fn(|_| dice.id(created_at)),
        }
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    pub fn chat_id(&self) -> String {
        format!("{}@c.us", self.phone)
    }
}

fn phone(index: u64) -> String {
    format!("49151{:08}", index.wrapping_mul(SCATTER) % PHONES)
}

#[derive(Insertable)]
#[diesel(table_name = customers, treat_none_as_default_value = false)]
pub struct CustomerRow {
    tenant_id: Uuid,
    id: Uuid,
    first_name: &'static str,
    last_name: &'static str,
    phone: String,
    email: Option<String>,
    customer_type: CustomerType,
    display_name: &'static str,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

pub fn row(tenant: &Tenant, person: Person) -> CustomerRow {
    CustomerRow {
        tenant_id: tenant.id,
        id: person.id,
        first_name: person.first_name,
        last_name: person.last_name,
        phone: person.phone,
        customer_type: if person.email.is_some() { CustomerType::Regular } else { CustomerType::New },
        email: person.email,
        display_name: person.first_name,
        created_at: person.created_at,
        updated_at: person.created_at,
    }
}

#[derive(Insertable)]
#[diesel(table_name = customer_identities, treat_none_as_default_value = false)]
pub struct IdentityRow {
    tenant_id: Uuid,
    id: Uuid,
    customer_id: Uuid,
    kind: IdentityKind,
    value: String,
    is_primary: bool,
    is_verified: bool,
    source: &'static str,
    learnt_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The phone first; e-mail and hidden id where there are any.
pub fn identities(tenant: &Tenant, person: Person) -> impl Iterator<Item = IdentityRow> {
    let addresses = [
        (IdentityKind::Phone, Some(person.phone)),
        (IdentityKind::Email, person.email),
        (IdentityKind::Lid, person.lid),
    ];
    let (tenant_id, customer_id, at) = (tenant.id, person.id, person.created_at);
    let known = addresses.into_iter().zip(person.identities);
    known.filter_map(move |((kind, value), id)| {
        Some(IdentityRow {
            tenant_id,
            id,
            customer_id,
            kind,
            value: value?,
            is_primary: kind == IdentityKind::Phone,
            is_verified: kind != IdentityKind::Email,
            source: "message",
            learnt_at: at,
            created_at: at,
            updated_at: at,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_customers_have_the_same_phone() {
        let phones: HashSet<String> = (0..100_000).map(phone).collect();
        assert_eq!(phones.len(), 100_000);
        assert!(phones.iter().all(|phone| phone.len() == 13));
    }
}
