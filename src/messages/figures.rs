//! How much was written.

use super::model::of;
use crate::conversations::model::Direction;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::messages;
use crate::tenants::days;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;

#[derive(Debug, Clone, Copy, Default)]
pub struct Traffic {
    pub received: i64,
    pub sent: i64,
}

/// Messages of the tenant since `start`, by the time they reached us.
pub fn since(conn: &mut PgConnection, tenant: TenantId, start: DateTime<Utc>) -> Result<Traffic> {
    between(conn, tenant, start, Utc::now() + TimeDelta::days(1))
}

/// The same before `end`.
pub fn between(conn: &mut PgConnection, tenant: TenantId, start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Traffic> {
    let counted: Vec<(Direction, i64)> = of(tenant)
        .filter(messages::created_at.ge(start).and(messages::created_at.lt(end)))
        .filter(messages::is_private.eq(false))
        .group_by(messages::direction)
        .select((messages::direction, count_star()))
        .load(conn)?;
    let count = |wanted| counted.iter().find(|(direction, _)| *direction == wanted).map_or(0, |(_, count)| *count);
    Ok(Traffic { received: count(Direction::Inbound), sent: count(Direction::Outbound) })
}

/// Counts the tenant's days that are not over.
pub fn count_days(conn: &mut PgConnection, tenant: TenantId) -> Result<()> {
    for day in days::to_count(conn, tenant)? {
        let traffic = between(conn, tenant, day.begins, day.ends)?;
        days::counted(conn, tenant, day, traffic.received, traffic.sent)?;
    }
    Ok(())
}
