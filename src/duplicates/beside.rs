//! Two records side by side, for whoever decides about them.

use super::merging;
use super::model::{self, Belongings};
use crate::customers::attributes::{self, Definition};
use crate::customers::changes::{self, Record};
use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use diesel::PgConnection;

/// Both records, what may be asked of them, and why they cannot be joined if they cannot.
pub struct Both {
    pub left: Side,
    pub right: Side,
    pub definitions: Vec<Definition>,
    pub hindrance: Option<String>,
}

pub struct Side {
    pub record: Record,
    pub note: Option<String>,
    pub sensitive: attributes::Values,
    pub has: Belongings,
}

fn side(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, id: CustomerId) -> Result<Side> {
    let record = changes::find(conn, tenant, id)?;
    let (note, sensitive) = (record.note(vault)?, record.sensitive(vault)?);
    Ok(Side { record, note, sensitive, has: model::belongings(conn, tenant, id)? })
}

/// # Errors
/// `NotFound` where one of them is not the tenant's.
pub fn both(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    left: CustomerId,
    right: CustomerId,
) -> Result<Both> {
    let (left, right) = (side(conn, tenant, vault, left)?, side(conn, tenant, vault, right)?);
    let hindrance = merging::hindrance([&left.record, &right.record]);
    Ok(Both { left, right, definitions: attributes::definitions(conn, tenant)?, hindrance })
}
