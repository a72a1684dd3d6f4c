//! Who is known of those that some rows name: asked once for all of them.

use super::choices::MatchBy;
use super::draft::Draft;
use super::verdict::Rules;
use super::{consents, labels};
use crate::customers::attributes::Values;
use crate::customers::bulk;
use crate::customers::changes::Record;
use crate::customers::data::Typed;
use crate::customers::erased;
use crate::customers::model::{CustomerId, IdentityKind};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use diesel::PgConnection;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Customers by what they are found by, and those of them whom the rows may change.
#[derive(Default)]
pub struct Known {
    pub by_phone: HashMap<String, CustomerId>,
    pub by_email: HashMap<String, CustomerId>,
    pub by_id: HashMap<String, CustomerId>,
    pub people: HashMap<CustomerId, Person>,
    /// Rows about somebody who was erased, by their numbers.
    pub barred: HashSet<i64>,
}

/// A customer as it stands.
pub struct Person {
    pub record: Record,
    pub typed: Typed,
    /// Values of sensitive fields.
    pub sensitive: Values,
    pub labels: HashSet<Uuid>,
    pub consents: HashMap<(&'static str, &'static str), bool>,
}

/// Asks for everybody whom these rows name. With `rules` that may change customers, these are locked.
pub fn look_up(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    rules: &Rules,
    drafts: &[Draft],
) -> Result<Known> {
    let of = |key: fn(&Draft) -> Option<&String>| -> Vec<&str> {
        drafts.iter().filter_map(key).map(String::as_str).collect()
    };
    let (phones, emails) = (of(|draft| draft.phone.as_ref()), of(|draft| draft.email.as_ref()));
    let external_ids = of(|draft| draft.external_id.as_ref());
    let mut known = Known::default();
    if !phones.is_empty() {
        known.by_phone = bulk::holders(conn, tenant, IdentityKind::Phone, &phones)?.into_iter().collect();
    }
    if !emails.is_empty() {
        known.by_email = bulk::holders(conn, tenant, IdentityKind::Email, &emails)?.into_iter().collect();
    }
    if !external_ids.is_empty() {
        let held = bulk::holders_of_ids(conn, tenant, &external_ids)?;
        known.by_id = held.into_iter().filter_map(|(id, customer)| id.map(|id| (id, customer))).collect();
    }
    known.barred = barred(conn, tenant, vault, drafts)?;
    let found = match rules.found_by() {
        None => return Ok(known),
        Some(MatchBy::Phone) => &known.by_phone,
        Some(MatchBy::Email) => &known.by_email,
        Some(MatchBy::ExternalId) => &known.by_id,
    };
    let ids: Vec<CustomerId> = found.values().copied().collect::<HashSet<_>>().into_iter().collect();
    if !ids.is_empty() {
        known.people = people(conn, tenant, vault, rules, &ids)?;
    }
    Ok(known)
}

/// The rows whose person was erased: an import does not bring them back.
fn barred(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, drafts: &[Draft]) -> Result<HashSet<i64>> {
    let named =
        |draft: &Draft| Some((draft.number, erased::hashes(vault, tenant, draft.fresh.as_ref()?.as_ref().ok()?)));
    let named: Vec<(i64, Vec<String>)> = drafts.iter().filter_map(named).collect();
    let every: Vec<String> = named.iter().flat_map(|(_, hashes)| hashes.iter().cloned()).collect();
    if every.is_empty() {
        return Ok(HashSet::new());
    }
    let found = erased::barred(conn, tenant, &every)?;
    let is_one = |(_, hashes): &&(i64, Vec<String>)| hashes.iter().any(|hash| found.contains(hash));
    Ok(named.iter().filter(is_one).map(|(number, _)| *number).collect())
}

fn people(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    rules: &Rules,
    ids: &[CustomerId],
) -> Result<HashMap<CustomerId, Person>> {
    let mut labels = labels::carried(conn, tenant, ids)?;
    let mut consents = consents::states(conn, tenant, ids)?;
    let mut people = HashMap::with_capacity(ids.len());
    for record in bulk::records(conn, tenant, ids)? {
        let person = Person {
            typed: bulk::typed(&record, vault, &rules.definitions)?,
            sensitive: record.sensitive(vault)?,
            labels: labels.remove(&record.id).unwrap_or_default(),
            consents: consents.remove(&record.id).unwrap_or_default(),
            record,
        };
        people.insert(person.record.id, person);
    }
    Ok(people)
}
