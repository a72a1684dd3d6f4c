//! Setting up, renewing and removing one's own second factor.

use super::{HERE, is_own, show as show_account, unproven};
use crate::kit::access::{Access, OwnAccount};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::secret::Secret;
use crate::kit::sessions::Sessions;
use crate::kit::vault::Vault;
use crate::security::form::ProofForm;
use crate::security::screens::{Codes, SetUp};
use crate::security::{codes, factors, view};
use crate::tenants::settings;
use crate::users::model::{self as users, UserId};
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
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    if let Some(refusal) = refusal(&access, form.0, &vault).await? {
        return Ok(refusal);
    }
    let user = UserId::from(access.who().user);
    let codes = access.run(move |conn, tenant| match factors::state(conn, tenant, user)?.has_app {
        true => codes::renew(conn, tenant, user, &vault),
        false => Err(Error::Refused("There is no authenticator app to recover.".into())),
    });
    show_codes(&access, &codes.await?)
}

pub async fn delete(
    access: Access<OwnAccount>,
    form: Form<ProofForm>,
    vault: Data<Vault>,
    sessions: Data<Sessions>,
) -> Result<HttpResponse> {
    if let Some(refusal) = refusal(&access, form.0, &vault).await? {
        return Ok(refusal);
    }
    let (user, role) = (UserId::from(access.who().user), access.who().role);
    let removed = access.run(move |conn, tenant| {
        if settings::find(conn, tenant)?.second_factor_roles.contains(&role) {
            return Err(Error::Refused("Your organisation wants a second factor from your role.".into()));
        }
        factors::remove(conn, tenant, user)
    });
    removed.await?;
    sessions.forget();
    access.go(HERE)
}

/// The page again, where the password (or for those without one, a code) does not prove who asks.
async fn refusal(access: &Access<OwnAccount>, form: ProofForm, vault: &Data<Vault>) -> Result<Option<HttpResponse>> {
    let user = UserId::from(access.who().user);
    let has_password = access.run(move |conn, tenant| users::password_hash(conn, tenant, user)).await?.is_some();
    let (is_proven, wrong) = match has_password {
        true => (is_own(access, Secret::new(form.password)).await?, "This is not your password."),
        false => (is_code(access, form.code, vault.clone()).await?, "This is not the code of now."),
    };
    match is_proven {
        true => Ok(None),
        false => show_account(access, &unproven(wrong), StatusCode::UNPROCESSABLE_ENTITY).await.map(Some),
    }
}

async fn is_code(access: &Access<OwnAccount>, code: String, vault: Data<Vault>) -> Result<bool> {
    let user = UserId::from(access.who().user);
    access.run(move |conn, tenant| factors::fits(conn, tenant, user, &vault, &code)).await
}

fn show_codes(access: &Access<OwnAccount>, codes: &[Secret<String>]) -> Result<HttpResponse> {
    let codes = codes.iter().map(|code| code.expose().clone()).collect();
    access.show(&Codes { sections: access.account_sections(HERE), codes, next: HERE.into() })
}
