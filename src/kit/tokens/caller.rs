//! Who is behind a token, read with it in one query.

use super::{Claims, TokenHash};
use crate::kit::access::Role;
use crate::kit::error::Result;
use crate::kit::tenant::{TenantId, TenantStatus};
use crate::schema::{api_tokens, tenants, token_blacklist, user_sessions, users};
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use uuid::Uuid;

/// How often use is written down.
const USED_EVERY: Duration = Duration::minutes(1);

/// What a program showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// An access token of this session, with this `jti`.
    Session { id: Uuid, jti: Uuid },
    /// This personal token.
    Token { id: Uuid },
}

#[derive(Debug, Clone)]
pub struct Caller {
    pub credential: Credential,
    pub user: Uuid,
    pub(in crate::kit) tenant: Uuid,
    pub tenant_name: String,
    pub role: Role,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    /// What the role holds and the token carries.
    pub scopes: Vec<&'static str>,
    pub expires_at: DateTime<Utc>,
}

impl Caller {
    pub(in crate::kit) fn tenant(&self) -> TenantId {
        TenantId::known(self.tenant)
    }

    /// The tenant as data; the right to work in it stays here.
    pub fn tenant_id(&self) -> Uuid {
        self.tenant
    }

    pub fn may(&self, permission: &str) -> bool {
        self.scopes.contains(&permission)
    }

    fn of(person: Person, credential: Credential, scopes: &[&str], expires_at: DateTime<Utc>) -> Self {
        let (user, tenant_name) = (person.user, person.tenant.name);
        Self {
            credential,
            scopes: user.role.permissions().filter(|name| scopes.contains(name)).collect(),
            expires_at,
            user: user.id,
            tenant: user.tenant_id,
            tenant_name,
            role: user.role,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct Person {
    #[diesel(embed)]
    user: User,
    #[diesel(embed)]
    tenant: Tenant,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct User {
    id: Uuid,
    tenant_id: Uuid,
    role: Role,
    email: String,
    first_name: String,
    last_name: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = tenants)]
struct Tenant {
    name: String,
}

/// The caller of an access token whose session still counts: neither ended nor expired, of an active user of an active
/// tenant, and the token itself not revoked. As the platform.
pub(super) fn of_session(conn: &mut PgConnection, claims: &Claims) -> Result<Option<Caller>> {
    let own =
        || user_sessions::table.filter(user_sessions::tenant_id.eq(claims.tid).and(user_sessions::id.eq(claims.sid)));
    let of_user = users::tenant_id.eq(user_sessions::tenant_id).and(users::id.eq(user_sessions::user_id));
    let revoked = token_blacklist::table
        .filter(token_blacklist::tenant_id.eq(claims.tid).and(token_blacklist::jti.eq(claims.jti)));
    let found: Option<(Person, DateTime<Utc>)> = own()
        .inner_join(users::table.on(of_user))
        .inner_join(tenants::table.on(tenants::id.eq(user_sessions::tenant_id)))
        .filter(user_sessions::user_id.eq(claims.sub).and(user_sessions::refresh_token_hash.is_not_null()))
        .filter(user_sessions::is_revoked.eq(false).and(user_sessions::expires_at.gt(Utc::now())))
        .filter(users::is_active.eq(true).and(users::deleted_at.is_null()))
        .filter(tenants::status.eq(TenantStatus::Active).and(tenants::deleted_at.is_null()))
        .filter(diesel::dsl::not(diesel::dsl::exists(revoked)))
        .select((Person::as_select(), user_sessions::last_seen_at))
        .first(conn)
        .optional()?;
    let Some((person, seen)) = found else { return Ok(None) };
    if seen < Utc::now() - USED_EVERY {
        diesel::update(own()).set(user_sessions::last_seen_at.eq(Utc::now())).execute(conn)?;
    }
    let scopes: Vec<&str> = claims.scope.split(' ').collect();
    let expires_at = DateTime::from_timestamp(claims.exp, 0).unwrap_or_default();
    Ok(Some(Caller::of(person, Credential::Session { id: claims.sid, jti: claims.jti }, &scopes, expires_at)))
}

/// The caller of a personal token that is neither revoked nor expired, of an active user of an active tenant. As the
/// platform.
pub(super) fn of_token(conn: &mut PgConnection, hash: &TokenHash, address: Option<String>) -> Result<Option<Caller>> {
    let of_user = users::tenant_id.eq(api_tokens::tenant_id).and(users::id.eq(api_tokens::user_id));
    let found: Option<(Person, Token)> = api_tokens::table
        .inner_join(users::table.on(of_user))
        .inner_join(tenants::table.on(tenants::id.eq(api_tokens::tenant_id)))
        .filter(api_tokens::token_hash.eq(hash.as_slice()))
        .filter(api_tokens::revoked_at.is_null().and(api_tokens::expires_at.gt(Utc::now())))
        .filter(users::is_active.eq(true).and(users::deleted_at.is_null()))
        .filter(tenants::status.eq(TenantStatus::Active).and(tenants::deleted_at.is_null()))
        .select((Person::as_select(), Token::as_select()))
        .first(conn)
        .optional()?;
    let Some((person, token)) = found else { return Ok(None) };
    if token.last_used_at.is_none_or(|used| used < Utc::now() - USED_EVERY) {
        let own = api_tokens::tenant_id.eq(person.user.tenant_id).and(api_tokens::id.eq(token.id));
        diesel::update(api_tokens::table.filter(own))
            .set((api_tokens::last_used_at.eq(Utc::now()), api_tokens::last_used_ip.eq(address)))
            .execute(conn)?;
    }
    let scopes: Vec<&str> = token.scopes.iter().flatten().map(String::as_str).collect();
    Ok(Some(Caller::of(person, Credential::Token { id: token.id }, &scopes, token.expires_at)))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_tokens)]
struct Token {
    id: Uuid,
    scopes: Vec<Option<String>>,
    expires_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
}
