//! Entries as they are looked for: newest first, by who, what, which row, and when.

use crate::ids;
use crate::kit::actor::ActorKind;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::audit_entries;
use crate::users::model::{self as users, UserId};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

ids! {
    /// An entry; ids are in the order of time.
    AuditEntryId,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = audit_entries)]
pub struct AuditEntry {
    pub id: AuditEntryId,
    pub actor_kind: ActorKind,
    pub actor_id: Option<Uuid>,
    pub via: Option<Uuid>,
    pub action: String,
    pub entity: String,
    pub entity_id: Option<Uuid>,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub ip_address: Option<String>,
    pub request_id: Option<Uuid>,
    pub created_at: DateTime<Utc>,
}

/// Whose entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    User(UserId),
    Kind(ActorKind),
}

/// Which entries; without any of it all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub by: Option<By>,
    pub action: Option<String>,
    /// A table's name.
    pub entity: Option<String>,
    pub row: Option<Uuid>,
    pub from: Option<DateTime<Utc>>,
    /// Not included.
    pub to: Option<DateTime<Utc>>,
}

/// A page of entries, and the names of the users in them.
#[derive(Debug, Default)]
pub struct Found {
    pub entries: Vec<AuditEntry>,
    pub names: HashMap<Uuid, String>,
}

#[auto_type]
fn of(tenant: TenantId) -> _ {
    audit_entries::table.filter(audit_entries::tenant_id.eq(tenant))
}

/// The `size` newest entries that fit, older than `after`.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    filter: &Filter,
    after: Option<AuditEntryId>,
    size: usize,
) -> Result<Found> {
    let mut rows = of(tenant).into_boxed::<Pg>();
    match filter.by {
        Some(By::User(id)) => rows = rows.filter(audit_entries::actor_id.eq(id.get())),
        Some(By::Kind(kind)) => rows = rows.filter(audit_entries::actor_kind.eq(kind.literal())),
        None => {}
    }
    if let Some(action) = &filter.action {
        rows = rows.filter(audit_entries::action.eq(action));
    }
    if let Some(entity) = &filter.entity {
        rows = rows.filter(audit_entries::entity.eq(entity));
    }
    if let Some(row) = filter.row {
        rows = rows.filter(audit_entries::entity_id.eq(row));
    }
    if let Some(from) = filter.from {
        rows = rows.filter(audit_entries::id.ge(AuditEntryId::at(from)));
    }
    if let Some(end) = filter.to.map(AuditEntryId::at).into_iter().chain(after).min() {
        rows = rows.filter(audit_entries::id.lt(end));
    }
    let rows = rows.order(audit_entries::id.desc()).limit(size as i64).select(AuditEntry::as_select());
    let entries: Vec<AuditEntry> = rows.load(conn)?;
    Ok(Found { names: names(conn, tenant, &entries)?, entries })
}

/// Of the ids that stand in entries those that are users', with their names.
fn names(conn: &mut PgConnection, tenant: TenantId, entries: &[AuditEntry]) -> Result<HashMap<Uuid, String>> {
    let mut ids = HashSet::new();
    for entry in entries {
        ids.extend(entry.actor_id);
        ids.extend(entry.entity_id.filter(|_| entry.entity == "users"));
        [&entry.before, &entry.after].into_iter().flatten().for_each(|value| collect(value, &mut ids));
    }
    let ids: Vec<UserId> = ids.into_iter().map(UserId::from).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(users::names(conn, tenant, &ids)?.into_iter().map(|(id, name)| (id.get(), name)).collect())
}

fn collect(value: &Value, ids: &mut HashSet<Uuid>) {
    match value {
        Value::String(text) if text.len() == 36 => ids.extend(text.parse::<Uuid>()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, ids)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, ids)),
        _ => {}
    }
}
