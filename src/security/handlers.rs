//! `/account/security`: one's own password, second factors and sessions.

pub mod passkeys;
mod proof;
pub mod rules;
pub mod second_factor;

use super::factors::{self, State};
use super::form::PasswordForm;
use super::passkeys::Passkeys;
use super::passkeys::model::{self as keys, Passkey};
use super::screens::Account;
use super::sessions::{self, SessionId, UserSession};
use super::way::{self, Way};
use super::{throttle, view};
use crate::kit::access::{Access, OwnAccount};
use crate::kit::error::Result;
use crate::kit::form::{Errors, Form};
use crate::kit::secret::Secret;
use crate::kit::sessions::end_all;
use crate::tenants::settings;
use crate::users::model::{self as users, UserId};
use crate::users::password;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};

/// Their place among the pages of one's account.
pub(super) const HERE: &str = "/account/security";

const OWN: &str = "/account/sessions";

pub async fn account(access: Access<OwnAccount>, passkeys: Data<Passkeys>) -> Result<HttpResponse> {
    show(&access, &passkeys, &Errors::default(), StatusCode::OK).await
}

/// What the page tells of its reader.
struct Own {
    is_required: bool,
    way: Way,
    state: State,
    passkeys: Vec<Passkey>,
    sessions: Vec<UserSession>,
}

/// The page, with what was wrong with one of its forms.
pub(super) async fn show(
    access: &Access<OwnAccount>,
    passkeys: &Passkeys,
    errors: &Errors,
    status: StatusCode,
) -> Result<HttpResponse> {
    let (user, role, session) = (UserId::from(access.who().user), access.who().role, access.who().session);
    let own = access.run(move |conn, tenant| {
        let state = factors::state(conn, tenant, user)?;
        Ok(Own {
            is_required: settings::find(conn, tenant)?.second_factor_roles.contains(&role),
            way: way::find(conn, tenant, user, session.into(), state)?,
            state,
            passkeys: keys::list(conn, tenant, user)?,
            sessions: sessions::of_user(conn, tenant, user)?,
        })
    });
    let (own, who) = (own.await?, access.who());
    let mut factor = view::factor(who, own.state, own.is_required);
    factor.proof_error = errors.of("proof").map(str::to_owned);
    let session = |session: &UserSession| view::session(who, session, String::new(), Some(OWN));
    access.show(&Account {
        sections: access.account_sections(HERE),
        way: own.way,
        current_error: errors.of("current").map(str::to_owned),
        password_error: errors.of("password").map(str::to_owned),
        factor,
        passkeys: own.passkeys.iter().map(|passkey| view::passkey(who, passkey)).collect(),
        has_passkeys: passkeys.is_possible(),
        sessions: own.sessions.iter().map(session).collect(),
        status,
    })
}

pub async fn update_password(
    access: Access<OwnAccount>,
    form: Form<PasswordForm>,
    passkeys: Data<Passkeys>,
) -> Result<HttpResponse> {
    let (user, session) = (UserId::from(access.who().user), access.who().session);
    let hash = access.run(move |conn, tenant| users::password_hash(conn, tenant, user)).await?;
    let typed = form.0.clone();
    let who = access.who();
    let about = [&*who.email, &who.first_name, &who.last_name, &who.tenant_name];
    let (current, new) = match form.0.validate(&about, hash.is_some()) {
        Ok(passwords) => passwords,
        Err(form) => return show(&access, &passkeys, &form.errors, StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    if hash.is_some() && !is_own(&access, current).await? {
        return show(&access, &passkeys, &typed.wrong().errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let new = password::in_turn(move || password::hash(&new)).await??;
    let changed = access.run(move |conn, tenant| {
        users::change_password(conn, tenant, user, &new)?;
        end_all(conn, tenant.get(), user.get(), Some(session))
    });
    changed.await?;
    access.go(HERE)
}

/// Whether this is the asker's password. Tries are counted as at sign-in.
pub(super) async fn is_own(access: &Access<OwnAccount>, password: Secret<String>) -> Result<bool> {
    let user = UserId::from(access.who().user);
    let subject = format!("password of {user}");
    let counted = subject.clone();
    let hash = access.run(move |conn, tenant| {
        throttle::code(conn, &counted)?;
        users::password_hash(conn, tenant, user)
    });
    let hash = hash.await?;
    let fits = password::in_turn(move || password::fits(&password, hash.as_deref())).await?;
    if fits {
        access.run(move |conn, _| throttle::code_fitted(conn, &subject)).await?;
    }
    Ok(fits)
}

pub async fn end(access: Access<OwnAccount>, id: Path<SessionId>) -> Result<HttpResponse> {
    let (id, user) = (*id, UserId::from(access.who().user));
    access.run(move |conn, tenant| sessions::end(conn, tenant, id, Some(user))).await?;
    match id.get() == access.who().session {
        true => access.leave("/login"),
        false => access.go(HERE),
    }
}

pub async fn end_others(access: Access<OwnAccount>) -> Result<HttpResponse> {
    let (user, session) = (access.who().user, access.who().session);
    access.run(move |conn, tenant| sessions::end_others(conn, tenant, user.into(), session)).await?;
    access.go(HERE)
}

/// As a rejected form's message beside the proof.
pub(super) fn unproven(cause: &str) -> Errors {
    let mut errors = Errors::default();
    errors.add("proof", cause);
    errors
}
