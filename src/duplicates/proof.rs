//! WhatsApp has shown that a hidden id and a phone are one person's, and we know two customers by them.

use super::choice::Choice;
use super::merging::{self, Order};
use super::pairs::{self, PairState};
use super::reasons::Reason;
use super::record::is_machine_made;
use crate::customers::changes;
use crate::customers::model::CustomerId;
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use diesel::PgConnection;

/// Joins the two if nobody has ever written into one of the records: that one becomes part of the other, and of two such
/// the phone's stays. Otherwise somebody is asked.
pub(super) fn join(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    by_phone: CustomerId,
    by_lid: CustomerId,
) -> Result<()> {
    if is_settled(conn, tenant, by_phone, by_lid)? {
        return Ok(());
    }
    let (kept, lost) = if is_machine_made(conn, tenant, by_lid)? {
        (by_phone, by_lid)
    } else if is_machine_made(conn, tenant, by_phone)? {
        (by_lid, by_phone)
    } else {
        return pairs::told_by_whatsapp(conn, tenant, by_phone, by_lid);
    };
    let (one, other) = (changes::find(conn, tenant, kept)?, changes::find(conn, tenant, lost)?);
    if merging::hindrance([&one, &other]).is_some() {
        return pairs::told_by_whatsapp(conn, tenant, by_phone, by_lid);
    }
    let order = Order { kept, lost, choice: Choice::default(), source: "whatsapp", by: None };
    merging::merge(conn, tenant, vault, &order).map(drop)
}

/// Whether there is nothing to do: they are joined, somebody was asked already, or has said that they are two.
pub(super) fn is_settled(
    conn: &mut PgConnection,
    tenant: TenantId,
    by_phone: CustomerId,
    by_lid: CustomerId,
) -> Result<bool> {
    match pairs::find(conn, tenant, by_phone, by_lid) {
        Ok(pair) => Ok(pair.state != PairState::Open || pair.reasons().contains(&Reason::Whatsapp)),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}
