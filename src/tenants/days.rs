//! How much a tenant wrote and received on each of its days.
//!
//! What is written here is counted to the message, in the transaction that writes it, because a limit is about it.
//! What comes in is counted by a job every few minutes: were it one row of the day that each webhook changes, all of a
//! tenant's webhooks would wait for one another, and each would take one more round trip.

use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::{tenant_days, tenants};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use diesel::dsl::{auto_type, max};
use diesel::prelude::*;

/// The first look goes back so far: what the platform's pages show.
pub const SHOWN: u64 = 30;

#[auto_type]
fn of(tenant: TenantId) -> _ {
    tenant_days::table.filter(tenant_days::tenant_id.eq(tenant))
}

/// A day of the tenant's, from its first instant to the next one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    pub begins: DateTime<Utc>,
    pub ends: DateTime<Utc>,
}

impl Day {
    fn of(date: NaiveDate, zone: Tz) -> Self {
        Self { date, begins: midnight(date, zone), ends: midnight(date + Days::new(1), zone) }
    }
}

/// The first instant of a day; where the clock jumps over midnight, the one after the jump.
fn midnight(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let tries = (0..4).filter_map(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
    let local = tries.filter_map(|time| date.and_time(time).and_local_timezone(zone).earliest()).next();
    local.map_or_else(|| date.and_time(NaiveTime::MIN).and_utc(), |local| local.with_timezone(&Utc))
}

pub(super) fn today(conn: &mut PgConnection, tenant: TenantId) -> Result<NaiveDate> {
    Ok(Utc::now().with_timezone(&zone(conn, tenant)?).date_naive())
}

/// The tenant's time zone.
pub fn zone(conn: &mut PgConnection, tenant: TenantId) -> Result<Tz> {
    let name: String = tenants::table.filter(tenants::id.eq(tenant.get())).select(tenants::time_zone).first(conn)?;
    Ok(name.parse().unwrap_or(chrono_tz::UTC))
}

/// Adds one to what was written today, up to `most`; false, and nothing added, at the limit.
pub(super) fn count_written(conn: &mut PgConnection, tenant: TenantId, most: Option<i32>) -> Result<bool> {
    let most = most.unwrap_or(i32::MAX);
    if most <= 0 {
        return Ok(false);
    }
    let today = today(conn, tenant)?;
    let one_more = diesel::insert_into(tenant_days::table)
        .values((tenant_days::tenant_id.eq(tenant), tenant_days::day.eq(today), tenant_days::messages_queued.eq(1)))
        .on_conflict((tenant_days::tenant_id, tenant_days::day))
        .do_update()
        .set((
            tenant_days::messages_queued.eq(tenant_days::messages_queued + 1),
            tenant_days::updated_at.eq(Utc::now()),
        ));
    // QueryDsl, which is in scope for the tables, has a `filter` for tables only.
    let counted = diesel::query_dsl::methods::FilterDsl::filter(one_more, tenant_days::messages_queued.lt(most));
    Ok(counted.execute(conn)? > 0)
}

/// The days to be counted now: the last one counted, which went on since, and those after it.
pub fn to_count(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<Day>> {
    let zone = zone(conn, tenant)?;
    let today = Utc::now().with_timezone(&zone).date_naive();
    let last: Option<NaiveDate> =
        of(tenant).filter(tenant_days::counted_at.is_not_null()).select(max(tenant_days::day)).first(conn)?;
    let earliest = today - Days::new(SHOWN);
    let first = last.unwrap_or(earliest).clamp(earliest, today);
    Ok(first.iter_days().take_while(|date| *date <= today).map(|date| Day::of(date, zone)).collect())
}

/// Writes down what was counted of a day.
pub fn counted(conn: &mut PgConnection, tenant: TenantId, day: Day, came_in: i64, went_out: i64) -> Result<()> {
    let whole = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
    let figures = (
        tenant_days::messages_in.eq(whole(came_in)),
        tenant_days::messages_out.eq(whole(went_out)),
        tenant_days::counted_at.eq(Utc::now()),
        tenant_days::updated_at.eq(Utc::now()),
    );
    diesel::insert_into(tenant_days::table)
        .values((tenant_days::tenant_id.eq(tenant), tenant_days::day.eq(day.date), figures))
        .on_conflict((tenant_days::tenant_id, tenant_days::day))
        .do_update()
        .set(figures)
        .execute(conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_as_long_as_the_clock_says() {
        let hours = |date: &str, zone: Tz| {
            let day = Day::of(date.parse().unwrap(), zone);
            (day.ends - day.begins).num_hours()
        };
        assert_eq!(hours("2026-11-21", chrono_tz::Europe::Berlin), 24);
        assert_eq!(hours("2026-03-29", chrono_tz::Europe::Berlin), 23);
        assert_eq!(hours("2026-10-25", chrono_tz::Europe::Berlin), 25);
        // The clock goes from 23:59 to 01:00.
        assert_eq!(hours("2018-11-04", chrono_tz::America::Sao_Paulo), 23);
    }
}
