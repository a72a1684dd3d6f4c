//! Numbers and their SQL. A number has a wish (what we want) and a status (what WAHA reports).

use crate::kit::audit;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::secret::Secret;
use crate::kit::tenant::TenantId;
use crate::kit::vault::{Vault, place, random_token};
use crate::schema::waha_sessions;
use crate::{ids, pg_enum};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

ids! {
    /// A WhatsApp number; also the id in the path of its webhook.
    NumberId,
}

/// The kind of live event that says a number changed.
pub const CHANGED: &str = "number";

pg_enum! {
    /// What WAHA last reported; its own word stands in the metadata.
    Status over NumberStatus {
        Starting = "starting",
        ScanQr = "scan_qr",
        Working = "working",
        Failed = "failed",
        Stopped = "stopped",
    }
}

pg_enum! {
    /// What we want; survives restarts of WAHA.
    Wish over NumberWish { Run = "run", Stop = "stop" }
}

pg_enum! {
    /// The engine that a gateway runs.
    EngineName over WahaEngine { Webjs = "WEBJS", Wpp = "WPP", Noweb = "NOWEB", Gows = "GOWS" }
}

impl EngineName {
    /// Whether a message's id may be chosen before it is sent, so that a lost answer can be looked up.
    pub fn takes_own_ids(self) -> bool {
        matches!(self, Self::Noweb | Self::Gows)
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = waha_sessions)]
pub struct Number {
    pub id: NumberId,
    pub name: String,
    pub external_session_id: String,
    pub status: Status,
    pub wanted: Wish,
    pub engine: EngineName,
    pub metadata: Value,
    pub phone: Option<String>,
    pub push_name: Option<String>,
    pub last_activity_at: Option<DateTime<Utc>>,
    pub last_ack_at: Option<DateTime<Utc>>,
    pub status_changed_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub error_message: Option<String>,
    pub waha_url: Option<String>,
    pub waha_api_key: Option<Vec<u8>>,
    pub hmac_key: Vec<u8>,
}

impl Number {
    /// Running as wanted, or stopped as wanted.
    pub fn is_as_wanted(&self) -> bool {
        match self.wanted {
            Wish::Run => self.status == Status::Working,
            Wish::Stop => self.status == Status::Stopped,
        }
    }

    /// The key that WAHA signs this number's webhooks with.
    pub fn hmac_key(&self, vault: &Vault) -> Result<Secret<Vec<u8>>> {
        vault.open(&place("waha_sessions.hmac_key", self.id), &self.hmac_key)
    }

    /// The key of the number's own gateway; None where it uses the default one.
    pub fn api_key(&self, vault: &Vault) -> Result<Option<Secret<String>>> {
        let Some(sealed) = &self.waha_api_key else { return Ok(None) };
        let plain = vault.open(&place("waha_sessions.waha_api_key", self.id), sealed)?;
        let text = String::from_utf8(plain.expose().clone()).map_err(Error::unexpected)?;
        Ok(Some(Secret::new(text)))
    }

    /// What is told of a number in audit entries: nothing secret.
    pub(super) fn facts(&self) -> Value {
        json!({ "name": self.name, "wanted": self.wanted, "status": self.status })
    }
}

/// A validated new number.
#[derive(Debug, Clone)]
pub struct NumberData {
    pub name: String,
    /// WAHA's session name.
    pub external_session_id: String,
    pub engine: EngineName,
    /// The tenant's own gateway, where it has one.
    pub waha_url: Option<String>,
    pub waha_api_key: Option<Secret<String>>,
}

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    waha_sessions::table.filter(waha_sessions::tenant_id.eq(tenant)).filter(waha_sessions::deleted_at.is_null())
}

/// At most 200, oldest first.
pub fn list(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<Number>> {
    Ok(of(tenant).order(waha_sessions::id).limit(200).select(Number::as_select()).load(conn)?)
}

/// # Errors
/// `NotFound` also for a deleted number and another tenant's.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: NumberId) -> Result<Number> {
    Ok(of(tenant).filter(waha_sessions::id.eq(id)).select(Number::as_select()).first(conn)?)
}

/// Adds a number that shall run; makes its webhook key and seals both keys.
///
/// # Errors
/// `Taken("waha_sessions_external_taken")` within the tenant.
pub fn create(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, data: &NumberData) -> Result<NumberId> {
    let id = NumberId::new();
    let hmac_key = vault.seal(&place("waha_sessions.hmac_key", id), random_token().expose().as_bytes());
    let seal = |key: &Secret<String>| vault.seal(&place("waha_sessions.waha_api_key", id), key.expose().as_bytes());
    diesel::insert_into(waha_sessions::table)
        .values((
            waha_sessions::tenant_id.eq(tenant),
            waha_sessions::id.eq(id),
            waha_sessions::name.eq(&data.name),
            waha_sessions::external_session_id.eq(&data.external_session_id),
            waha_sessions::engine.eq(data.engine),
            waha_sessions::waha_url.eq(&data.waha_url),
            waha_sessions::waha_api_key.eq(data.waha_api_key.as_ref().map(seal)),
            waha_sessions::hmac_key.eq(hmac_key),
        ))
        .execute(conn)?;
    let after = json!({ "name": data.name, "external_session_id": data.external_session_id, "engine": data.engine });
    audit::record(conn, tenant, &audit::Entry::new("created", "waha_sessions", id.get()).after(after))?;
    live::announce(conn, tenant, CHANGED, id.get())?;
    Ok(id)
}

