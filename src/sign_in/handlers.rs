//! `/login`, `/logout`, and `/welcome/{token}` for somebody new.

pub mod choice;
pub mod factor;
pub mod passkey;
pub mod reset;

use super::form::{LoginForm, WelcomeForm, safe_next};
use super::model;
use super::refusal::Refusal;
use super::screens::{DemoAccount, Login, Welcome};
use crate::kit::access::{Access, OwnAccount, Public};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::mail::Mailer;
use crate::kit::secret::Secret;
use crate::kit::sessions::{self, Client, Proof};
use crate::kit::vault::Vault;
use crate::users::links::{self, Purpose};
use crate::users::model as users;
use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::{RETRY_AFTER, USER_AGENT};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use url::form_urlencoded::byte_serialize;

/// A refusal does not come sooner, so that its time tells nothing of the account.
pub(super) const REFUSAL: Duration = Duration::from_millis(400);

/// The ways in beside the password.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ways {
    pub microsoft: bool,
    pub passkeys: bool,
}

/// Shown under the form in a demo; empty otherwise.
#[derive(Debug, Clone, Default)]
pub struct DemoAccounts(pub Vec<DemoAccount>);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Next {
    pub next: String,
    /// The password was just reset.
    reset: bool,
    /// Why another way in came to nothing.
    refused: String,
}

pub async fn new(
    public: Public,
    Query(next): Query<Next>,
    demo: Data<DemoAccounts>,
    mailer: Data<Mailer>,
    ways: Data<Ways>,
) -> Result<HttpResponse> {
    if public.who.is_some() {
        return Ok(public.leave(safe_next(&next.next)));
    }
    if public.is_pending {
        return Ok(public.leave(&to_factor(&next.next)));
    }
    let form = LoginForm { next: next.next, ..LoginForm::default() };
    let notice = next.reset.then_some("Your password is changed. Sign in with the new one.");
    let refusal = Refusal::of_word(&next.refused).map(|refusal| refusal.sentence().to_owned());
    public.show(&Login { notice, ..login(form, refusal, StatusCode::OK, (&demo, &mailer, &ways)) })
}

pub async fn create(
    public: Public,
    form: Form<LoginForm>,
    demo: Data<DemoAccounts>,
    (mailer, ways): (Data<Mailer>, Data<Ways>),
    vault: Data<Vault>,
    session: Session,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let begun = Instant::now();
    let mut form = match form.0.validate() {
        Ok(form) => form,
        Err(form) => return public.show(&login(form, None, StatusCode::UNPROCESSABLE_ENTITY, (&demo, &mailer, &ways))),
    };
    let password = Secret::new(std::mem::take(&mut form.password));
    let mut fitting = match model::check(&public.db, public.address, form.email.clone(), password).await {
        Ok(fitting) => fitting,
        Err(Error::TooMany(seconds)) => {
            let problem = format!("Too many tries. Please wait {seconds} seconds.");
            let screen = login(form, Some(problem), StatusCode::TOO_MANY_REQUESTS, (&demo, &mailer, &ways));
            let mut answer = public.show(&screen)?;
            answer.headers_mut().insert(RETRY_AFTER, seconds.into());
            return Ok(answer);
        }
        Err(other) => return Err(other),
    };
    match (fitting.pop(), fitting.is_empty()) {
        (None, _) => {
            sleep_until(begun + REFUSAL).await;
            let problem = "Email address or password do not fit.".to_owned();
            public.show(&login(form, Some(problem), StatusCode::UNAUTHORIZED, (&demo, &mailer, &ways)))
        }
        (Some(account), true) => {
            let client = client(&req, &public, form.stays());
            begin(&public, account, &client, &form.next, &session, &req).await
        }
        (Some(account), false) => {
            fitting.push(account);
            choice::ask(&public, &vault, &fitting, &form).await
        }
    }
}

/// Where the request comes from, for the session's row.
pub fn client(req: &HttpRequest, public: &Public, stays: bool) -> Client {
    Client { ip: public.address.map(|ip| ip.to_string()), agent: agent(req), stays }
}

