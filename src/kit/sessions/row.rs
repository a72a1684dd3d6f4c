//! A session's row with its user and tenant, as every request needs it.

use super::start::{Lasts, Proof};
use super::{SEEN_EVERY, TokenHash};
use crate::kit::access::{Role, SignedIn};
use crate::kit::error::Result;
use crate::kit::settings::Settings;
use crate::kit::tenant::TenantStatus;
use crate::schema::{tenants, user_sessions, users};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

/// Who is behind a token that still counts; marks it as seen now and then.
pub(super) fn find(conn: &mut PgConnection, hash: &TokenHash) -> Result<Option<SignedIn>> {
    let row = Row::by_token(conn, hash)?;
    let Some(row) = row else { return Ok(None) };
    if row.last_seen_at < Utc::now() - SEEN_EVERY && !row.is_pending {
        let expires = Lasts::of(&row.settings()).expires_at(row.stays_signed_in, row.ends_at);
        diesel::update(user_sessions::table.filter(user_sessions::token_hash.eq(hash.as_slice())))
            .set((user_sessions::last_seen_at.eq(Utc::now()), user_sessions::expires_at.eq(expires)))
            .execute(conn)?;
    }
    Ok(Some(row.signed_in()))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = user_sessions)]
pub(super) struct Row {
    id: Uuid,
    last_seen_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    stays_signed_in: bool,
    is_pending: bool,
    #[diesel(embed)]
    user: User,
    #[diesel(embed)]
    tenant: Tenant,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub(super) struct User {
    id: Uuid,
    tenant_id: Uuid,
    role: Role,
    email: String,
    first_name: String,
    last_name: String,
    time_zone: Option<String>,
    preferences: Value,
    second_factor_since: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = tenants)]
pub(super) struct Tenant {
    name: String,
    time_zone: String,
    settings: Value,
}

impl Row {
    /// What the row of a new session will say.
    ///
    /// # Errors
    /// `NotFound` when the user or the tenant is not active.
    pub(super) fn to_be(conn: &mut PgConnection, tenant: Uuid, user: Uuid, proof: Proof) -> Result<Self> {
        let (user, tenant): (User, Tenant) = users::table
            .inner_join(tenants::table)
            .filter(users::tenant_id.eq(tenant).and(users::id.eq(user)))
            .filter(users::is_active.eq(true).and(users::deleted_at.is_null()))
            .filter(tenants::status.eq(TenantStatus::Active).and(tenants::deleted_at.is_null()))
            .select((User::as_select(), Tenant::as_select()))
            .first(conn)?;
        let is_pending = proof == Proof::FirstFactor && user.second_factor_since.is_some();
        let now = Utc::now();
        Ok(Self {
            id: Uuid::now_v7(),
            last_seen_at: now,
            ends_at: now,
            stays_signed_in: false,
            is_pending,
            user,
            tenant,
        })
    }

    /// A session that still counts: neither ended nor expired, of an active user of an active tenant.
    fn by_token(conn: &mut PgConnection, hash: &TokenHash) -> Result<Option<Self>> {
        let of_user = users::tenant_id.eq(user_sessions::tenant_id).and(users::id.eq(user_sessions::user_id));
        let row = user_sessions::table
            .inner_join(users::table.on(of_user))
            .inner_join(tenants::table.on(tenants::id.eq(user_sessions::tenant_id)))
            .filter(user_sessions::token_hash.eq(hash.as_slice()))
            .filter(user_sessions::is_revoked.eq(false).and(user_sessions::expires_at.gt(Utc::now())))
            .filter(users::is_active.eq(true).and(users::deleted_at.is_null()))
            .filter(tenants::status.eq(TenantStatus::Active).and(tenants::deleted_at.is_null()))
            .select(Self::as_select())
            .first(conn)
            .optional()?;
        Ok(row)
    }

    pub(super) fn settings(&self) -> Settings {
        Settings::of(self.tenant.settings.clone())
    }

    pub(super) fn signed_in(self) -> SignedIn {
        let settings = self.settings();
        let has_second_factor = self.user.second_factor_since.is_some();
        let needs_one = settings.second_factor_roles.contains(&self.user.role);
        let zone = self.user.time_zone.unwrap_or(self.tenant.time_zone);
        let theme = self.user.preferences.get("theme").and_then(Value::as_str).unwrap_or("system");
        SignedIn {
            session: self.id,
            user: self.user.id,
            tenant: self.user.tenant_id,
            tenant_name: self.tenant.name,
            role: self.user.role,
            email: self.user.email,
            first_name: self.user.first_name,
            last_name: self.user.last_name,
            time_zone: zone.parse().unwrap_or(chrono_tz::UTC),
            theme: theme.to_owned(),
            // Whoever needs a factor and has none is asked to set it up, also in the midst of a session.
            is_pending: self.is_pending || (needs_one && !has_second_factor),
            has_second_factor,
            stays_signed_in: self.stays_signed_in,
            agents_see_all: settings.agents_see_all,
        }
    }
}
