//! Tenants with their users and numbers.

use super::dice::{About, Dice};
use super::plan::{END, Tenant};
use super::words;
use crate::kit::access::Role;
use crate::kit::vault::{Vault, place, random_token};
use crate::numbers::model::{EngineName, Status, Wish};
use crate::schema::{tenants, users, waha_sessions};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use uuid::Uuid;

#[derive(Insertable)]
#[diesel(table_name = tenants, treat_none_as_default_value = false)]
pub struct TenantRow {
    id: Uuid,
    name: String,
    slug: String,
    time_zone: &'static str,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

pub fn row(tenant: &Tenant) -> TenantRow {
    TenantRow {
        id: tenant.id,
        name: tenant.name.clone(),
        slug: tenant.slug.clone(),
        time_zone: "Europe/Berlin",
        created_at: tenant.created_at,
        updated_at: tenant.created_at,
    }
}

#[derive(Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
pub struct UserRow {
    tenant_id: Uuid,
    id: Uuid,
    email: String,
    password_hash: String,
    first_name: &'static str,
    last_name: &'static str,
    role: Role,
    is_verified: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// An administrator, a manager, an auditor and the agents: `admin@`, `manager@`, `auditor@`, `agent1@` … at the tenant's
/// domain.
pub fn users(seed: u64, tenant: &Tenant, password_hash: &str) -> Vec<UserRow> {
    let mut dice = Dice::of(seed, About::User, tenant.rank);
    let office = [(Role::TenantAdmin, "admin"), (Role::Manager, "manager"), (Role::Auditor, "auditor")];
    let office = office.map(|(role, name)| (dice.id(tenant.created_at), role, name.to_owned()));
    let agents = (1..).zip(&tenant.agents).map(|(n, id)| (*id, Role::Agent, format!("agent{n}")));
    let everybody: Vec<_> = office.into_iter().chain(agents).collect();
    let row = |(id, role, name): (Uuid, Role, String)| UserRow {
        tenant_id: tenant.id,
        id,
        email: email(tenant, &name),
        password_hash: password_hash.to_owned(),
        first_name: words::first_name(&mut dice),
        last_name: words::last_name(&mut dice),
        role,
        is_verified: true,
        created_at: tenant.created_at,
        updated_at: tenant.created_at,
    };
    everybody.into_iter().map(row).collect()
}

pub fn email(tenant: &Tenant, name: &str) -> String {
    format!("{name}@{}.test", tenant.slug)
}

#[derive(Insertable)]
#[diesel(table_name = waha_sessions, treat_none_as_default_value = false)]
pub struct NumberRow {
    tenant_id: Uuid,
    id: Uuid,
    name: String,
    external_session_id: String,
    status: Status,
    wanted: Wish,
    engine: EngineName,
    phone: String,
    hmac_key: Vec<u8>,
    status_changed_at: DateTime<Utc>,
    last_activity_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Its numbers, working; their webhook keys are fresh secrets, as those of any number.
pub fn numbers<'a>(tenant: &'a Tenant, vault: &'a Vault) -> impl Iterator<Item = NumberRow> + 'a {
    let names = ["Main number", "Service"];
    names.into_iter().zip(&tenant.numbers).zip(1..).map(|((name, number), nth)| NumberRow {
        tenant_id: tenant.id,
        id: number.id,
        name: name.to_owned(),
        external_session_id: format!("{}-{nth}", tenant.slug),
        status: Status::Working,
        wanted: Wish::Run,
        engine: EngineName::Gows,
        phone: number.phone.clone(),
        hmac_key: vault.seal(&place("waha_sessions.hmac_key", number.id), random_token().expose().as_bytes()),
        status_changed_at: tenant.created_at,
        last_activity_at: END - TimeDelta::minutes(1),
        created_at: tenant.created_at,
        updated_at: END - TimeDelta::minutes(1),
    })
}