/// Says what we want of the number; a job makes it so.
pub fn wish(conn: &mut PgConnection, tenant: TenantId, id: NumberId, wish: Wish) -> Result<()> {
    let before = find(conn, tenant, id)?;
    diesel::update(of(tenant).filter(waha_sessions::id.eq(id)))
        .set((
            waha_sessions::wanted.eq(wish),
            waha_sessions::error_message.eq(None::<String>),
            waha_sessions::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    let entry = audit::Entry::new("changed", "waha_sessions", id.get());
    let (was, is) = (json!({ "wanted": before.wanted }), json!({ "wanted": wish }));
    audit::record(conn, tenant, &entry.changed(&was, &is))?;
    live::announce(conn, tenant, CHANGED, id.get())
}

/// Writes down that somebody restarted, logged out, or asked for a pairing code.
pub fn note(conn: &mut PgConnection, tenant: TenantId, id: NumberId, action: &'static str) -> Result<()> {
    audit::record(conn, tenant, &audit::Entry::new(action, "waha_sessions", id.get()))
}

/// Takes the number off the pages; its messages stay, its session at WAHA is deleted by a job.
pub fn delete(conn: &mut PgConnection, tenant: TenantId, id: NumberId) -> Result<Number> {
    let number = find(conn, tenant, id)?;
    diesel::update(of(tenant).filter(waha_sessions::id.eq(id)))
        .set((
            waha_sessions::wanted.eq(Wish::Stop),
            waha_sessions::deleted_at.eq(Utc::now()),
            waha_sessions::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    let entry = audit::Entry::new("deleted", "waha_sessions", id.get());
    audit::record(conn, tenant, &entry.before(number.facts()))?;
    live::announce(conn, tenant, CHANGED, id.get())?;
    Ok(number)
}

/// A number that `delete` took away, for the job that clears up behind it.
pub fn find_deleted(conn: &mut PgConnection, tenant: TenantId, id: NumberId) -> Result<Number> {
    let gone = waha_sessions::table
        .filter(waha_sessions::tenant_id.eq(tenant).and(waha_sessions::id.eq(id)))
        .filter(waha_sessions::deleted_at.is_not_null());
    Ok(gone.select(Number::as_select()).first(conn)?)
}

/// Whose number this is, for webhooks and reconciling. As the platform; deleted numbers are not routed.
pub fn route(conn: &mut PgConnection, id: NumberId) -> Result<(Uuid, Number)> {
    let number = waha_sessions::table
        .filter(waha_sessions::id.eq(id).and(waha_sessions::deleted_at.is_null()))
        .select((waha_sessions::tenant_id, Number::as_select()))
        .first(conn)?;
    Ok(number)
}

/// Every living number of every tenant. As the platform.
pub fn everywhere(conn: &mut PgConnection) -> Result<Vec<(Uuid, NumberId)>> {
    let numbers = waha_sessions::table
        .filter(waha_sessions::deleted_at.is_null())
        .order((waha_sessions::tenant_id, waha_sessions::id))
        .select((waha_sessions::tenant_id, waha_sessions::id))
        .load(conn)?;
    Ok(numbers)
}

/// Takes the number's turn to send, `gap` after the last one at the earliest; else says when it may be taken.
pub fn take_turn(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: NumberId,
    gap: TimeDelta,
) -> Result<Option<DateTime<Utc>>> {
    let row = || of(tenant).filter(waha_sessions::id.eq(id));
    let last: Option<DateTime<Utc>> = row().select(waha_sessions::last_sent_at).for_no_key_update().first(conn)?;
    let now = Utc::now();
    match last.map(|last| last + gap).filter(|next| *next > now) {
        Some(next) => Ok(Some(next)),
        None => {
            diesel::update(row()).set(waha_sessions::last_sent_at.eq(now)).execute(conn)?;
            Ok(None)
        }
    }
}

/// A session name out of the tenant's own, that none of `taken` has.
pub fn propose_session(tenant_name: &str, taken: &[Number]) -> String {
    let words = tenant_name.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let base = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    let base = if base.is_empty() { "number".to_owned() } else { base };
    let is_free = |name: &String| taken.iter().all(|number| number.external_session_id != *name);
    let candidates = std::iter::once(base.clone()).chain((2..).map(|count| format!("{base}-{count}")));
    candidates.take(1000).find(is_free).unwrap_or(base)
}
