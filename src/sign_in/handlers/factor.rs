//! `/login/factor`: the second factor after the first; and its set-up, where the organisation wants one.

use super::{Next, agent};
use crate::kit::access::Pending;
use crate::kit::error::Result;
use crate::kit::form::Form;
use crate::kit::secret::Secret;
use crate::kit::sessions::{self, Client, Proof};
use crate::kit::vault::Vault;
use crate::security::form::ProofForm;
use crate::security::passkeys::Passkeys;
use crate::security::screens::SetUpCard;
use crate::security::{factors, view};
use crate::sign_in::form::safe_next;
use crate::sign_in::model;
use crate::sign_in::screens::{Codes, Factor, FactorSetUp};
use crate::users::model::{Account, UserId};
use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use url::form_urlencoded::byte_serialize;

const HERE: &str = "/login/factor";

/// What was wrong with what was shown.
#[derive(Default)]
pub(super) struct Wrong {
    code: Option<String>,
    passkey: Option<String>,
}

impl Wrong {
    pub(super) fn passkey(why: impl Into<String>) -> Self {
        Self { passkey: Some(why.into()), ..Self::default() }
    }

    fn status(&self) -> StatusCode {
        match (&self.code, &self.passkey) {
            (None, None) => StatusCode::OK,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

pub async fn show(
    pending: Pending,
    Query(next): Query<Next>,
    (vault, passkeys): (Data<Vault>, Data<Passkeys>),
) -> Result<HttpResponse> {
    ask(&pending, (&vault, &passkeys), next.next, Wrong::default()).await
}

/// Begins the set-up, for those who have to have one.
pub async fn set_up(pending: Pending, form: Form<ProofForm>, vault: Data<Vault>) -> Result<HttpResponse> {
    let (user, email) = (UserId::from(pending.who().user), pending.who().email.clone());
    if !pending.who().has_second_factor {
        pending.run(move |conn, tenant| factors::begin(conn, tenant, user, &vault, &email)).await?;
    }
    let next: String = byte_serialize(safe_next(&form.0.next).as_bytes()).collect();
    Ok(pending.leave(&format!("{HERE}?next={next}")))
}

/// Asks for the factor, or for one to be set up.
pub(super) async fn ask(
    pending: &Pending,
    (vault, passkeys): (&Data<Vault>, &Passkeys),
    next: String,
    wrong: Wrong,
) -> Result<HttpResponse> {
    let status = wrong.status();
    if pending.who().has_second_factor {
        let factor = Factor { next, code_error: wrong.code, problem: wrong.passkey, status, ..known(pending).await? };
        return pending.show(&factor);
    }
    let (user, email, vault) = (UserId::from(pending.who().user), pending.who().email.clone(), vault.clone());
    let begun = pending.run(move |conn, tenant| factors::begun(conn, tenant, user, &vault, &email)).await?;
    let card = begun.map(|totp| view::set_up(&totp, HERE, next.clone())).transpose()?;
    let card = card.map(|card| SetUpCard { code_error: wrong.code, ..card });
    let has_passkeys = passkeys.is_possible();
    pending.show(&FactorSetUp { next, card, has_passkeys, problem: wrong.passkey, status })
}

/// By what this user can show the factor.
async fn known(pending: &Pending) -> Result<Factor> {
    let user = UserId::from(pending.who().user);
    let state = pending.run(move |conn, tenant| factors::state(conn, tenant, user)).await?;
    Ok(Factor { has_app: state.has_app, has_passkeys: state.passkeys > 0, ..Factor::default() })
}

/// Asks again after a passkey that was turned away.
pub(super) async fn refuse(pending: &Pending, parts: (&Data<Vault>, &Passkeys), next: String) -> Result<HttpResponse> {
    const PROBLEM: &str = "This passkey does not fit, or this took too long. Please try again.";
    ask(pending, parts, next, Wrong::passkey(PROBLEM)).await
}

pub async fn create(
    pending: Pending,
    form: Form<ProofForm>,
    (vault, passkeys): (Data<Vault>, Data<Passkeys>),
    session: Session,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let next = form.0.next.clone();
    let code = match form.0.code() {
        Ok(code) => code,
        Err(form) => {
            let wrong = Wrong { code: form.errors.of("code").map(str::to_owned), ..Wrong::default() };
            return ask(&pending, (&vault, &passkeys), next, wrong).await;
        }
    };
    let Some(codes) = prove(&pending, vault.clone(), code).await? else {
        let wrong = "This code does not fit, or was used already. Wait for the next one.".to_owned();
        return ask(&pending, (&vault, &passkeys), next, Wrong { code: Some(wrong), ..Wrong::default() }).await;
    };
    finish(&pending, &session, &req).await?;
    lead_on(&pending, &codes, &next)
}

/// To where somebody wanted to go; by their recovery codes, where they have just got some.
pub(super) fn lead_on(pending: &Pending, codes: &[Secret<String>], next: &str) -> Result<HttpResponse> {
    let next = safe_next(next).to_owned();
    match codes.is_empty() {
        true => Ok(pending.leave(&next)),
        false => pending.show(&Codes { codes: codes.iter().map(|code| code.expose().clone()).collect(), next }),
    }
}

/// None where the code does not fit; the recovery codes where it was the first of a new app.
async fn prove(pending: &Pending, vault: Data<Vault>, code: String) -> Result<Option<Vec<Secret<String>>>> {
    let (user, has_one) = (UserId::from(pending.who().user), pending.who().has_second_factor);
    let proven = pending.run(move |conn, tenant| match has_one {
        true => Ok(factors::fits(conn, tenant, user, &vault, &code)?.then(Vec::new)),
        false => factors::confirm(conn, tenant, user, &vault, &code),
    });
    proven.await
}

/// The session is whole now, and another one: its key changes with what it may do.
pub(super) async fn finish(pending: &Pending, session: &Session, req: &HttpRequest) -> Result<()> {
    let account = Account { tenant_id: pending.tenant().get(), id: pending.who().user.into(), password_hash: None };
    let new = model::begin(&pending.platform(), account, Proof::Whole).await?;
    let ip = pending.address().map(|ip| ip.to_string());
    let client = Client { ip, agent: agent(req), stays: pending.who().stays_signed_in };
    sessions::begin(req, session, &new, &client)
}
