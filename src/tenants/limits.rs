//! What a tenant may use, what it uses, and the refusal where there is no room. Each check takes its turn before it
//! counts, so two at once never exceed a limit.

use super::days;
use crate::kit::db::take_turns;
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::kit::words;
use crate::schema::{tenant_days, tenant_storage, tenants, users, waha_sessions};
use chrono::Utc;
use diesel::dsl::{auto_type, count_star};
use diesel::prelude::*;
use serde::Serialize;

/// None: as much as wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = tenants, treat_none_as_null = true)]
pub struct Limits {
    pub max_users: Option<i32>,
    pub max_numbers: Option<i32>,
    pub max_messages_per_day: Option<i32>,
    pub max_storage_bytes: Option<i64>,
}

/// How much of one of them is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    pub what: Limited,
    pub used: i64,
    pub most: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limited {
    Users,
    Numbers,
    MessagesToday,
    /// In bytes.
    Storage,
}

impl Use {
    /// None without a limit; above 100 where the limit was lowered later.
    pub fn percent(&self) -> Option<i64> {
        match self.most? {
            0 => Some(100),
            most => Some(self.used.saturating_mul(100) / most),
        }
    }

    pub fn is_full(&self) -> bool {
        self.most.is_some_and(|most| self.used >= most)
    }

    /// The refusal: which limit, its value, and what to do.
    pub fn refusal(&self) -> String {
        let (most, used) = (self.most.unwrap_or_default(), self.used);
        match self.what {
            Limited::Users => format!(
                "This organisation may have at most {}, and has {used}. Deactivate somebody, or ask the platform's \
                 administrators for more.",
                words::counted(most, "user", "users")
            ),
            Limited::Numbers => format!(
                "This organisation may have at most {}, and has {used}. Delete one, or ask the platform's \
                 administrators for more.",
                words::counted(most, "number", "numbers")
            ),
            Limited::MessagesToday => format!(
                "This organisation may write at most {} a day, and has written {used} today. It can write again \
                 tomorrow, or ask the platform's administrators for more.",
                words::counted(most, "message", "messages")
            ),
            Limited::Storage => format!(
                "The organisation's storage is full: it may keep at most {} of files, and keeps {}.",
                words::size(most.unsigned_abs()),
                words::size(used.unsigned_abs())
            ),
        }
    }
}

#[auto_type]
fn of(tenant: TenantId) -> _ {
    let id: uuid::Uuid = tenant.get();
    tenants::table.filter(tenants::id.eq(id))
}

/// Every limit with its use; for the tenant and for the platform alike.
pub fn uses(conn: &mut PgConnection, tenant: TenantId) -> Result<[Use; 4]> {
    let limits: Limits = of(tenant).select(Limits::as_select()).first(conn)?;
    let most = |limit: Option<i32>| limit.map(i64::from);
    Ok([
        Use { what: Limited::Users, used: users(conn, tenant)?, most: most(limits.max_users) },
        Use { what: Limited::Numbers, used: numbers(conn, tenant)?, most: most(limits.max_numbers) },
        Use {
            what: Limited::MessagesToday,
            used: written_today(conn, tenant)?,
            most: most(limits.max_messages_per_day),
        },
        Use { what: Limited::Storage, used: stored(conn, tenant)?, most: limits.max_storage_bytes },
    ])
}

/// To be asked before an account is made, restored or activated, in the same transaction.
///
/// # Errors
/// `Refused`, with the limit and its value.
pub fn room_for_user(conn: &mut PgConnection, tenant: TenantId) -> Result<()> {
    let Some(most) = of(tenant).select(tenants::max_users).first::<Option<i32>>(conn)? else { return Ok(()) };
    take_turns(conn, &format!("people of {tenant}"))?;
    room(Use { what: Limited::Users, used: users(conn, tenant)?, most: Some(most.into()) })
}

/// The same before a number is added.
///
/// # Errors
/// `Refused`, with the limit and its value.
pub fn room_for_number(conn: &mut PgConnection, tenant: TenantId) -> Result<()> {
    let Some(most) = of(tenant).select(tenants::max_numbers).first::<Option<i32>>(conn)? else { return Ok(()) };
    take_turns(conn, &format!("numbers of {tenant}"))?;
    room(Use { what: Limited::Numbers, used: numbers(conn, tenant)?, most: Some(most.into()) })
}

/// Counts a message that is being written. As the last thing of its transaction: until that ends, the tenant's other
/// writers wait.
///
/// # Errors
/// `Refused`, with the limit and its value, and then nothing is counted.
pub fn count_message(conn: &mut PgConnection, tenant: TenantId) -> Result<()> {
    let most: Option<i32> = of(tenant).select(tenants::max_messages_per_day).first(conn)?;
    if days::count_written(conn, tenant, most)? {
        return Ok(());
    }
    let used = written_today(conn, tenant)?;
    Err(Error::Refused(Use { what: Limited::MessagesToday, used, most: most.map(i64::from) }.refusal()))
}

