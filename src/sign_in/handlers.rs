//! `/login`, `/logout`, and `/welcome/{token}` for somebody new.

use super::form::{LoginForm, WelcomeForm, safe_next};
use super::model;
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

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Next {
    next: String,
}

pub async fn new(public: Public, Query(next): Query<Next>, demo: Data<DemoAccounts>) -> Result<HttpResponse> {
    if public.who.is_some() {
        return Ok(public.leave(safe_next(&next.next)));
    }
    let form = LoginForm { next: next.next, ..LoginForm::default() };
    public.show(&login(form, None, StatusCode::OK, &demo))
}

pub async fn create(
    public: Public,
    form: Form<LoginForm>,
    demo: Data<DemoAccounts>,
    throttle: Data<Throttle>,
    session: Session,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let mut form = match form.0.validate() {
        Ok(form) => form,
        Err(form) => return public.show(&login(form, None, StatusCode::UNPROCESSABLE_ENTITY, &demo)),
    };
    let password = Secret::new(std::mem::take(&mut form.password));
    if let Some(seconds) = throttle.wait(public.address, &form.email) {
        let problem = format!("Too many tries. Please wait {seconds} seconds.");
        let mut answer = public.show(&login(form, Some(problem), StatusCode::TOO_MANY_REQUESTS, &demo))?;
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
        return Ok(answer);
    }
    let Some(account) = model::check(&public.db, form.email.clone(), password).await? else {
        throttle.failed(public.address, &form.email);
        let problem = "Email address or password do not fit.".to_owned();
        return public.show(&login(form, Some(problem), StatusCode::UNAUTHORIZED, &demo));
    };
    throttle.succeeded(public.address, &form.email);
    begin(&public, account, &session, &req).await?;
    Ok(public.leave(safe_next(&form.next)))
}

async fn begin(public: &Public, account: users::Account, session: &Session, req: &HttpRequest) -> Result<()> {
    let new = model::begin(&public.db_as(account.id.get()), account, Proof::FirstFactor).await?;
    let agent = req.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    let agent: Option<String> = agent.map(|agent| agent.chars().take(400).collect());
    let client = Client { ip: public.address.map(|ip| ip.to_string()), agent, stays: false };
    sessions::begin(req, session, &new, &client)
}

pub async fn delete(access: Access<OwnAccount>, session: Session) -> Result<HttpResponse> {
    let user = access.who().user.into();
    access.run(move |conn, tenant| model::leave(conn, tenant, user)).await?;
    session.purge();
    access.leave("/login")
}

pub async fn welcome(public: Public, token: Path<String>) -> Result<HttpResponse> {
    let token_ = token.clone();
    public.db.run(move |conn| users::invited(conn, &token_)).await?;
    public.show(&Welcome { token: token.into_inner(), ..Welcome::default() })
}

pub async fn accept(
    public: Public,
    token: Path<String>,
    form: Form<WelcomeForm>,
    session: Session,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let form = match form.0.validate() {
        Ok(form) => form,
        Err(form) => return public.show(&Welcome::rejected(token.into_inner(), &form.errors)),
    };
    let account = model::accept(&public.db, token.into_inner(), Secret::new(form.password)).await?;
    begin(&public, account, &session, &req).await?;
    Ok(public.leave("/"))
}

fn login(form: LoginForm, problem: Option<String>, status: StatusCode, demo: &DemoAccounts) -> Login {
    Login {
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
