//! `/account/passkeys`: one's own passkeys. A new one is made in two steps: its name with the proof of who asks, then the
//! device.

use super::proof::wrong;
use super::{HERE, proof};
use crate::kit::access::{Access, OwnAccount};
use crate::kit::error::{Error, Result};
use crate::kit::form::{Errors, Form};
use crate::kit::secret::Secret;
use crate::kit::sessions::Sessions;
use crate::kit::vault::Vault;
use crate::security::form::ProofForm;
use crate::security::passkeys::Passkeys;
use crate::security::passkeys::ceremonies::Asker;
use crate::security::passkeys::form::{AnswerForm, NameForm};
use crate::security::passkeys::making::{self, Maker};
use crate::security::passkeys::model::{self, PasskeyId};
use crate::security::screens::passkeys::{Creation, NewPasskey, Show};
use crate::security::view;
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use webauthn_rs::prelude::RegisterPublicKeyCredential;

pub async fn new(access: Access<OwnAccount>, passkeys: Data<Passkeys>) -> Result<HttpResponse> {
    show_new(&access, &passkeys, NewPasskey::default()).await
}

async fn show_new(access: &Access<OwnAccount>, passkeys: &Passkeys, page: NewPasskey) -> Result<HttpResponse> {
    let way = proof::way(access).await?;
    let sections = access.account_sections(HERE);
    access.show(&NewPasskey { sections, is_possible: passkeys.is_possible(), way, ..page })
}

fn rejected(name: String, errors: &Errors, problem: Option<String>) -> NewPasskey {
    let name_error = errors.of("name").map(str::to_owned);
    NewPasskey { name, name_error, problem, status: StatusCode::UNPROCESSABLE_ENTITY, ..NewPasskey::default() }
}

/// The first step: answers the page whose button asks the device.
pub async fn create_challenge(
    access: Access<OwnAccount>,
    form: Form<NameForm>,
    (passkeys, vault): (Data<Passkeys>, Data<Vault>),
) -> Result<HttpResponse> {
    let typed = form.0.name.clone();
    let (name, proof) = match form.0.validate() {
        Ok(named) => named,
        Err(form) => return show_new(&access, &passkeys, rejected(typed, &form.errors, None)).await,
    };
    if let Some(wrong) = wrong(&access, proof, &vault).await? {
        return show_new(&access, &passkeys, rejected(typed, &Errors::default(), Some(wrong.into()))).await;
    }
    let (who, called) = (access.who(), name.clone());
    let (user, asker) = (who.user.into(), Asker::session(who.session));
    let maker = Maker { user, asker, name: who.name(), email: who.email.clone() };
    let options = access.run(move |conn, tenant| making::begin(conn, tenant, &passkeys, maker, called));
    let options = options.await?.to_string();
    access.show(&Creation { sections: access.account_sections(HERE), name, options })
}

/// The second step: what the device has made. Whoever had no second factor before gets recovery codes.
pub async fn create(
    access: Access<OwnAccount>,
    form: Form<AnswerForm>,
    (passkeys, vault): (Data<Passkeys>, Data<Vault>),
    sessions: Data<Sessions>,
) -> Result<HttpResponse> {
    let added = add(&access, form.0.made(), passkeys.clone(), vault).await;
    let problem = match added {
        Ok(codes) => {
            sessions.forget();
            return match codes.is_empty() {
                true => access.go(HERE),
                false => super::second_factor::show_codes(&access, &codes),
            };
        }
        Err(Error::Taken(_)) => "This passkey is known already. Nothing was changed.".into(),
        Err(Error::Refused(why)) => why,
        Err(error) => return Err(error),
    };
    show_new(&access, &passkeys, rejected(String::new(), &Errors::default(), Some(problem))).await
}

async fn add(
    access: &Access<OwnAccount>,
    answer: Option<RegisterPublicKeyCredential>,
    passkeys: Data<Passkeys>,
    vault: Data<Vault>,
) -> Result<Vec<Secret<String>>> {
    let (user, asker, answered) = (access.who().user.into(), Asker::session(access.who().session), answer.clone());
    let taken = access.run(move |conn, _| match answered {
        Some(answer) => making::take(conn, &asker, &answer),
        None => Ok(None),
    });
    let new = making::made(&passkeys, taken.await?, answer.as_ref())?;
    access.run(move |conn, tenant| model::add(conn, tenant, user, &vault, &new)).await
}

pub async fn show(access: Access<OwnAccount>, id: Path<PasskeyId>) -> Result<HttpResponse> {
    show_one(&access, *id, Show::default()).await
}

/// One passkey, with what was wrong with one of its forms.
async fn show_one(access: &Access<OwnAccount>, id: PasskeyId, page: Show) -> Result<HttpResponse> {
    let user = UserId::from(access.who().user);
    let passkey = access.run(move |conn, tenant| model::find(conn, tenant, user, id)).await?;
    let way = proof::way(access).await?;
    let typed = page.typed.unwrap_or_else(|| passkey.name.clone());
    let passkey = view::passkey(access.who(), &passkey);
    access.show(&Show { sections: access.account_sections(HERE), way, passkey, typed: Some(typed), ..page })
}

pub async fn update(access: Access<OwnAccount>, id: Path<PasskeyId>, form: Form<NameForm>) -> Result<HttpResponse> {
    let (user, id, typed) = (UserId::from(access.who().user), *id, form.0.name.clone());
    match form.0.validate() {
        Ok((name, _)) => {
            access.run(move |conn, tenant| model::rename(conn, tenant, user, id, &name)).await?;
            access.go(HERE)
        }
        Err(form) => {
            let name_error = form.errors.of("name").map(str::to_owned);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show_one(&access, id, Show { typed: Some(typed), name_error, status, ..Show::default() }).await
        }
    }
}

pub async fn delete(
    access: Access<OwnAccount>,
    id: Path<PasskeyId>,
    form: Form<ProofForm>,
    (vault, sessions): (Data<Vault>, Data<Sessions>),
) -> Result<HttpResponse> {
    let (user, role, id) = (UserId::from(access.who().user), access.who().role, *id);
    access.run(move |conn, tenant| model::find(conn, tenant, user, id)).await?;
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(wrong) = wrong(&access, form.0, &vault).await? {
        return show_one(&access, id, Show { problem: Some(wrong.into()), status, ..Show::default() }).await;
    }
    match access.run(move |conn, tenant| model::remove(conn, tenant, (user, role), id)).await {
        Ok(()) => {
            sessions.forget();
            access.go(HERE)
        }
        Err(Error::Refused(why)) => show_one(&access, id, Show { problem: Some(why), status, ..Show::default() }).await,
        Err(error) => Err(error),
    }
}
