//! Webhook events and their SQL: stored once, with their effect in the same transaction where that goes well, and by a
//! job where it does not.

use super::effects::apply;
use super::jobs::Process;
use super::routes::Route;
use crate::ids;
use crate::kit::db::PlatformDb;
use crate::kit::error::{Error, Result};
use crate::kit::jobs::enqueue;
use crate::kit::tenant::TenantId;
use crate::numbers::model::{self as numbers, NumberId};
use crate::numbers::reports;
use crate::numbers::waha::{Envelope, Event};
use crate::schema::webhook_events;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Arc;

ids! {
    /// One event as WAHA told it.
    WebhookEventId,
}

/// Longer event ids and names are none of WAHA's.
const LONGEST_ID: usize = 128;
const LONGEST_NAME: usize = 64;

/// A webhook's body, readable and storable.
pub struct Delivery {
    pub event_id: String,
    pub event: String,
    pub payload: Value,
    pub had_nul: bool,
}

impl Delivery {
    /// `request_id` names the event where the body does not; failing both, the body's own hash does.
    ///
    /// # Errors
    /// `Invalid` when it is not JSON, or nested deeper than a parser should follow.
    pub fn parse(body: &[u8], request_id: Option<&str>) -> Result<Self> {
        let mut payload: Value =
            serde_json::from_slice(body).map_err(|cause| Error::Invalid(format!("This is not JSON: {cause}.")))?;
        // A refusal would be retried and then lost, so what PostgreSQL cannot hold is taken out.
        let had_nul = body.windows(6).any(|six| six == b"\\u0000") && strip_nul(&mut payload);
        let envelope = Envelope::parse(&payload);
        let named = envelope.as_ref().and_then(|envelope| envelope.id.clone()).or(request_id.map(str::to_owned));
        let event_id = named.filter(|id| id.len() <= LONGEST_ID && !id.contains('\0'));
        let event = envelope.map(|envelope| envelope.event).unwrap_or_else(|| "unknown".into());
        Ok(Self {
            event_id: event_id.unwrap_or_else(|| hex::encode(Sha256::digest(body))),
            event: event.chars().take(LONGEST_NAME).collect(),
            payload,
            had_nul,
        })
    }
}

/// Whether there was any.
fn strip_nul(value: &mut Value) -> bool {
    match value {
        Value::String(text) if text.contains('\0') => {
            text.retain(|char| char != '\0');
            true
        }
        Value::Array(items) => items.iter_mut().map(strip_nul).filter(|had| *had).count() > 0,
        Value::Object(fields) => {
            let with_nul: Vec<String> = fields.keys().filter(|name| name.contains('\0')).cloned().collect();
            for name in &with_nul {
                if let Some(field) = fields.remove(name) {
                    fields.insert(name.replace('\0', ""), field);
                }
            }
            fields.values_mut().map(strip_nul).filter(|had| *had).count() + with_nul.len() > 0
        }
        _ => false,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Taken,
    /// Told before.
    Repeated,
    /// Stored; its effect failed and will be tried again.
    Postponed,
}

impl Outcome {
    pub fn word(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Repeated => "repeated",
            Self::Postponed => "postponed",
        }
    }
}

/// Stores a delivery with its effect. When the effect fails, the event is stored all the same.
///
/// # Errors
/// Only when it could not be stored: then WAHA has to try again.
pub async fn take(db: &PlatformDb, route: &Arc<Route>, delivery: Arc<Delivery>) -> Result<Outcome> {
    let (route_, delivery_) = (route.clone(), delivery.clone());
    let taken = db.enter(route.tenant, move |conn, tenant| {
        let Some(_) = store(conn, tenant, route_.number.id, &delivery_, true)? else { return Ok(Outcome::Repeated) };
        let event = apply(conn, tenant, &route_.number, &delivery_.payload)?;
        let is_ack = matches!(event, Some(Event::Ack(_) | Event::AckGroup(_)));
        if route_.is_due(is_ack) {
            reports::heard(conn, tenant, route_.number.id, is_ack)?;
        }
        Ok(Outcome::Taken)
    });
    let cause = match taken.await {
        Err(Error::Busy) => return Err(Error::Busy),
        Err(cause) => cause,
        Ok(outcome) => return Ok(outcome),
    };
    tracing::warn!(%cause, event = delivery.event, number = %route.number.id, "a webhook's effect is postponed");
    let number = route.number.id;
    let postponed = db.enter(route.tenant, move |conn, tenant| match store(conn, tenant, number, &delivery, false)? {
        Some(event) => enqueue(conn, tenant, &Process { event }).map(|()| Outcome::Postponed),
        None => Ok(Outcome::Repeated),
    });
    postponed.await
}

