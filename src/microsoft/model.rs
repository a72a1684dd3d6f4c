//! Links between Microsoft accounts and users, and their SQL. What is shown of a link never holds its tokens.

use super::authority::Tokens;
use super::id_token::{Identity, Person};
use crate::ids;
use crate::kit::audit;
use crate::kit::error::{Error, Result};
use crate::kit::tenant::{TenantId, TenantStatus};
use crate::kit::vault::{Vault, place};
use crate::schema::{microsoft_accounts, tenants, users as people};
use crate::users::model::{self as users, UserId};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;

ids! {
    /// A user's link to a Microsoft account.
    LinkId,
}

/// As it is shown. The tokens are selected by `tokens` alone.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = microsoft_accounts)]
pub struct Link {
    pub id: LinkId,
    pub microsoft_id: Uuid,
    pub directory: Uuid,
    pub address: String,
    pub scopes: String,
    pub ended_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl Link {
    fn identity(&self) -> Identity {
        Identity { microsoft_id: self.microsoft_id, directory: self.directory }
    }

    fn facts(&self) -> serde_json::Value {
        json!({ "address": self.address, "microsoft_id": self.microsoft_id, "directory": self.directory })
    }
}

/// Where a Microsoft account leads to: a user in some tenant.
#[derive(Debug, Clone)]
pub struct Door {
    pub tenant: Uuid,
    pub link: LinkId,
    pub user: UserId,
    pub tenant_name: String,
    /// Whether user and tenant are active.
    pub is_open: bool,
}

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    microsoft_accounts::table.filter(microsoft_accounts::tenant_id.eq(tenant))
}

