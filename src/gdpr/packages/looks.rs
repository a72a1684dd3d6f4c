//! Who has looked at somebody or changed their record, for the package.

use crate::customers::model::CustomerId;
use crate::kit::actor::ActorKind;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::audit_entries;
use crate::users::model::{self as users, UserId};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// Who saw whom a thousand times is told that often.
const MOST: i64 = 10_000;

#[auto_type]
fn entries_of(tenant: TenantId) -> _ {
    audit_entries::table.filter(audit_entries::tenant_id.eq(tenant))
}

/// Somebody who did something with the record.
#[derive(Debug, Serialize)]
pub struct Seen {
    pub at: DateTime<Utc>,
    pub who: String,
    /// A verb in the past: read, changed, exported …
    pub what: String,
}

/// Who did what with the records, newest first.
pub fn all(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<Vec<Seen>> {
    let ids: Vec<Uuid> = people.iter().map(|id| id.get()).collect();
    let rows: Vec<(DateTime<Utc>, Option<Uuid>, ActorKind, String)> = entries_of(tenant)
        .filter(audit_entries::entity_id.eq_any(ids).and(audit_entries::entity.eq("customers")))
        .order(audit_entries::id.desc())
        .limit(MOST)
        .select((audit_entries::created_at, audit_entries::actor_id, audit_entries::actor_kind, audit_entries::action))
        .load(conn)?;
    let actors: Vec<UserId> = rows.iter().filter_map(|(_, actor, ..)| actor.map(UserId::from)).collect();
    let names: HashMap<Uuid, String> =
        users::names(conn, tenant, &actors)?.into_iter().map(|(id, name)| (id.get(), name)).collect();
    let seen = |(at, actor, kind, what): (DateTime<Utc>, Option<Uuid>, ActorKind, String)| Seen {
        at,
        who: actor.and_then(|id| names.get(&id).cloned()).unwrap_or_else(|| match kind {
            ActorKind::Support => "Support".into(),
            _ => "The program itself".into(),
        }),
        what: what.replace('_', " "),
    };
    Ok(rows.into_iter().map(seen).collect())
}
