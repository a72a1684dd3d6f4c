//! Everybody who has or had an account, to choose from.

use super::model::UserId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::users;
use diesel::prelude::*;

/// More names are no help in a list.
const MOST: i64 = 500;

/// "First Last" of the tenant's users by name, also of those who have left.
pub fn ever(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<(UserId, String)>> {
    let rows: Vec<(UserId, String, String)> = users::table
        .filter(users::tenant_id.eq(tenant))
        .order((users::first_name, users::last_name, users::id))
        .limit(MOST)
        .select((users::id, users::first_name, users::last_name))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, first, last)| (id, format!("{first} {last}"))).collect())
}
