//! Who was erased, as keyed hashes of their addresses: nobody can read them back, but an address that comes again in an
//! import is known. What somebody sends us themselves makes a new customer: they have come back by their own will.

use super::data::CustomerData;
use super::model::IdentityKind;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::erased_addresses;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use std::collections::HashSet;

/// What an import is told.
pub const BARRED: &str =
    "This person asked to be erased, so no import brings them back. Add them by hand if they want to return.";

#[auto_type]
fn of(tenant: TenantId) -> _ {
    erased_addresses::table.filter(erased_addresses::tenant_id.eq(tenant))
}

/// Stands among the kinds of addresses.
const EXTERNAL_ID: &str = "external_id";

fn subject(tenant: TenantId, kind: &str, value: &str) -> String {
    format!("{tenant} {kind} {value}")
}

/// The hash of an address of a customer.
pub fn hash(vault: &Vault, tenant: TenantId, kind: IdentityKind, value: &str) -> String {
    vault.token("erased", &subject(tenant, kind.word(), value))
}

/// The same of what another program calls a customer.
pub fn hash_of_external_id(vault: &Vault, tenant: TenantId, value: &str) -> String {
    vault.token("erased", &subject(tenant, EXTERNAL_ID, value))
}

/// The hashes by which a record would be known: one for each address and secret key, former ones among them.
pub fn hashes(vault: &Vault, tenant: TenantId, data: &CustomerData) -> Vec<String> {
    let address = |kind: IdentityKind, value: &str| subject(tenant, kind.word(), value);
    let phone = data.phone.as_ref().map(|phone| address(IdentityKind::Phone, phone.digits()));
    let email = data.email.as_ref().map(|email| address(IdentityKind::Email, email.as_str()));
    let external_id = data.external_id.as_deref().map(|value| subject(tenant, EXTERNAL_ID, value));
    let known = phone.into_iter().chain(email).chain(external_id);
    known.flat_map(|subject| vault.tokens("erased", &subject)).collect()
}

/// Those of `hashes` that are of somebody who was erased: one question for many rows of an import.
pub fn barred(conn: &mut PgConnection, tenant: TenantId, hashes: &[String]) -> Result<HashSet<String>> {
    let known = of(tenant).filter(erased_addresses::hash.eq_any(hashes)).select(erased_addresses::hash);
    Ok(known.load::<String>(conn)?.into_iter().collect())
}

/// Whether an import may not make this customer.
pub fn is_barred(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, data: &CustomerData) -> Result<bool> {
    Ok(!barred(conn, tenant, &hashes(vault, tenant, data))?.is_empty())
}

/// Keeps hashes; known ones stay.
pub fn keep(conn: &mut PgConnection, tenant: TenantId, hashes: &[String]) -> Result<()> {
    let row = |hash: &String| (erased_addresses::tenant_id.eq(tenant), erased_addresses::hash.eq(hash.clone()));
    let rows: Vec<_> = hashes.iter().map(row).collect();
    diesel::insert_into(erased_addresses::table).values(rows).on_conflict_do_nothing().execute(conn)?;
    Ok(())
}

/// Takes hashes back, of somebody who was not erased after all.
pub fn forget(conn: &mut PgConnection, tenant: TenantId, hashes: &[String]) -> Result<()> {
    diesel::delete(of(tenant).filter(erased_addresses::hash.eq_any(hashes))).execute(conn)?;
    Ok(())
}
