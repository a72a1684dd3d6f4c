//! `/login/passkey`: a passkey in place of the password and the second factor; `/login/factor/passkey`: after the password;
//! `/login/factor/set-up/passkey`: a first one, where the organisation wants a second factor.

use super::factor::{Wrong, ask, finish, lead_on, refuse};
use super::{agent, begin_with, client};
use crate::kit::access::{Pending, Public};
use crate::kit::agent::words;
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::secret::Secret;
use crate::kit::sessions::Proof;
use crate::kit::vault::Vault;
use crate::security::passkeys::ceremonies::Asker;
use crate::security::passkeys::form::AnswerForm;
use crate::security::passkeys::making::{self, Maker};
use crate::security::passkeys::proof::{self, Arrival};
use crate::security::passkeys::{Passkeys, model};
use crate::sign_in::form::safe_next;
use crate::sign_in::refusal::Refusal;
use crate::users::model::{Account, UserId};
use actix_session::Session;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use url::form_urlencoded::byte_serialize;

/// What any passkey for us may sign, whoever holds it.
pub async fn challenge(public: Public, passkeys: Data<Passkeys>) -> Result<HttpResponse> {
    let asker = Asker::visitor(public.visitor());
    let options = public.db.run(move |conn| proof::begin(conn, &passkeys, &asker, &[])).await?;
    Ok(HttpResponse::Ok().json(options))
}

pub async fn create(
    public: Public,
    form: Form<AnswerForm>,
    passkeys: Data<Passkeys>,
    session: Session,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let next = form.0.next.clone();
    let Some(answer) = form.0.used() else { return Ok(public.leave(&back(Refusal::Passkey, &next))) };
    let (asker, address, asked) = (Asker::visitor(public.visitor()), public.address, answer.clone());
    let claim = match public.db.run(move |conn| proof::claim(conn, &asker, address, &asked)).await? {
        Arrival::Claimed(claim) => *claim,
        Arrival::Expired => return Ok(public.leave(&back(Refusal::Expired, &next))),
        Arrival::Unknown => return Ok(public.leave(&back(Refusal::Passkey, &next))),
    };
    let account = Account { tenant_id: claim.tenant, id: claim.user, password_hash: None };
    let claimed = (claim.user, claim.passkey);
    let db = public.db_as(account.id.get());
    let verify = move |conn: &mut _, tenant| proof::verify(conn, tenant, &passkeys, claim, &answer);
    if let Err(why) = db.enter(account.tenant_id, verify).await? {
        let note = move |conn: &mut _, tenant| proof::refused(conn, tenant, claimed, why);
        public.db.enter(account.tenant_id, note).await?;
        return Ok(public.leave(&back(Refusal::Passkey, &next)));
    }
    let client = client(&req, &public, !form.0.stay.is_empty());
    begin_with(&public, (account, Proof::Whole), &client, &next, &session, &req).await
}

/// The sign-in page with the reason, from where it goes on to `next` all the same.
fn back(refusal: Refusal, next: &str) -> String {
    match safe_next(next) {
        "/" => refusal.at("/login"),
        next => format!("{}&next={}", refusal.at("/login"), byte_serialize(next.as_bytes()).collect::<String>()),
    }
}

/// What one of the asker's own passkeys may sign.
pub async fn factor_challenge(pending: Pending, passkeys: Data<Passkeys>) -> Result<HttpResponse> {
    let (user, asker) = (UserId::from(pending.who().user), Asker::session(pending.who().session));
    let options = pending.run(move |conn, tenant| {
        let these = model::credential_ids(conn, tenant, user)?;
        proof::begin(conn, &passkeys, &asker, &these)
    });
    Ok(HttpResponse::Ok().json(options.await?))
}

pub async fn create_factor(
    pending: Pending,
    form: Form<AnswerForm>,
    (passkeys, vault): (Data<Passkeys>, Data<Vault>),
    session: Session,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let (user, asker) = (UserId::from(pending.who().user), Asker::session(pending.who().session));
    let next = form.0.next.clone();
    let fits = match form.0.used() {
        Some(answer) => {
            let party = passkeys.clone();
            let check = move |conn: &mut _, tenant| proof::of_user(conn, tenant, user, (&party, &asker), &answer);
            pending.run(check).await?
        }
        None => false,
    };
    match fits {
        true => finish(&pending, &session, &req).await.map(|()| pending.leave(safe_next(&next))),
        false => refuse(&pending, (&vault, &passkeys), next).await,
    }
}

/// What a first passkey is made by: for those who have to have a second factor, and have none.
pub async fn set_up_challenge(pending: Pending, passkeys: Data<Passkeys>, req: HttpRequest) -> Result<HttpResponse> {
    let who = pending.who();
    let (user, asker) = (UserId::from(who.user), Asker::session(who.session));
    let maker = Maker { user, asker, name: who.name(), email: who.email.clone() };
    let called = words(agent(&req).as_deref());
    let options = pending.run(move |conn, tenant| making::begin(conn, tenant, &passkeys, maker, called));
    Ok(HttpResponse::Ok().json(options.await?))
}

/// The device has made it: it is the second factor from now on, and was just shown.
pub async fn set_up(
    pending: Pending,
    form: Form<AnswerForm>,
    (passkeys, vault): (Data<Passkeys>, Data<Vault>),
    session: Session,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let next = form.0.next.clone();
    let problem = match make(&pending, form.0, passkeys.clone(), vault.clone()).await {
        Ok(codes) => {
            finish(&pending, &session, &req).await?;
            return lead_on(&pending, &codes, &next);
        }
        Err(Error::Taken(_)) => "This passkey is known already. Nothing was changed.".into(),
        Err(Error::Refused(why)) => why,
        Err(error) => return Err(error),
    };
    ask(&pending, (&vault, &passkeys), next, Wrong::passkey(problem)).await
}

async fn make(
    pending: &Pending,
    form: AnswerForm,
    passkeys: Data<Passkeys>,
    vault: Data<Vault>,
) -> Result<Vec<Secret<String>>> {
    let (user, asker) = (UserId::from(pending.who().user), Asker::session(pending.who().session));
    let (answer, answered) = (form.made(), form.made());
    let taken = pending.run(move |conn, _| match answered {
        Some(answer) => making::take(conn, &asker, &answer),
        None => Ok(None),
    });
    let new = making::made(&passkeys, taken.await?, answer.as_ref())?;
    pending.run(move |conn, tenant| model::add_first(conn, tenant, user, &vault, &new)).await
}
