//! A tenant's own fields of customers: adding, changing, ordering, removing them.

use super::attributes::{AttributeId, AttributeKind, Definition, MOST_FIELDS, definitions, definitions_of};
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::schema::attribute_definitions as fields;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde::Serialize;
use serde_json::json;

#[auto_type]
fn ever_of(tenant: TenantId) -> _ {
    fields::table.filter(fields::tenant_id.eq(tenant))
}

/// What a form says about a field. Key, kind and sensitivity are chosen once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldData {
    pub key: String,
    pub name: String,
    pub description: Option<String>,
    pub kind: AttributeKind,
    /// For a choice: at least one.
    pub choices: Vec<String>,
    pub is_sensitive: bool,
}

/// Also a deleted one, and whether it is.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: AttributeId) -> Result<(Definition, bool)> {
    let columns = (Definition::as_select(), fields::deleted_at.is_not_null());
    Ok(ever_of(tenant).filter(fields::id.eq(id)).select(columns).first(conn)?)
}

/// The deleted ones, by name.
pub fn deleted(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<Definition>> {
    let gone = ever_of(tenant).filter(fields::deleted_at.is_not_null());
    Ok(gone.order((fields::name, fields::id)).limit(MOST_FIELDS as i64).select(Definition::as_select()).load(conn)?)
}

/// A field at the end of the others.
///
/// # Errors
/// `Taken("attribute_definitions_key_taken")` or `("attribute_definitions_name_taken")`; `Refused` when there are
/// [`MOST_FIELDS`].
pub fn create(conn: &mut PgConnection, tenant: TenantId, data: &FieldData) -> Result<AttributeId> {
    let known = definitions(conn, tenant)?;
    if known.len() >= MOST_FIELDS {
        return Err(Error::Refused(format!("There are {MOST_FIELDS} fields already. Delete one that nobody uses.")));
    }
    let id = AttributeId::new();
    diesel::insert_into(fields::table)
        .values((
            fields::tenant_id.eq(tenant),
            fields::id.eq(id),
            fields::key.eq(&data.key),
            fields::name.eq(&data.name),
            fields::description.eq(&data.description),
            fields::kind.eq(data.kind),
            fields::choices.eq(json!(data.choices)),
            fields::is_sensitive.eq(data.is_sensitive),
            fields::position.eq(known.last().map_or(0, |last| last.position + 1)),
        ))
        .execute(conn)?;
    audit::record(conn, tenant, &Entry::new("created", "attribute_definitions", id.get()).after(data))?;
    Ok(id)
}

/// Changes name, description and choices; a choice that goes stays where it was chosen.
///
/// # Errors
/// `NotFound`; `Taken("attribute_definitions_name_taken")`.
pub fn edit(conn: &mut PgConnection, tenant: TenantId, id: AttributeId, data: &FieldData) -> Result<()> {
    let (before, _) = find(conn, tenant, id)?;
    let told = |name: &str, description: Option<&str>, choices: &serde_json::Value| json!({ "name": name, "description": description, "choices": choices });
    let choices = json!(data.choices);
    diesel::update(ever_of(tenant).filter(fields::id.eq(id)))
        .set((
            fields::name.eq(&data.name),
            fields::description.eq(&data.description),
            fields::choices.eq(&choices),
            fields::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    let entry = Entry::new("changed", "attribute_definitions", id.get()).changed(
        &told(&before.name, before.description.as_deref(), &before.choices),
        &told(&data.name, data.description.as_deref(), &choices),
    );
    if entry.after.is_none() { Ok(()) } else { audit::record(conn, tenant, &entry) }
}

/// Moves a field one place up, or down.
///
/// # Errors
/// `NotFound`.
pub fn shift(conn: &mut PgConnection, tenant: TenantId, id: AttributeId, is_up: bool) -> Result<()> {
    let mut known = definitions(conn, tenant)?;
    let at = known.iter().position(|field| field.id == id).ok_or(Error::NotFound)?;
    let other = if is_up { at.checked_sub(1) } else { Some(at + 1).filter(|next| *next < known.len()) };
    let Some(other) = other else { return Ok(()) };
    known.swap(at, other);
    for (position, field) in known.iter().enumerate() {
        let this = definitions_of(tenant).filter(fields::id.eq(field.id));
        diesel::update(this).set(fields::position.eq(position as i32)).execute(conn)?;
    }
    let order: Vec<&str> = known.iter().map(|field| field.key.as_str()).collect();
    let entry = Entry::new("changed", "attribute_definitions", id.get()).after(json!({ "order": order }));
    audit::record(conn, tenant, &entry)
}

/// Hides a field and what stands in it; restored, it shows that again.
///
/// # Errors
/// `NotFound`.
pub fn delete(conn: &mut PgConnection, tenant: TenantId, id: AttributeId) -> Result<()> {
    let (field, is_deleted) = find(conn, tenant, id)?;
    if is_deleted {
        return Ok(());
    }
    diesel::update(ever_of(tenant).filter(fields::id.eq(id))).set(fields::deleted_at.eq(Utc::now())).execute(conn)?;
    let entry = Entry::new("deleted", "attribute_definitions", id.get());
    audit::record(conn, tenant, &entry.before(json!({ "key": field.key, "name": field.name })))
}

/// # Errors
/// `NotFound`; `Taken("attribute_definitions_name_taken")` when another has its name by now.
pub fn restore(conn: &mut PgConnection, tenant: TenantId, id: AttributeId) -> Result<()> {
    let (field, is_deleted) = find(conn, tenant, id)?;
    if !is_deleted {
        return Ok(());
    }
    let this = ever_of(tenant).filter(fields::id.eq(id));
    diesel::update(this).set(fields::deleted_at.eq(None::<DateTime<Utc>>)).execute(conn)?;
    let entry = Entry::new("restored", "attribute_definitions", id.get());
    audit::record(conn, tenant, &entry.after(json!({ "key": field.key, "name": field.name })))
}