#[auto_type]
fn of(tenant: TenantId) -> _ {
    webhook_events::table.filter(webhook_events::tenant_id.eq(tenant))
}

/// None: it is there already.
fn store(
    conn: &mut PgConnection,
    tenant: TenantId,
    number: NumberId,
    delivery: &Delivery,
    is_processed: bool,
) -> Result<Option<WebhookEventId>> {
    let id = WebhookEventId::new();
    let inserted = diesel::insert_into(webhook_events::table)
        .values((
            webhook_events::tenant_id.eq(tenant),
            webhook_events::id.eq(id),
            webhook_events::session_id.eq(number),
            webhook_events::event_id.eq(&delivery.event_id),
            webhook_events::event.eq(&delivery.event),
            webhook_events::payload.eq(&delivery.payload),
            webhook_events::had_nul.eq(delivery.had_nul),
            webhook_events::processed_at.eq(is_processed.then(Utc::now)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok((inserted > 0).then_some(id))
}

/// The effect of a stored event that could not be applied at once.
///
/// # Errors
/// Whatever keeps it from being applied; the event stays.
pub fn process(conn: &mut PgConnection, tenant: TenantId, id: WebhookEventId) -> Result<()> {
    let waiting = of(tenant).filter(webhook_events::id.eq(id).and(webhook_events::processed_at.is_null()));
    let event: Option<(NumberId, Value)> =
        waiting.select((webhook_events::session_id, webhook_events::payload)).for_update().first(conn).optional()?;
    let Some((number, payload)) = event else { return Ok(()) };
    let number = numbers::find(conn, tenant, number)?;
    apply(conn, tenant, &number, &payload)?;
    diesel::update(of(tenant).filter(webhook_events::id.eq(id)))
        .set((webhook_events::processed_at.eq(Utc::now()), webhook_events::error.eq(None::<String>)))
        .execute(conn)?;
    Ok(())
}

/// Writes down why an event could not be applied.
pub fn fail(conn: &mut PgConnection, tenant: TenantId, id: WebhookEventId, error: &str) -> Result<()> {
    diesel::update(of(tenant).filter(webhook_events::id.eq(id)))
        .set((webhook_events::attempts.eq(webhook_events::attempts + 1), webhook_events::error.eq(error)))
        .execute(conn)?;
    Ok(())
}

/// Removes what was told before `before` and processed, some thousand at a time; returns how many went.
pub fn purge(conn: &mut PgConnection, tenant: TenantId, before: DateTime<Utc>) -> Result<usize> {
    let old = of(tenant)
        .filter(webhook_events::id.lt(WebhookEventId::at(before)).and(webhook_events::processed_at.is_not_null()))
        .order(webhook_events::id)
        .limit(5000)
        .select(webhook_events::id);
    let old: Vec<WebhookEventId> = old.load(conn)?;
    Ok(diesel::delete(of(tenant).filter(webhook_events::id.eq_any(old))).execute(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_is_stripped_wherever_it_stands() {
        let body = br#"{"id":"e1","event":"message.any","a\u0000":{"b":["x\u0000y"]}}"#;
        let delivery = Delivery::parse(body, None).unwrap();
        assert!(delivery.had_nul);
        assert_eq!(delivery.payload["a"]["b"][0], "xy");
    }

    #[test]
    fn an_event_is_named_by_its_id_its_request_or_its_words() {
        assert_eq!(Delivery::parse(br#"{"id":"e1","event":"x"}"#, Some("r1")).unwrap().event_id, "e1");
        assert_eq!(Delivery::parse(br#"{"event":"x"}"#, Some("r1")).unwrap().event_id, "r1");
        let hashed = Delivery::parse(b"[]", None).unwrap();
        assert_eq!((hashed.event_id.len(), hashed.event.as_str()), (64, "unknown"));
    }

    #[test]
    fn deep_nesting_is_no_json_of_ours() {
        let deep = "[".repeat(100_000);
        assert!(matches!(Delivery::parse(deep.as_bytes(), None), Err(Error::Invalid(_))));
    }
}
