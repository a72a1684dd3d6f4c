//! Setting up, renewing and removing one's own second factor.

use super::proof::wrong;
use super::{HERE, show as show_account, unproven};
use crate::kit::access::{Access, OwnAccount};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::secret::Secret;
use crate::kit::sessions::Sessions;
use crate::kit::vault::Vault;
use crate::security::form::ProofForm;
use crate::security::passkeys::Passkeys;
use crate::security::screens::{Codes, SetUp};
use crate::security::{codes, factors, view};
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

const CONFIRMATION: &str = "/account/second-factor/confirmation";

/// Begins to set one up.
pub async fn create(access: Access<OwnAccount>, vault: Data<Vault>) -> Result<HttpResponse> {
    let (user, email) = (UserId::from(access.who().user), access.who().email.clone());
    access.run(move |conn, tenant| factors::begin(conn, tenant, user, &vault, &email)).await?;
    access.go("/account/second-factor")
}

pub async fn show(access: Access<OwnAccount>, vault: Data<Vault>) -> Result<HttpResponse> {
    show_set_up(&access, &vault, None, StatusCode::OK).await
}

async fn show_set_up(
    access: &Access<OwnAccount>,
    vault: &Data<Vault>,
    wrong: Option<String>,
    status: StatusCode,
) -> Result<HttpResponse> {
    let (user, email, vault) = (UserId::from(access.who().user), access.who().email.clone(), vault.clone());
    let begun = access.run(move |conn, tenant| factors::begun(conn, tenant, user, &vault, &email)).await?;
    let Some(totp) = begun else { return access.go(HERE) };
    let mut card = view::set_up(&totp, CONFIRMATION, String::new())?;
    card.code_error = wrong;
    access.show(&SetUp { sections: access.account_sections(HERE), card, status })
}

pub async fn confirm(
    access: Access<OwnAccount>,
    form: Form<ProofForm>,
    vault: Data<Vault>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse> {
    let user = UserId::from(access.who().user);
    let code = match form.0.code() {
        Ok(code) => code,
        Err(form) => {
            let wrong = form.errors.of("code").map(str::to_owned);
            return show_set_up(&access, &vault, wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let key = vault.clone();
    let confirmed = access.run(move |conn, tenant| factors::confirm(conn, tenant, user, &key, &code));
    match confirmed.await? {
        Some(codes) => {
            sessions.forget();
            show_codes(&access, &codes)
        }
        None => {
            let wrong = "This is not the code of now. Wait for the next one and enter it.".to_owned();
            show_set_up(&access, &vault, Some(wrong), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

pub async fn renew_codes(
    access: Access<OwnAccount>,
    form: Form<ProofForm>,
    (vault, passkeys): (Data<Vault>, Data<Passkeys>),
) -> Result<HttpResponse> {
    if let Some(refusal) = refusal(&access, &passkeys, form.0, &vault).await? {
        return Ok(refusal);
    }
    let user = UserId::from(access.who().user);
    let codes = access.run(move |conn, tenant| match factors::state(conn, tenant, user)?.since {
        Some(_) => codes::renew(conn, tenant, user, &vault),
        None => Err(Error::Refused("There is no second factor to recover.".into())),
    });
    show_codes(&access, &codes.await?)
}

pub async fn delete(
    access: Access<OwnAccount>,
    form: Form<ProofForm>,
    (vault, passkeys): (Data<Vault>, Data<Passkeys>),
    sessions: Data<Sessions>,
) -> Result<HttpResponse> {
    if let Some(refusal) = refusal(&access, &passkeys, form.0, &vault).await? {
        return Ok(refusal);
    }
    let (user, role) = (UserId::from(access.who().user), access.who().role);
    access.run(move |conn, tenant| factors::remove_app(conn, tenant, user, role)).await?;
    sessions.forget();
    access.go(HERE)
}

/// The page again, where it is not proved who asks.
async fn refusal(
    access: &Access<OwnAccount>,
    passkeys: &Passkeys,
    form: ProofForm,
    vault: &Data<Vault>,
) -> Result<Option<HttpResponse>> {
    let Some(wrong) = wrong(access, form, vault).await? else { return Ok(None) };
    show_account(access, passkeys, &unproven(wrong), StatusCode::UNPROCESSABLE_ENTITY).await.map(Some)
}

pub(super) fn show_codes(access: &Access<OwnAccount>, codes: &[Secret<String>]) -> Result<HttpResponse> {
    let codes = codes.iter().map(|code| code.expose().clone()).collect();
    access.show(&Codes { sections: access.account_sections(HERE), codes, next: HERE.into() })
}
