//! Looks at customers, and exports with customers in them, out of the audit log.

use crate::customers::model::CustomerId;
use crate::ids;
use crate::kit::actor::ActorKind;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::audit_entries;
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use uuid::Uuid;

ids! {
    /// An entry of the log; ids are in the order of time.
    AccessId,
}

/// What counts as having seen somebody.
const SEEING: [&str; 2] = ["read", "exported"];

#[auto_type]
fn of(tenant: TenantId) -> _ {
    audit_entries::table.filter(audit_entries::tenant_id.eq(tenant)).filter(audit_entries::entity.eq("customers"))
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = audit_entries)]
pub struct Access {
    pub id: AccessId,
    pub actor_kind: ActorKind,
    pub actor_id: Option<Uuid>,
    pub action: String,
    /// None: many at once.
    #[diesel(column_name = entity_id)]
    pub customer: Option<Uuid>,
    pub ip_address: Option<String>,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    pub user: Option<UserId>,
    pub customer: Option<CustomerId>,
    /// Only exports.
    pub exports: bool,
    pub from: Option<DateTime<Utc>>,
    /// Not included.
    pub to: Option<DateTime<Utc>>,
}

/// The `size` newest that fit, older than `after`.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    filter: &Filter,
    after: Option<AccessId>,
    size: usize,
) -> Result<Vec<Access>> {
    let mut rows = of(tenant).order(audit_entries::id.desc()).limit(size as i64).into_boxed::<Pg>();
    rows = match filter.exports {
        true => rows.filter(audit_entries::action.eq("exported")),
        false => rows.filter(audit_entries::action.eq_any(SEEING)),
    };
    if let Some(user) = filter.user {
        rows = rows.filter(audit_entries::actor_id.eq(user.get()));
    }
    if let Some(customer) = filter.customer {
        rows = rows.filter(audit_entries::entity_id.eq(customer.get()));
    }
    if let Some(from) = filter.from {
        rows = rows.filter(audit_entries::id.ge(AccessId::at(from)));
    }
    if let Some(end) = filter.to.map(AccessId::at).into_iter().chain(after).min() {
        rows = rows.filter(audit_entries::id.lt(end));
    }
    Ok(rows.select(Access::as_select()).load(conn)?)
}
