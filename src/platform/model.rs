//! Figures of the whole installation, read with the platform's own role. No tenant's words are among them.

use crate::kit::error::Result;
use crate::kit::jobs::letters::{self, Counts, Letter};
use crate::numbers::model::{Status, Wish};
use crate::schema::{tenants, users, waha_sessions, webhook_events};
use crate::tenants::model::PLATFORM;
use chrono::{DateTime, Duration, Utc};
use diesel::dsl::{count_star, min};
use diesel::prelude::*;
use uuid::Uuid;

/// Dead letters on one page.
const LETTERS: i32 = 50;

#[derive(Debug)]
pub struct Health {
    pub jobs: Counts,
    pub letters: Vec<Letter>,
    /// Webhooks stored and not yet worked off, and since when the oldest waits.
    pub webhooks_waiting: i64,
    pub oldest_webhook: Option<DateTime<Utc>>,
    pub webhooks_today: i64,
    /// Numbers on the default gateway.
    pub gateway_numbers: i64,
    pub tenant_names: Vec<(Uuid, String)>,
}

pub fn health(conn: &mut PgConnection) -> Result<Health> {
    let waiting = webhook_events::table.filter(webhook_events::processed_at.is_null());
    let (webhooks_waiting, oldest_webhook) =
        waiting.select((count_star(), min(webhook_events::received_at))).first(conn)?;
    let today = webhook_events::table.filter(webhook_events::received_at.ge(Utc::now() - Duration::days(1)));
    let letters = letters::letters(conn, LETTERS)?;
    let named: Vec<Uuid> = letters.iter().filter_map(|letter| letter.tenant).collect();
    Ok(Health {
        jobs: letters::counts(conn)?,
        gateway_numbers: waha_sessions::table
            .filter(waha_sessions::deleted_at.is_null().and(waha_sessions::waha_url.is_null()))
            .select(count_star())
            .first(conn)?,
        webhooks_waiting,
        oldest_webhook,
        webhooks_today: today.select(count_star()).first(conn)?,
        tenant_names: tenants::table
            .filter(tenants::id.eq_any(named))
            .select((tenants::id, tenants::name))
            .load(conn)?,
        letters,
    })
}

#[derive(Debug)]
pub struct Overview {
    pub tenants: i64,
    pub users: i64,
    pub numbers: i64,
    pub numbers_working: i64,
    pub health: Health,
}

pub fn overview(conn: &mut PgConnection) -> Result<Overview> {
    let tenants = tenants::table.filter(tenants::deleted_at.is_null().and(tenants::id.ne(PLATFORM)));
    let users = users::table.filter(users::deleted_at.is_null().and(users::is_active.eq(true)));
    let wanted = || waha_sessions::deleted_at.is_null().and(waha_sessions::wanted.eq(Wish::Run));
    let numbers = || waha_sessions::table.filter(wanted());
    Ok(Overview {
        tenants: tenants.select(count_star()).first(conn)?,
        users: users.select(count_star()).first(conn)?,
        numbers: numbers().select(count_star()).first(conn)?,
        numbers_working: numbers()
            .filter(waha_sessions::status.eq(Status::Working))
            .select(count_star())
            .first(conn)?,
        health: health(conn)?,
    })
}
