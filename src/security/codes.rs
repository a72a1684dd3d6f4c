//! Recovery codes: ten, each good for one sign-in without the app. Only keyed hashes are kept.

use crate::kit::audit;
use crate::kit::error::Result;
use crate::kit::secret::Secret;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::recovery_codes;
use crate::users::model::UserId;
use chrono::Utc;
use diesel::dsl::{auto_type, count_star};
use diesel::prelude::*;
use uuid::Uuid;

const HOW_MANY: usize = 10;
/// Letters per code; with [`ALPHABET`] 60 bits.
const LENGTH: usize = 12;
/// Without those that are taken for each other; 32, so that each byte chooses evenly.
const ALPHABET: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";

const PURPOSE: &str = "recovery code";

#[auto_type]
fn of(tenant: TenantId) -> _ {
    recovery_codes::table.filter(recovery_codes::tenant_id.eq(tenant))
}

/// New codes, as `abcd-efgh-ijkm`, to be shown once; the old ones no longer work.
pub fn renew(conn: &mut PgConnection, tenant: TenantId, user: UserId, vault: &Vault) -> Result<Vec<Secret<String>>> {
    forget(conn, tenant, user)?;
    let codes: Vec<Secret<String>> = (0..HOW_MANY).map(|_| random()).collect();
    let rows: Vec<_> = codes
        .iter()
        .map(|code| {
            (
                recovery_codes::tenant_id.eq(tenant),
                recovery_codes::id.eq(Uuid::now_v7()),
                recovery_codes::user_id.eq(user),
                recovery_codes::code_hash.eq(hash(vault, user, code.expose())),
            )
        })
        .collect();
    diesel::insert_into(recovery_codes::table).values(rows).execute(conn)?;
    audit::record(conn, tenant, &audit::Entry::new("renewed_recovery_codes", "users", user.get()))?;
    Ok(codes)
}

pub fn left(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<i64> {
    let unused = recovery_codes::user_id.eq(user).and(recovery_codes::used_at.is_null());
    Ok(of(tenant).filter(unused).select(count_star()).first(conn)?)
}

/// Whether `code` is an unused one; it is used up by this.
pub(super) fn use_up(
    conn: &mut PgConnection,
    tenant: TenantId,
    user: UserId,
    vault: &Vault,
    code: &str,
) -> Result<bool> {
    let it = recovery_codes::user_id.eq(user).and(recovery_codes::code_hash.eq_any(hashes(vault, user, code)));
    let used = diesel::update(of(tenant).filter(it).filter(recovery_codes::used_at.is_null()))
        .set(recovery_codes::used_at.eq(Utc::now()))
        .execute(conn)?;
    if used == 1 {
        audit::record(conn, tenant, &audit::Entry::new("used_recovery_code", "users", user.get()))?;
    }
    Ok(used == 1)
}

pub(super) fn forget(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<()> {
    diesel::delete(of(tenant).filter(recovery_codes::user_id.eq(user))).execute(conn)?;
    Ok(())
}

fn random() -> Secret<String> {
    let letter = || char::from(ALPHABET[usize::from(rand::random::<u8>()) % ALPHABET.len()]);
    let letters: Vec<char> = (0..LENGTH).map(|_| letter()).collect();
    Secret::new(letters.chunks(4).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

fn hash(vault: &Vault, user: UserId, code: &str) -> Vec<u8> {
    vault.token(PURPOSE, &subject(user, code)).into_bytes()
}

/// With every key that is known, so that codes outlive a new one.
fn hashes(vault: &Vault, user: UserId, code: &str) -> Vec<Vec<u8>> {
    vault.tokens(PURPOSE, &subject(user, code)).into_iter().map(String::into_bytes).collect()
}

/// As typed: in capitals, with or without hyphens.
fn subject(user: UserId, code: &str) -> String {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{user}:{}", letters.to_ascii_lowercase())
}
