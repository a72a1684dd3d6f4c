//! Everything that is held about a customer but messages (see `talk`), in clear text.

use super::looks::{self, Seen};
use crate::calls::listing as calls;
use crate::calls::model::Call;
use crate::conversations::labelling;
use crate::customers::attributes;
use crate::customers::changes::{self, Record};
use crate::customers::model::{CustomerId, IdentityKind};
use crate::gdpr::cases::model::{Kind, State};
use crate::gdpr::consents::model::{self as consents, Filter};
use crate::gdpr::erasures::model as erasures;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::{customer_identities, customer_labels, customer_state_changes, labels, privacy_cases};
use crate::tenants::profile;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// Rows of a kind that one package holds at most; who saw whom a thousand times is told that often.
const MOST: i64 = 10_000;

#[auto_type]
fn identities_of(tenant: TenantId) -> _ {
    customer_identities::table.filter(customer_identities::tenant_id.eq(tenant))
}

#[auto_type]
fn labels_of(tenant: TenantId) -> _ {
    labels::table.filter(labels::tenant_id.eq(tenant))
}

#[auto_type]
fn steps_of(tenant: TenantId) -> _ {
    customer_state_changes::table.filter(customer_state_changes::tenant_id.eq(tenant))
}

#[auto_type]
fn cases_of(tenant: TenantId) -> _ {
    privacy_cases::table.filter(privacy_cases::tenant_id.eq(tenant))
}

/// `data.json`.
#[derive(Debug, Serialize)]
pub struct Everything {
    pub made_at: DateTime<Utc>,
    pub organisation: String,
    /// The customer first, then records that were found to be the same person.
    pub records: Vec<Profile>,
    pub addresses: Vec<Address>,
    pub labels: Vec<String>,
    pub states: Vec<StateStep>,
    pub calls: Vec<CallLine>,
    pub consents: Vec<ConsentLine>,
    pub requests: Vec<Request>,
    pub accesses: Vec<Seen>,
}

#[derive(Debug, Serialize)]
pub struct Profile {
    pub id: CustomerId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub name_on_whatsapp: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub company: Option<String>,
    pub customer_type: &'static str,
    pub state: &'static str,
    pub locale: Option<String>,
    pub time_zone: Option<String>,
    pub external_id: Option<String>,
    pub note: Option<String>,
    /// The organisation's own fields by their name, sensitive ones among them.
    pub fields: Map<String, Value>,
    pub last_wrote_at: Option<DateTime<Utc>>,
    pub restricted_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, Queryable)]