pub(super) fn agent(req: &HttpRequest) -> Option<String> {
    let agent = req.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    agent.map(|agent| agent.chars().take(400).collect())
}

/// Begins the session of somebody whose first factor was right, and leads on: to the second, or to `next`.
pub async fn begin(
    public: &Public,
    account: users::Account,
    client: &Client,
    next: &str,
    session: &Session,
    req: &HttpRequest,
) -> Result<HttpResponse> {
    begin_with(public, (account, Proof::FirstFactor), client, next, session, req).await
}

/// The same for somebody who has shown that much of who they are.
pub(super) async fn begin_with(
    public: &Public,
    (account, proof): (users::Account, Proof),
    client: &Client,
    next: &str,
    session: &Session,
    req: &HttpRequest,
) -> Result<HttpResponse> {
    let new = model::begin(&public.db_as(account.id.get()), account, proof).await?;
    sessions::begin(req, session, &new, client)?;
    Ok(match new.is_pending() {
        true => public.leave(&to_factor(next)),
        false => public.leave(safe_next(next)),
    })
}

fn to_factor(next: &str) -> String {
    format!("/login/factor?next={}", byte_serialize(safe_next(next).as_bytes()).collect::<String>())
}

pub async fn delete(access: Access<OwnAccount>, session: Session) -> Result<HttpResponse> {
    let user = access.who().user.into();
    access.run(move |conn, tenant| model::leave(conn, tenant, user)).await?;
    session.purge();
    access.leave("/login")
}

pub async fn welcome(
    public: Public,
    token: Path<String>,
    Query(next): Query<Next>,
    ways: Data<Ways>,
) -> Result<HttpResponse> {
    let token_ = token.clone();
    public.db.run(move |conn| links::find(conn, &token_, Purpose::Invitation)).await?;
    let problem = Refusal::of_word(&next.refused).map(Refusal::sentence);
    let welcome = Welcome::new(Purpose::Invitation, token.into_inner());
    public.show(&Welcome { problem, has_microsoft: ways.microsoft, ..welcome })
}

pub async fn accept(
    public: Public,
    token: Path<String>,
    form: Form<WelcomeForm>,
    ways: Data<Ways>,
    session: Session,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let token = token.into_inner();
    let account = match set_password(&public, Purpose::Invitation, token, form.0).await? {
        Ok(account) => account,
        Err(rejected) => return public.show(&Welcome { has_microsoft: ways.microsoft, ..rejected }),
    };
    begin(&public, account, &client(&req, &public, false), "/", &session, &req).await
}

/// Uses the link up with the password that was chosen, or answers the page with what is wrong with it.
pub(super) async fn set_password(
    public: &Public,
    purpose: Purpose,
    token: String,
    form: WelcomeForm,
) -> Result<std::result::Result<users::Account, Welcome>> {
    let asked = token.clone();
    let obvious = public.db.run(move |conn| {
        let account = links::find(conn, &asked, purpose)?;
        users::obvious(conn, &account)
    });
    match form.validate(&obvious.await?) {
        Ok(form) => model::use_up(&public.db, token, purpose, Secret::new(form.password)).await.map(Ok),
        Err(form) => Ok(Err(Welcome::rejected(purpose, token, &form.errors))),
    }
}

fn login(
    form: LoginForm,
    problem: Option<String>,
    status: StatusCode,
    (demo, mailer, ways): (&DemoAccounts, &Mailer, &Ways),
) -> Login {
    Login {
        has_microsoft: ways.microsoft,
        has_passkeys: ways.passkeys,
        email_error: form.errors.of("email").map(str::to_owned),
        password_error: form.errors.of("password").map(str::to_owned),
        stays: form.stays(),
        email: form.email,
        next: form.next,
        problem,
        notice: None,
        status,
        can_reset: mailer.is_configured(),
        demo_accounts: demo.0.clone(),
        demo_password: crate::users::model::DEMO_PASSWORD,
    }
}
