//! What WAHA says of numbers: states, signs of life, errors. Reports come late, twice and out of order.

use super::model::{CHANGED, EngineName, Number, NumberId, Status, of};
use crate::kit::audit;
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::notifications::model::{self as notifications, Kind, To, notify};
use crate::schema::waha_sessions;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde_json::json;

/// Who can restart a number that failed.
const MENDERS: [&str; 2] = ["TENANT_ADMIN", "MANAGER"];

/// How a report came, which decides what it may overwrite.
#[derive(Debug, Clone, Copy)]
pub enum Told {
    /// By an event of that moment, by WAHA's clock: events that happened before the last one known change nothing.
    At(DateTime<Utc>),
    /// As the answer to a question asked at that moment, by our clock: it changes nothing if the number changed since.
    Asked(DateTime<Utc>),
}

/// What WAHA says of a session, by webhook or when asked.
#[derive(Debug, Clone)]
pub struct Report {
    pub status: Status,
    /// WAHA's own word, kept as it is.
    pub word: String,
    pub told: Told,
    /// Digits, once paired.
    pub phone: Option<String>,
    pub push_name: Option<String>,
    pub lid: Option<String>,
    pub error: Option<String>,
}

/// Takes a report in, unless a newer one was there before. Returns whether the number now works and did not before.
pub fn report(conn: &mut PgConnection, tenant: TenantId, id: NumberId, report: &Report) -> Result<bool> {
    // Not FOR UPDATE: each event's row points here, so two events at once would wait for each other.
    let row = of(tenant).filter(waha_sessions::id.eq(id)).for_no_key_update();
    let row = row.select((Number::as_select(), waha_sessions::status_event_at, waha_sessions::updated_at));
    let (before, event_at, updated_at): (Number, Option<DateTime<Utc>>, DateTime<Utc>) = row.first(conn)?;
    let (is_news, event_at, at) = match report.told {
        Told::At(at) => (event_at.is_none_or(|known| known <= at), Some(at), at),
        Told::Asked(at) => (updated_at <= at, event_at, at),
    };
    if !is_news {
        return Ok(false);
    }
    let mut metadata = before.metadata.clone();
    metadata["status"] = json!(report.word);
    let changed_at = if before.status == report.status { before.status_changed_at } else { at };
    diesel::update(of(tenant).filter(waha_sessions::id.eq(id)))
        .set((
            waha_sessions::status.eq(report.status),
            waha_sessions::status_event_at.eq(event_at),
            waha_sessions::status_changed_at.eq(changed_at),
            waha_sessions::metadata.eq(metadata),
            waha_sessions::phone.eq(report.phone.clone().or(before.phone.clone())),
            waha_sessions::push_name.eq(report.push_name.clone().or(before.push_name.clone())),
            waha_sessions::lid.eq(&report.lid),
            waha_sessions::error_message.eq(&report.error),
            waha_sessions::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    if before.status != report.status {
        match report.status {
            Status::Failed => notify(conn, tenant, To::Roles(&MENDERS), Kind::NumberTrouble, id.get())?,
            Status::Working => notifications::settle(conn, tenant, Kind::NumberTrouble, id.get())?,
            _ => {}
        }
        let entry = audit::Entry::new("reported", "waha_sessions", id.get());
        let was = json!({ "status": before.status, "word": before.metadata["status"] });
        let is = json!({ "status": report.status, "word": report.word });
        audit::record(conn, tenant, &entry.changed(&was, &is))?;
    }
    // Each new QR code re-issues the same status: pages listen for it all the same.
    live::announce(conn, tenant, CHANGED, id.get())?;
    Ok(before.status != Status::Working && report.status == Status::Working)
}

/// Shows why the last attempt to make the wish true failed.
pub fn complain(conn: &mut PgConnection, tenant: TenantId, id: NumberId, error: &str) -> Result<()> {
    let row = of(tenant).filter(waha_sessions::id.eq(id)).filter(waha_sessions::error_message.is_distinct_from(error));
    let changed = diesel::update(row)
        .set((waha_sessions::error_message.eq(error), waha_sessions::updated_at.eq(Utc::now())))
        .execute(conn)?;
    match changed {
        0 => Ok(()),
        _ => live::announce(conn, tenant, CHANGED, id.get()),
    }
}

/// How exact "last heard" is: it is written at most this often.
const HEARD_EVERY: Duration = Duration::seconds(5);

/// Marks that an event came in, and with `ack` that one of them confirmed a message.
pub fn heard(conn: &mut PgConnection, tenant: TenantId, id: NumberId, ack: bool) -> Result<()> {
    let now = Utc::now();
    let stale = now - HEARD_EVERY;
    let row = of(tenant).filter(waha_sessions::id.eq(id));
    let heard = waha_sessions::last_activity_at.is_null().or(waha_sessions::last_activity_at.lt(stale));
    let acked = waha_sessions::last_ack_at.is_null().or(waha_sessions::last_ack_at.lt(stale));
    match ack {
        true => diesel::update(row.filter(acked))
            .set((waha_sessions::last_activity_at.eq(now), waha_sessions::last_ack_at.eq(now)))
            .execute(conn)?,
        false => diesel::update(row.filter(heard)).set(waha_sessions::last_activity_at.eq(now)).execute(conn)?,
    };
    Ok(())
}

/// The engine that the gateway really runs, which decides whether ids can be chosen.
pub fn runs_on(conn: &mut PgConnection, tenant: TenantId, id: NumberId, engine: EngineName) -> Result<()> {
    let other = of(tenant).filter(waha_sessions::id.eq(id)).filter(waha_sessions::engine.ne(engine));
    let changed = diesel::update(other)
        .set((waha_sessions::engine.eq(engine), waha_sessions::updated_at.eq(Utc::now())))
        .execute(conn)?;
    match changed {
        0 => Ok(()),
        _ => {
            let entry = audit::Entry::new("reported", "waha_sessions", id.get());
            audit::record(conn, tenant, &entry.after(json!({ "engine": engine })))
        }
    }
}
