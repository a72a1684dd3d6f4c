//! Saved filters as rows.

use crate::ids;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::schema::saved_filters;
use crate::users::model::UserId;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde::Serialize;

ids! {
    /// A filter that was saved.
    SavedFilterId,
}

/// Those that somebody may have in a list.
const MOST: i64 = 100;

#[auto_type]
fn of(tenant: TenantId) -> _ {
    saved_filters::table.filter(saved_filters::tenant_id.eq(tenant))
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = saved_filters)]
pub struct SavedFilter {
    pub id: SavedFilterId,
    pub name: String,
    /// Without a question mark.
    pub query: String,
    pub is_shared: bool,
    pub created_by: UserId,
}

/// What is to be kept.
#[derive(Debug, Clone, Serialize, Insertable)]
#[diesel(table_name = saved_filters)]
pub struct NewFilter {
    /// Which list.
    pub list: &'static str,
    pub name: String,
    pub query: String,
    pub is_shared: bool,
}

/// One's own and those that others share, by name.
pub fn list(conn: &mut PgConnection, tenant: TenantId, list: &str, user: UserId) -> Result<Vec<SavedFilter>> {
    let rows = of(tenant)
        .filter(saved_filters::list.eq(list))
        .filter(saved_filters::created_by.eq(user).or(saved_filters::is_shared))
        .order((saved_filters::name, saved_filters::id))
        .limit(2 * MOST)
        .select(SavedFilter::as_select())
        .load(conn)?;
    Ok(rows)
}

/// # Errors
/// `Taken("saved_filters_name_taken")`; `Refused` when there are [`MOST`].
pub fn create(conn: &mut PgConnection, tenant: TenantId, user: UserId, new: &NewFilter) -> Result<SavedFilterId> {
    let own = of(tenant).filter(saved_filters::created_by.eq(user).and(saved_filters::list.eq(new.list)));
    let count: i64 = own.count().get_result(conn)?;
    if count >= MOST {
        return Err(Error::Refused(format!("You have saved {MOST} filters. Delete one that you do not use any more.")));
    }
    let id = SavedFilterId::new();
    let values =
        (saved_filters::tenant_id.eq(tenant), saved_filters::id.eq(id), saved_filters::created_by.eq(user), new);
    diesel::insert_into(saved_filters::table).values(values).execute(conn)?;
    audit::record(conn, tenant, &Entry::new("created", "saved_filters", id.get()).after(new))?;
    Ok(id)
}

/// Deletes one's own, or with `any` also what another shares.
///
/// # Errors
/// `NotFound`.
pub fn delete(conn: &mut PgConnection, tenant: TenantId, id: SavedFilterId, user: UserId, any: bool) -> Result<()> {
    let one: SavedFilter = of(tenant).filter(saved_filters::id.eq(id)).select(SavedFilter::as_select()).first(conn)?;
    if one.created_by != user && !(any && one.is_shared) {
        return Err(Error::NotFound);
    }
    diesel::delete(of(tenant).filter(saved_filters::id.eq(id))).execute(conn)?;
    let entry = Entry::new("deleted", "saved_filters", id.get());
    audit::record(conn, tenant, &entry.before(serde_json::json!({ "name": one.name })))
}