/// The user's own link, if there is one.
pub fn find(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<Option<Link>> {
    Ok(of(tenant).filter(microsoft_accounts::user_id.eq(user)).select(Link::as_select()).first(conn).optional()?)
}

/// What a user is shown of their own link.
#[derive(Debug)]
pub struct Shown {
    pub link: Option<Link>,
    pub has_password: bool,
}

pub fn shown(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<Shown> {
    Ok(Shown { link: find(conn, tenant, user)?, has_password: users::password_hash(conn, tenant, user)?.is_some() })
}

/// Links the account to the user; where it is linked already, its tokens are renewed.
///
/// # Errors
/// `Taken("microsoft_accounts_taken")` when it is another user's, `Taken("microsoft_accounts_one_per_user")` when the
/// user has linked another one.
pub fn link(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    user: UserId,
    (person, tokens): (&Person, &Tokens),
) -> Result<LinkId> {
    let known = find(conn, tenant, user)?;
    let id = match &known {
        Some(link) if link.identity() != person.identity => {
            return Err(Error::Taken("microsoft_accounts_one_per_user".into()));
        }
        Some(link) => link.id,
        None => insert(conn, tenant, user, person)?,
    };
    let sealed = Sealed::of(vault, id, tokens);
    let ours = of(tenant).filter(microsoft_accounts::id.eq(id));
    diesel::update(ours).set((sealed, microsoft_accounts::address.eq(&person.address))).execute(conn)?;
    let action = if known.is_some() { "renewed" } else { "linked" };
    let after = json!({
        "user": user, "address": person.address, "microsoft_id": person.identity.microsoft_id,
        "directory": person.identity.directory, "scopes": tokens.scopes,
    });
    audit::record(conn, tenant, &audit::Entry::new(action, "microsoft_accounts", id.get()).after(after))?;
    Ok(id)
}

/// Part of `link`, which writes it down.
fn insert(conn: &mut PgConnection, tenant: TenantId, user: UserId, person: &Person) -> Result<LinkId> {
    let id = LinkId::new();
    diesel::insert_into(microsoft_accounts::table)
        .values((
            microsoft_accounts::tenant_id.eq(tenant),
            microsoft_accounts::id.eq(id),
            microsoft_accounts::user_id.eq(user),
            microsoft_accounts::microsoft_id.eq(person.identity.microsoft_id),
            microsoft_accounts::directory.eq(person.identity.directory),
            microsoft_accounts::address.eq(&person.address),
        ))
        .execute(conn)?;
    Ok(id)
}

/// Both tokens, sealed for their row, and nobody's lease.
#[derive(AsChangeset)]
#[diesel(table_name = microsoft_accounts, treat_none_as_null = true)]
pub(super) struct Sealed {
    access_token: Option<Vec<u8>>,
    refresh_token: Option<Vec<u8>>,
    token_expires_at: Option<DateTime<Utc>>,
    scopes: String,
    refresh_lease: Option<Uuid>,
    refresh_until: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    updated_at: DateTime<Utc>,
}

impl Sealed {
    pub(super) fn of(vault: &Vault, id: LinkId, tokens: &Tokens) -> Self {
        Self {
            access_token: Some(vault.seal(&access_place(id), tokens.access.expose().as_bytes())),
            refresh_token: tokens.refresh.as_ref().map(|one| vault.seal(&refresh_place(id), one.expose().as_bytes())),
            token_expires_at: Some(tokens.expires_at),
            scopes: tokens.scopes.clone(),
            refresh_lease: None,
            refresh_until: None,
            ended_at: None,
            updated_at: Utc::now(),
        }
    }
}

pub(super) fn access_place(id: LinkId) -> String {
    place("microsoft_accounts.access_token", id)
}

pub(super) fn refresh_place(id: LinkId) -> String {
    place("microsoft_accounts.refresh_token", id)
}

/// Takes the link away, with its tokens.
///
/// # Errors
/// `NotFound` without a link; `Refused` for who could not sign in any more.
pub fn unlink(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<()> {
    let link = find(conn, tenant, user)?.ok_or(Error::NotFound)?;
    if users::password_hash(conn, tenant, user)?.is_none() {
        return Err(Error::Refused("Choose a password first: without one you could not sign in any more.".into()));
    }
    diesel::delete(of(tenant).filter(microsoft_accounts::id.eq(link.id))).execute(conn)?;
    let entry = audit::Entry::new("unlinked", "microsoft_accounts", link.id.get());
    audit::record(conn, tenant, &entry.before(link.facts()))
}

/// Writes down that somebody came in by this link.
pub fn used(conn: &mut PgConnection, tenant: TenantId, id: LinkId) -> Result<()> {
    let ours = of(tenant).filter(microsoft_accounts::id.eq(id));
    diesel::update(ours).set(microsoft_accounts::last_used_at.eq(Utc::now())).execute(conn)?;
    audit::record(conn, tenant, &audit::Entry::new("used", "microsoft_accounts", id.get()))
}

/// Writes down that a Microsoft account was turned away, of somebody who is known otherwise.
pub fn refused(conn: &mut PgConnection, tenant: TenantId, user: UserId, why: &str) -> Result<()> {
    let entry = audit::Entry::new("refused", "users", user.get());
    audit::record(conn, tenant, &entry.after(json!({ "by": "Microsoft sign-in", "why": why })))
}

/// Where `identity` leads to, in every tenant; at most 20, the active ones first. As the platform.
pub fn doors(conn: &mut PgConnection, identity: Identity) -> Result<Vec<Door>> {
    let of_user = people::tenant_id.eq(microsoft_accounts::tenant_id).and(people::id.eq(microsoft_accounts::user_id));
    let is_open = people::is_active
        .and(people::deleted_at.is_null())
        .and(tenants::status.eq(TenantStatus::Active).and(tenants::deleted_at.is_null()));
    let rows: Vec<(Uuid, LinkId, UserId, String, bool)> = microsoft_accounts::table
        .inner_join(people::table.on(of_user))
        .inner_join(tenants::table.on(tenants::id.eq(microsoft_accounts::tenant_id)))
        .filter(microsoft_accounts::directory.eq(identity.directory))
        .filter(microsoft_accounts::microsoft_id.eq(identity.microsoft_id))
        .order((is_open.clone().desc(), tenants::name, microsoft_accounts::id))
        .limit(20)
        .select((
            microsoft_accounts::tenant_id,
            microsoft_accounts::id,
            microsoft_accounts::user_id,
            tenants::name,
            is_open,
        ))
        .load(conn)?;
    let door = |(tenant, link, user, tenant_name, is_open)| Door { tenant, link, user, tenant_name, is_open };
    Ok(rows.into_iter().map(door).collect())
}
