//! Whoever writes to us is met here: found by an address, or made.

use super::model::{Customer, CustomerId, CustomerType, IdentityId, IdentityKind, find, identities_of, of};
use crate::kit::audit;
use crate::kit::db::take_turns;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::{customer_identities, customers};
use chrono::{TimeDelta, Utc};
use diesel::prelude::*;
use serde_json::json;

/// Somebody who wrote, as far as the message tells: at least one of the two addresses.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Digits with country code.
    pub phone: Option<String>,
    /// `…@lid`.
    pub lid: Option<String>,
    /// The name chosen on WhatsApp.
    pub name: Option<String>,
}

/// Who was met.
#[derive(Debug, Clone)]
pub struct Met {
    pub customer: Customer,
    /// Known by the hidden id, while the customer is known by the phone: WhatsApp says that the two are one person.
    pub other: Option<CustomerId>,
}

/// Finds the customer behind a message, or makes one: `new` with a phone, `anonymous` with nothing but a hidden id.
/// An address that the person was not known by is added. Where the two addresses are known of two customers, the phone's
/// is answered, and what becomes of the two is for `duplicates`.
pub fn meet(conn: &mut PgConnection, tenant: TenantId, person: &Person) -> Result<Met> {
    let Met { customer, other } = match recognise(conn, tenant, person)? {
        Some(met) => met,
        None => Met { customer: acquaint(conn, tenant, person)?, other: None },
    };
    let customer = heard(conn, tenant, customer)?;
    let customer = match (&customer.display_name, &person.name) {
        (None, Some(name)) => introduce(conn, tenant, customer, name)?,
        _ => customer,
    };
    Ok(Met { customer, other })
}

/// Somebody who is known by every address that the message tells.
fn recognise(conn: &mut PgConnection, tenant: TenantId, person: &Person) -> Result<Option<Met>> {
    let phone = known_by(conn, tenant, IdentityKind::Phone, person.phone.as_deref())?;
    let lid = known_by(conn, tenant, IdentityKind::Lid, person.lid.as_deref())?;
    let is_new = |address: &Option<String>, known: &Option<Customer>| address.is_some() && known.is_none();
    if is_new(&person.phone, &phone) || is_new(&person.lid, &lid) {
        return Ok(None);
    }
    let other = phone.as_ref().zip(lid.as_ref()).map(|(phone, lid)| (phone.id, lid.id));
    let other = other.and_then(|(phone, lid)| (phone != lid).then_some(lid));
    Ok(phone.or(lid).map(|customer| Met { customer, other }))
}

/// Somebody who is new, or has a new address.
fn acquaint(conn: &mut PgConnection, tenant: TenantId, person: &Person) -> Result<Customer> {
    wait_turn(conn, tenant, person)?;
    let phone = known_by(conn, tenant, IdentityKind::Phone, person.phone.as_deref())?.map(|customer| customer.id);
    let lid = known_by(conn, tenant, IdentityKind::Lid, person.lid.as_deref())?.map(|customer| customer.id);
    let id = match phone.or(lid) {
        Some(id) => id,
        None => create(conn, tenant, person)?,
    };
    if let (None, Some(value)) = (phone, &person.phone) {
        learn(conn, tenant, id, IdentityKind::Phone, value)?;
        complete(conn, tenant, id, value)?;
    }
    if let (None, Some(value)) = (lid, &person.lid) {
        learn(conn, tenant, id, IdentityKind::Lid, value)?;
    }
    find(conn, tenant, id)
}

/// Notes when the customer was last heard of, to the hour: a row is not written anew for each message.
fn heard(conn: &mut PgConnection, tenant: TenantId, customer: Customer) -> Result<Customer> {
    let now = Utc::now();
    if customer.last_seen_at.is_some_and(|seen| now - seen < TimeDelta::hours(1)) {
        return Ok(customer);
    }
    diesel::update(of(tenant).filter(customers::id.eq(customer.id)))
        .set(customers::last_seen_at.eq(now))
        .execute(conn)?;
    Ok(Customer { last_seen_at: Some(now), ..customer })
}

