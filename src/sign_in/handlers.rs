//! `/login`, `/logout`, and `/welcome/{token}` for somebody new.

use super::form::{LoginForm, WelcomeForm, safe_next};
use super::model;
use super::refusal::Refusal;
use super::screens::{DemoAccount, Login, Welcome};
use super::throttle::Throttle;
use crate::kit::access::{Access, OwnAccount, Public};
use crate::kit::error::Result;
use crate::kit::form::Form;
use crate::kit::secret::Secret;
use crate::kit::sessions::{self, Client, Proof};
use crate::users::model as users;
use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::{RETRY_AFTER, USER_AGENT};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

/// Shown under the form in a demo; empty otherwise.
#[derive(Debug, Clone, Default)]
pub struct DemoAccounts(pub Vec<DemoAccount>);

/// The ways in beside the password.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ways {
    pub microsoft: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Next {
    next: String,
    /// Why another way in came to nothing.
    refused: String,
}

pub async fn new(
    public: Public,
    Query(next): Query<Next>,
    demo: Data<DemoAccounts>,
    ways: Data<Ways>,
) -> Result<HttpResponse> {
    if public.who.is_some() {
        return Ok(public.leave(safe_next(&next.next)));
    }
    let form = LoginForm { next: next.next, ..LoginForm::default() };
    let refusal = Refusal::of_word(&next.refused).map(|refusal| refusal.sentence().to_owned());
    public.show(&login(form, refusal, StatusCode::OK, (&demo, &ways)))
}

pub async fn create(
    public: Public,
    form: Form<LoginForm>,
    demo: Data<DemoAccounts>,
    ways: Data<Ways>,
    throttle: Data<Throttle>,
    session: Session,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let mut form = match form.0.validate() {
        Ok(form) => form,
        Err(form) => return public.show(&login(form, None, StatusCode::UNPROCESSABLE_ENTITY, (&demo, &ways))),
    };
    let password = Secret::new(std::mem::take(&mut form.password));
    if let Some(seconds) = throttle.wait(public.address, &form.email) {
        let problem = format!("Too many tries. Please wait {seconds} seconds.");
        let mut answer = public.show(&login(form, Some(problem), StatusCode::TOO_MANY_REQUESTS, (&demo, &ways)))?;
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
        return Ok(answer);
    }
    let Some(account) = model::check(&public.db, form.email.clone(), password).await? else {
        throttle.failed(public.address, &form.email);
        let problem = "Email address or password do not fit.".to_owned();
        return public.show(&login(form, Some(problem), StatusCode::UNAUTHORIZED, (&demo, &ways)));
    };
    throttle.succeeded(public.address, &form.email);
    begin(&public, account, &session, &req).await?;
    Ok(public.leave(safe_next(&form.next)))
}

/// The first factor has been shown, whichever it was.
pub async fn begin(public: &Public, account: users::Account, session: &Session, req: &HttpRequest) -> Result<()> {
    let new = model::begin(&public.db, account, Proof::FirstFactor).await?;
    let agent = req.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    let agent: Option<String> = agent.map(|agent| agent.chars().take(400).collect());
    let client = Client { ip: public.address.map(|ip| ip.to_string()), agent, stays: false };
    sessions::begin(req, session, &new, &client)
}

pub async fn delete(access: Access<OwnAccount>, session: Session) -> Result<HttpResponse> {
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
    public.db.run(move |conn| users::invited(conn, &token_)).await?;
    let problem = Refusal::of_word(&next.refused).map(Refusal::sentence);
    let (token, has_microsoft) = (token.into_inner(), ways.microsoft);
    public.show(&Welcome { token, problem, has_microsoft, ..Welcome::default() })
}

pub async fn accept(
    public: Public,
    token: Path<String>,
    form: Form<WelcomeForm>,
    ways: Data<Ways>,
    session: Session,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let form = match form.0.validate() {
        Ok(form) => form,
        Err(form) => return public.show(&Welcome::rejected(token.into_inner(), &form.errors, ways.microsoft)),
    };
    let account = model::accept(&public.db, token.into_inner(), Secret::new(form.password)).await?;
    begin(&public, account, &session, &req).await?;
    Ok(public.leave("/"))
}

fn login(form: LoginForm, problem: Option<String>, status: StatusCode, (demo, ways): (&DemoAccounts, &Ways)) -> Login {
    Login {
        has_microsoft: ways.microsoft,
        email_error: form.errors.of("email").map(str::to_owned),
        password_error: form.errors.of("password").map(str::to_owned),
        email: form.email,
        next: form.next,
        problem,
        status,
        demo_accounts: demo.0.clone(),
        demo_password: crate::users::model::DEMO_PASSWORD,
    }
}
