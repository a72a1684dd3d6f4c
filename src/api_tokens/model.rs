//! Personal tokens and their SQL. How one is read back when a program shows it: `kit::tokens`.

use crate::ids;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::page;
use crate::kit::secret::Secret;
use crate::kit::tenant::TenantId;
use crate::kit::tokens::{Kind, TOKEN_CHANGED, hash};
use crate::schema::{api_tokens, users};
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::json;

ids! {
    /// A personal token.
    ApiTokenId,
}

/// Tokens that one user may have at a time.
pub const MOST: i64 = 50;
/// Characters at the end of a token by which its owner knows it again.
const HINT: usize = 4;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = api_tokens)]
pub struct ApiToken {
    pub id: ApiTokenId,
    pub user_id: UserId,
    pub name: String,
    pub hint: String,
    pub scopes: Vec<Option<String>>,
    pub expires_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub last_used_ip: Option<String>,
    pub created_at: DateTime<Utc>,
}

impl ApiToken {
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scopes.iter().flatten().map(String::as_str)
    }
}

/// A validated new token.
#[derive(Debug, Clone)]
pub struct ApiTokenData {
    pub name: String,
    /// Permissions that the user's role holds.
    pub scopes: Vec<&'static str>,
    pub expires_at: DateTime<Utc>,
}

/// Tokens that were not revoked; expired ones stay, so that their owner sees why a program fails.
#[auto_type]
fn of(tenant: TenantId) -> _ {
    api_tokens::table.filter(api_tokens::tenant_id.eq(tenant)).filter(api_tokens::revoked_at.is_null())
}

/// One user's, the youngest first.
pub fn of_user(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<Vec<ApiToken>> {
    let own = of(tenant).filter(api_tokens::user_id.eq(user)).order(api_tokens::id.desc()).limit(MOST);
    Ok(own.select(ApiToken::as_select()).load(conn)?)
}

/// Everybody's with their owners' names, the youngest first, those after `after`; and whether more follow.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    after: Option<ApiTokenId>,
    size: usize,
) -> Result<(Vec<(ApiToken, String)>, bool)> {
    let of_owner = users::tenant_id.eq(api_tokens::tenant_id).and(users::id.eq(api_tokens::user_id));
    let mut query = of(tenant)
        .inner_join(users::table.on(of_owner))
        .order(api_tokens::id.desc())
        .limit(size as i64 + 1)
        .select((ApiToken::as_select(), (users::first_name, users::last_name)))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(api_tokens::id.lt(after));
    }
    let rows: Vec<(ApiToken, (String, String))> = query.load(conn)?;
    let named = rows.into_iter().map(|(token, (first, last))| (token, format!("{first} {last}")));
    Ok(page::cut(named.collect(), size))
}

/// Makes a token. Its text is in the answer and nowhere else.
///
/// # Errors
/// `Refused` when the user has as many as anybody may have.
pub fn create(conn: &mut PgConnection, tenant: TenantId, user: UserId, data: &ApiTokenData) -> Result<Secret<String>> {
    let count: i64 = of(tenant).filter(api_tokens::user_id.eq(user)).count().get_result(conn)?;
    if count >= MOST {
        return Err(Error::Refused(format!("You have {MOST} tokens already. Revoke one that you do not need.")));
    }
    let (id, token) = (ApiTokenId::new(), Kind::Personal.mint());
    let text = token.expose();
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::tenant_id.eq(tenant),
            api_tokens::id.eq(id),
            api_tokens::user_id.eq(user),
            api_tokens::name.eq(&data.name),
            api_tokens::token_hash.eq(hash(text).as_slice()),
            api_tokens::hint.eq(&text[text.len() - HINT..]),
            api_tokens::scopes.eq(&data.scopes),
            api_tokens::expires_at.eq(data.expires_at),
        ))
        .execute(conn)?;
    let after = json!({ "name": data.name, "user_id": user, "scopes": data.scopes, "expires_at": data.expires_at });
    audit::record(conn, tenant, &Entry::new("created", "api_tokens", id.get()).after(after))?;
    live::announce(conn, tenant, TOKEN_CHANGED, id.get())?;
    Ok(token)
}

/// Revokes a token, with `user` only one of theirs. It counts for nothing from the next request on.
///
/// # Errors
/// `NotFound` for somebody else's, another tenant's, and one that was revoked before.
pub fn revoke(conn: &mut PgConnection, tenant: TenantId, id: ApiTokenId, user: Option<UserId>) -> Result<()> {
    let mut found = of(tenant).filter(api_tokens::id.eq(id)).select(ApiToken::as_select()).into_boxed();
    if let Some(user) = user {
        found = found.filter(api_tokens::user_id.eq(user));
    }
    let token: ApiToken = found.first(conn)?;
    let now = Utc::now();
    let set = (api_tokens::revoked_at.eq(now), api_tokens::updated_at.eq(now));
    if diesel::update(of(tenant).filter(api_tokens::id.eq(id))).set(set).execute(conn)? == 0 {
        return Err(Error::NotFound); // somebody else was quicker
    }
    let before = json!({ "name": token.name, "user_id": token.user_id, "scopes": token.scopes });
    audit::record(conn, tenant, &Entry::new("revoked", "api_tokens", id.get()).before(before))?;
    live::announce(conn, tenant, TOKEN_CHANGED, id.get())
}