pub struct Address {
    pub kind: IdentityKind,
    pub value: String,
    pub is_primary: bool,
    pub is_verified: bool,
    pub source: String,
    pub learnt_at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
pub struct StateStep {
    pub from: Option<&'static str>,
    pub to: &'static str,
    pub reason: Option<String>,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
pub struct CallLine {
    pub at: DateTime<Utc>,
    pub direction: &'static str,
    pub status: &'static str,
    pub kind: &'static str,
    pub duration_seconds: Option<i32>,
    pub number: Option<String>,
    pub note: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct ConsentLine {
    pub purpose: &'static str,
    pub channel: &'static str,
    pub state: &'static str,
    pub lawful_basis: &'static str,
    pub source: String,
    pub evidence: Option<String>,
    pub message_id: Option<Uuid>,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Serialize, Queryable)]
pub struct Request {
    pub kind: Kind,
    pub state: State,
    pub requester: String,
    pub details: Option<String>,
    pub received_on: NaiveDate,
    pub due_on: NaiveDate,
    pub outcome: Option<String>,
}

/// Reads all of it, for `customer` and the records that were merged into them.
pub fn everything(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    customer: CustomerId,
) -> Result<(Everything, Vec<CustomerId>)> {
    let people = erasures::people(conn, tenant, customer)?;
    let definitions = attributes::definitions(conn, tenant)?;
    let names: HashMap<String, String> = definitions.into_iter().map(|field| (field.key, field.name)).collect();
    let mut records = Vec::new();
    for id in &people {
        records.push(self::record(&changes::find(conn, tenant, *id)?, vault, &names)?);
    }
    let everything = Everything {
        made_at: Utc::now(),
        organisation: profile::find(conn, tenant)?.0.name,
        records,
        addresses: addresses(conn, tenant, &people)?,
        labels: names_of_labels(conn, tenant, &people)?,
        states: states(conn, tenant, &people)?,
        calls: calls(conn, tenant, &people)?,
        consents: ledger(conn, tenant, &people)?,
        requests: requests(conn, tenant, &people)?,
        accesses: looks::all(conn, tenant, &people)?,
    };
    Ok((everything, people))
}

fn record(record: &Record, vault: &Vault, names: &HashMap<String, String>) -> Result<Profile> {
    let values = record.values().into_iter().chain(record.sensitive(vault)?);
    let named = |(key, value): (String, Value)| (names.get(&key).cloned().unwrap_or(key), value);
    let record = record.clone();
    Ok(Profile {
        id: record.id,
        note: record.note(vault)?,
        fields: values.map(named).collect(),
        first_name: record.first_name,
        last_name: record.last_name,
        name_on_whatsapp: record.display_name,
        phone: record.phone,
        email: record.email,
        company: record.company,
        customer_type: record.customer_type.word(),
        state: record.state.word(),
        locale: record.locale,
        time_zone: record.time_zone,
        external_id: record.external_id,
        last_wrote_at: record.last_seen_at,
        restricted_at: record.restricted_at,
        created_at: record.created_at,
        updated_at: record.updated_at,
    })
}

fn addresses(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<Vec<Address>> {
    let rows = identities_of(tenant)
        .filter(customer_identities::customer_id.eq_any(people))
        .order((customer_identities::learnt_at, customer_identities::id))
        .limit(MOST)
        .select((
            customer_identities::kind,
            customer_identities::value,
            customer_identities::is_primary,
            customer_identities::is_verified,
            customer_identities::source,
            customer_identities::learnt_at,
        ));
    Ok(rows.load(conn)?)
}

fn names_of_labels(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<Vec<String>> {
    let is_theirs = customer_labels::tenant_id
        .eq(labels::tenant_id)
        .and(customer_labels::label_id.eq(labels::id))
        .and(customer_labels::customer_id.eq_any(people));
    let rows = labels_of(tenant)
        .inner_join(customer_labels::table.on(is_theirs))
        .order((labels::name, labels::id))
        .limit(MOST)
        .select(labels::name);
    let mut names: Vec<String> = rows.load(conn)?;
    names.extend(labelling::names_with(conn, tenant, people)?);
    names.sort();
    names.dedup();
    Ok(names)
}

fn states(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<Vec<StateStep>> {
    use crate::customers::model::CustomerState;
    type Row = (Option<CustomerState>, CustomerState, Option<String>, DateTime<Utc>);
    let rows: Vec<Row> = steps_of(tenant)
        .filter(customer_state_changes::customer_id.eq_any(people))
        .order((customer_state_changes::created_at, customer_state_changes::id))
        .limit(MOST)
        .select((
            customer_state_changes::old_state,
            customer_state_changes::new_state,
            customer_state_changes::reason,
            customer_state_changes::created_at,
        ))
        .load(conn)?;
    let step =
        |(from, to, reason, at): Row| StateStep { from: from.map(CustomerState::word), to: to.word(), reason, at };
    Ok(rows.into_iter().map(step).collect())
}

fn calls(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<Vec<CallLine>> {
    let (calls, parties) = calls::of_customers(conn, tenant, people)?;
    let line = |call: Call| CallLine {
        at: call.started_at,
        direction: call.direction.word(),
        status: call.status.word(),
        kind: if call.is_video { "video" } else { "voice" },
        duration_seconds: call.duration_seconds,
        number: parties.number(call.session_id).map(str::to_owned),
        note: call.note,
    };
    Ok(calls.into_iter().map(line).collect())
}

fn ledger(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<Vec<ConsentLine>> {
    let mut lines = Vec::new();
    for id in people {
        let filter = Filter { customer: Some(*id), ..Filter::default() };
        for row in consents::page(conn, tenant, filter, None, MOST as usize)? {
            lines.push(ConsentLine {
                purpose: row.purpose.word(),
                channel: row.channel.word(),
                state: row.state.word(),
                lawful_basis: row.lawful_basis.word(),
                source: row.source,
                evidence: row.evidence,
                message_id: row.message_id.map(|id| id.get()),
                at: row.occurred_at,
            });
        }
    }
    Ok(lines)
}

fn requests(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<Vec<Request>> {
    let rows =
        cases_of(tenant).filter(privacy_cases::customer_id.eq_any(people)).order(privacy_cases::id).limit(MOST).select(
            (
                privacy_cases::kind,
                privacy_cases::state,
                privacy_cases::requester,
                privacy_cases::details,
                privacy_cases::received_on,
                privacy_cases::due_on,
                privacy_cases::outcome,
            ),
        );
    Ok(rows.load(conn)?)
}