/// Why no more files are kept; None while there is room.
pub fn storage_is_full(conn: &mut PgConnection, tenant: TenantId) -> Result<Option<String>> {
    let most: Option<i64> = of(tenant).select(tenants::max_storage_bytes).first(conn)?;
    let storage = Use { what: Limited::Storage, used: stored(conn, tenant)?, most };
    Ok(storage.is_full().then(|| storage.refusal()))
}

/// Counts a file that is kept from now on; or says why there is no room for it, and counts nothing.
pub fn keep_file(conn: &mut PgConnection, tenant: TenantId, bytes: i64) -> Result<Option<String>> {
    let most: Option<i64> = of(tenant).select(tenants::max_storage_bytes).first(conn)?;
    if let Some(limit) = most {
        take_turns(conn, &format!("storage of {tenant}"))?;
        let used = stored(conn, tenant)?;
        if used.saturating_add(bytes) > limit {
            return Ok(Some(Use { what: Limited::Storage, used, most }.refusal()));
        }
    }
    diesel::insert_into(tenant_storage::table)
        .values((tenant_storage::tenant_id.eq(tenant), tenant_storage::bytes.eq(bytes)))
        .on_conflict(tenant_storage::tenant_id)
        .do_update()
        .set((tenant_storage::bytes.eq(tenant_storage::bytes + bytes), tenant_storage::updated_at.eq(Utc::now())))
        .execute(conn)?;
    Ok(None)
}

/// Counts a file that is kept no longer.
pub fn drop_file(conn: &mut PgConnection, tenant: TenantId, bytes: i64) -> Result<()> {
    take_turns(conn, &format!("storage of {tenant}"))?;
    let used = stored(conn, tenant)?;
    let left = (used - bytes).max(0);
    diesel::update(tenant_storage::table.filter(tenant_storage::tenant_id.eq(tenant)))
        .set((tenant_storage::bytes.eq(left), tenant_storage::updated_at.eq(Utc::now())))
        .execute(conn)?;
    Ok(())
}

fn room(of: Use) -> Result<()> {
    if of.is_full() { Err(Error::Refused(of.refusal())) } else { Ok(()) }
}

/// Active accounts; somebody invited has one.
fn users(conn: &mut PgConnection, tenant: TenantId) -> Result<i64> {
    let active = users::table
        .filter(users::tenant_id.eq(tenant))
        .filter(users::deleted_at.is_null().and(users::is_active.eq(true)));
    Ok(active.select(count_star()).first(conn)?)
}

fn numbers(conn: &mut PgConnection, tenant: TenantId) -> Result<i64> {
    let living =
        waha_sessions::table.filter(waha_sessions::tenant_id.eq(tenant)).filter(waha_sessions::deleted_at.is_null());
    Ok(living.select(count_star()).first(conn)?)
}

fn written_today(conn: &mut PgConnection, tenant: TenantId) -> Result<i64> {
    let today = days::today(conn, tenant)?;
    let row = tenant_days::table.filter(tenant_days::tenant_id.eq(tenant).and(tenant_days::day.eq(today)));
    let written: Option<i32> = row.select(tenant_days::messages_queued).first(conn).optional()?;
    Ok(written.unwrap_or(0).into())
}

fn stored(conn: &mut PgConnection, tenant: TenantId) -> Result<i64> {
    let row = tenant_storage::table.filter(tenant_storage::tenant_id.eq(tenant));
    Ok(row.select(tenant_storage::bytes).first(conn).optional()?.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(used: i64, most: Option<i64>) -> Use {
        Use { what: Limited::Users, used, most }
    }

    #[test]
    fn a_limit_is_full_when_nothing_is_left_of_it() {
        assert!(!of(4, Some(5)).is_full() && of(5, Some(5)).is_full() && of(6, Some(5)).is_full());
        assert!(!of(1_000_000, None).is_full());
        let percent = |used, most| of(used, most).percent();
        assert_eq!((percent(4, Some(5)), percent(6, Some(5))), (Some(80), Some(120)));
        assert_eq!((percent(0, Some(0)), percent(9, None)), (Some(100), None));
    }

    #[test]
    fn a_refusal_names_the_limit_and_its_value() {
        assert!(of(5, Some(5)).refusal().starts_with("This organisation may have at most 5 users, and has 5. "));
        assert!(of(1, Some(1)).refusal().starts_with("This organisation may have at most 1 user, and has 1. "));
        let storage = Use { what: Limited::Storage, used: 999_000_000, most: Some(1_000_000_000) };
        assert!(storage.refusal().contains("at most 1.0 GB of files, and keeps 999.0 MB."), "{}", storage.refusal());
    }
}
