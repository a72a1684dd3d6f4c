//! What becomes of somebody whom Microsoft has vouched for: signed in, asked which organisation, linked, or turned away.

use super::authority::Tokens;
use super::id_token::{Identity, Person};
use super::model::{self, Door, LinkId};
use crate::kit::db::PlatformDb;
use crate::kit::error::{Error, Result};
use crate::kit::vault::Vault;
use crate::sign_in::refusal::Refusal;
use crate::users::links;
use crate::users::model::{self as users, Account};

/// Whom a Microsoft account lets in.
pub enum Arrival {
    In(Door),
    /// Accounts in several organisations.
    Choose(Vec<Door>),
    Refused(Refusal),
}

pub async fn sign_in(db: &PlatformDb, identity: Identity) -> Result<Arrival> {
    let doors = db.run(move |conn| model::doors(conn, identity)).await?;
    let (mut open, closed): (Vec<Door>, Vec<Door>) = doors.into_iter().partition(|door| door.is_open);
    for door in closed.iter().filter(|_| open.is_empty()) {
        let user = door.user;
        let note = move |conn: &mut diesel::PgConnection, tenant| model::refused(conn, tenant, user, "not active");
        db.enter(door.tenant, note).await?;
    }
    Ok(match open.len() {
        0 => Arrival::Refused(Refusal::Unlinked),
        1 => Arrival::In(open.remove(0)),
        _ => Arrival::Choose(open),
    })
}

/// The account behind a door, which somebody now goes through.
pub async fn enter(db: &PlatformDb, door: &Door) -> Result<Account> {
    let link = door.link;
    db.enter(door.tenant, move |conn, tenant| model::used(conn, tenant, link)).await?;
    Ok(Account { tenant_id: door.tenant, id: door.user, password_hash: None })
}

/// Accepts an invitation: uses it up and links the account, or does neither.
pub async fn accept(
    db: &PlatformDb,
    vault: Vault,
    token: String,
    person: Person,
    tokens: Tokens,
) -> Result<Result<Account, Refusal>> {
    let known = token.clone();
    let tenant_id = match db.run(move |conn| users::invited(conn, &known)).await {
        Ok(account) => account.tenant_id,
        Err(Error::NotFound) => return Ok(Err(Refusal::Expired)),
        Err(error) => return Err(error),
    };
    let accepted = db.enter(tenant_id, move |conn, tenant| {
        let address = links::invited_address(conn, tenant, &token)?;
        if !person.addresses.contains(&address) {
            return Ok(Err(Refusal::OtherAddress));
        }
        let id = links::accept_without_password(conn, tenant, &token)?;
        let link: LinkId = model::link(conn, tenant, &vault, id, (&person, &tokens))?;
        model::used(conn, tenant, link)?;
        Ok(Ok(Account { tenant_id, id, password_hash: None }))
    });
    match accepted.await {
        Err(error) => reason(error).map(Err),
        accepted => accepted,
    }
}

/// Writes down in the tenant of an invitation that its Microsoft account was turned away.
pub async fn refused(db: &PlatformDb, token: String, why: Refusal) -> Result<()> {
    let account = match db.run(move |conn| users::invited(conn, &token)).await {
        Err(Error::NotFound) => return Ok(()),
        account => account?,
    };
    db.enter(account.tenant_id, move |conn, tenant| model::refused(conn, tenant, account.id, why.word())).await
}

/// The plain reason behind a refusal of the database, where there is one.
pub fn reason(error: Error) -> Result<Refusal> {
    match error {
        Error::Taken(name) if name == "microsoft_accounts_taken" => Ok(Refusal::Taken),
        Error::Taken(name) if name == "microsoft_accounts_one_per_user" => Ok(Refusal::LinkedOtherwise),
        // Another request was first, or the invitation was taken back.
        Error::NotFound => Ok(Refusal::Expired),
        other => Err(other),
    }
}