/// Somebody whose name we hear for the first time.
fn introduce(conn: &mut PgConnection, tenant: TenantId, customer: Customer, name: &str) -> Result<Customer> {
    let nameless = of(tenant).filter(customers::id.eq(customer.id).and(customers::display_name.is_null()));
    let introduced = diesel::update(nameless)
        .set((customers::display_name.eq(name), customers::updated_at.eq(Utc::now())))
        .execute(conn)?;
    if introduced > 0 {
        audit::record(conn, tenant, &audit::Entry::new("introduced", "customers", customer.id.get()))?;
    }
    Ok(Customer { display_name: Some(name.to_owned()), ..customer })
}

/// Two messages of one stranger at the same moment must not make two customers.
fn wait_turn(conn: &mut PgConnection, tenant: TenantId, person: &Person) -> Result<()> {
    let mut addresses: Vec<String> = [&person.phone, &person.lid].into_iter().flatten().cloned().collect();
    addresses.sort();
    for address in addresses {
        take_turns(conn, &format!("{tenant} {address}"))?;
    }
    Ok(())
}

fn known_by(
    conn: &mut PgConnection,
    tenant: TenantId,
    kind: IdentityKind,
    value: Option<&str>,
) -> Result<Option<Customer>> {
    let Some(value) = value else { return Ok(None) };
    let same = customers::tenant_id.eq(customer_identities::tenant_id);
    let found = identities_of(tenant)
        .inner_join(customers::table.on(same.and(customers::id.eq(customer_identities::customer_id))))
        .filter(customer_identities::kind.eq(kind).and(customer_identities::value.eq(value)))
        .filter(customers::deleted_at.is_null())
        .select(Customer::as_select())
        .first(conn)
        .optional()?;
    Ok(found)
}

fn create(conn: &mut PgConnection, tenant: TenantId, person: &Person) -> Result<CustomerId> {
    let customer_type = if person.phone.is_some() { CustomerType::New } else { CustomerType::Anonymous };
    let id = CustomerId::new();
    diesel::insert_into(customers::table)
        .values((
            customers::tenant_id.eq(tenant),
            customers::id.eq(id),
            customers::phone.eq(&person.phone),
            customers::display_name.eq(&person.name),
            customers::customer_type.eq(customer_type),
            customers::last_seen_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    let after = json!({ "customer_type": customer_type, "source": "message" });
    audit::record(conn, tenant, &audit::Entry::new("created", "customers", id.get()).after(after))?;
    Ok(id)
}

fn learn(conn: &mut PgConnection, tenant: TenantId, id: CustomerId, kind: IdentityKind, value: &str) -> Result<()> {
    diesel::insert_into(customer_identities::table)
        .values((
            customer_identities::tenant_id.eq(tenant),
            customer_identities::id.eq(IdentityId::new()),
            customer_identities::customer_id.eq(id),
            customer_identities::kind.eq(kind),
            customer_identities::value.eq(value),
            customer_identities::is_primary.eq(kind == IdentityKind::Phone),
            customer_identities::is_verified.eq(true),
            customer_identities::source.eq("message"),
        ))
        .execute(conn)?;
    let entry = audit::Entry::new("learnt", "customer_identities", id.get());
    audit::record(conn, tenant, &entry.after(json!({ "kind": kind })))
}

/// An anonymous customer whose phone is learnt is one no longer.
fn complete(conn: &mut PgConnection, tenant: TenantId, id: CustomerId, phone: &str) -> Result<()> {
    let anonymous = customers::customer_type.eq(CustomerType::Anonymous).and(customers::phone.is_null());
    diesel::update(of(tenant).filter(customers::id.eq(id)).filter(anonymous))
        .set((
            customers::phone.eq(phone),
            customers::customer_type.eq(CustomerType::New),
            customers::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    Ok(())
}
