//! `/login/reset`: a new password by a link in a letter. What is answered tells nothing of whether there is an account.

use super::{REFUSAL, set_password};
use crate::kit::access::Public;
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::mail::{Letter, Link, Mailer};
use crate::kit::public_url::PublicUrl;
use crate::security::throttle;
use crate::sign_in::form::{ResetForm, WelcomeForm};
use crate::sign_in::screens::{Reset, Welcome};
use crate::users::links::{self, Purpose};
use crate::users::model::{self as users, Account};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use tokio::time::{Instant, sleep_until};

pub async fn new(public: Public, mailer: Data<Mailer>) -> Result<HttpResponse> {
    public.show(&Reset { is_configured: mailer.is_configured(), ..Reset::default() })
}

pub async fn create(
    public: Public,
    form: Form<ResetForm>,
    mailer: Data<Mailer>,
    address: Data<PublicUrl>,
) -> Result<HttpResponse> {
    let begun = Instant::now();
    if !mailer.is_configured() {
        return Err(Error::Refused("Mail is not configured here (SMTP_URL, MAIL_FROM).".into()));
    }
    let typed = form.0.email.clone();
    let email = match form.0.validate() {
        Ok(email) => email,
        Err(form) => {
            let email_error = form.errors.of("email").map(str::to_owned);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return public.show(&Reset { is_configured: true, email: typed, email_error, status, ..Reset::default() });
        }
    };
    let (from, asked) = (public.address, email.clone());
    let accounts = public.db.run(move |conn| {
        throttle::code(conn, &format!("reset from {from:?}"))?;
        throttle::code(conn, &format!("reset of {asked}"))?;
        users::accounts(conn, &asked)
    });
    for account in accounts.await? {
        send(&public, account, email.clone(), &mailer, &address).await?;
    }
    sleep_until(begun + REFUSAL).await;
    public.show(&Reset { is_configured: true, is_sent: true, email, ..Reset::default() })
}

async fn send(
    public: &Public,
    account: Account,
    to: String,
    mailer: &Data<Mailer>,
    address: &Data<PublicUrl>,
) -> Result<()> {
    let (mailer, address) = (mailer.clone(), address.clone());
    let sent = public.db.enter(account.tenant_id, move |conn, tenant| {
        let token = links::issue(conn, tenant, account.id, Purpose::Reset)?;
        let letter = Letter {
            to,
            subject: "Choose a new password".into(),
            lines: vec![
                "Somebody, probably you, asked for a new password for your account.".into(),
                "The link works once, for 30 minutes. If it was not you, do nothing: your password stays as it is."
                    .into(),
            ],
            link: Some(Link {
                label: "Choose a new password".into(),
                url: address.to(&format!("/login/reset/{}", token.expose())),
            }),
        };
        mailer.post(conn, tenant, &letter)
    });
    sent.await
}

pub async fn show(public: Public, token: Path<String>) -> Result<HttpResponse> {
    let asked = token.clone();
    public.db.run(move |conn| links::find(conn, &asked, Purpose::Reset)).await?;
    public.show(&Welcome::new(Purpose::Reset, token.into_inner()))
}

pub async fn update(public: Public, token: Path<String>, form: Form<WelcomeForm>) -> Result<HttpResponse> {
    match set_password(&public, Purpose::Reset, token.into_inner(), form.0).await? {
        Err(rejected) => public.show(&rejected),
        Ok(account) => {
            let from = public.address;
            let forgiven = public.db.run(move |conn| {
                let obvious = users::obvious(conn, &account)?;
                obvious.first().map_or(Ok(()), |email| throttle::forgive(conn, from, email))
            });
            forgiven.await?;
            Ok(public.leave("/login?reset=true"))
        }
    }
}
