//! The browser's side of the way to Microsoft and back: where it is sent, and the cookie that it keeps meanwhile.

use super::Microsoft;
use super::attempt::{Attempt, Choice, LIFE, Purpose};
use super::authority::Tokens;
use super::form::Back;
use super::id_token::Person;
use super::screens::Leaving;
use crate::kit::access::Https;
use crate::kit::error::{Error, Result};
use crate::kit::vault::Vault;
use crate::sign_in::refusal::Refusal;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use std::future::{Ready, ready};

const COOKIE: &str = "switchboard_microsoft";
const PATH: &str = "/login/microsoft";
const REFRESH: HeaderName = HeaderName::from_static("refresh");

/// What the handlers of this room work with.
pub struct Way {
    pub microsoft: Data<Microsoft>,
    pub vault: Data<Vault>,
    is_https: bool,
    cookie: Option<String>,
}

impl FromRequest for Way {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req).ok_or_else(|| Error::unexpected(anyhow::anyhow!("app::build sets every part"))))
    }
}

impl Way {
    fn of(req: &HttpRequest) -> Option<Self> {
        Some(Self {
            microsoft: req.app_data::<Data<Microsoft>>()?.clone(),
            vault: req.app_data::<Data<Vault>>()?.clone(),
            is_https: req.app_data::<Data<Https>>()?.0,
            cookie: req.cookie(COOKIE).map(|cookie| cookie.value().to_owned()),
        })
    }

    /// The page that leads to Microsoft.
    pub async fn leaving(&self, attempt: &Attempt) -> Result<Result<Leaving, Refusal>> {
        let address = self.microsoft.authority()?.address(attempt).await;
        Ok(match address {
            Ok(address) => Ok(Leaving { address: address.to_string() }),
            Err(trouble) => {
                tracing::warn!(error = %trouble, "nobody can be sent to Microsoft");
                Err(trouble.refusal())
            }
        })
    }

    /// Lets that page lead on by itself, and the browser keep what the callback must know.
    pub fn leave(&self, attempt: &Attempt, leaving: &Leaving, mut page: HttpResponse) -> Result<HttpResponse> {
        let refresh = HeaderValue::try_from(format!("0; url={}", leaving.address)).map_err(Error::unexpected)?;
        page.headers_mut().insert(REFRESH, refresh);
        self.keep(attempt.seal(&self.vault)?, page)
    }

    /// The attempt that this browser began, if `state` is its own.
    pub fn attempt(&self, state: &str) -> Option<Attempt> {
        let attempt = Attempt::open(&self.vault, self.cookie.as_deref()?)?;
        (attempt.state == state).then_some(attempt)
    }

    /// Whom Microsoft vouches for in a callback.
    pub async fn vouched(&self, given: Back, attempt: &Attempt) -> Result<(Person, Tokens), Refusal> {
        match (given.error.as_str(), given.code.as_str()) {
            ("access_denied", _) => return Err(Refusal::Cancelled),
            ("", "") => return Err(Refusal::Expired),
            ("", _) => {}
            _ => return Err(Refusal::Away),
        }
        let authority = self.microsoft.authority().map_err(|_| Refusal::Away)?;
        authority.redeem(given.code, attempt).await.map_err(|trouble| {
            tracing::warn!(error = %trouble, "a sign-in at Microsoft came to nothing");
            trouble.refusal()
        })
    }

    pub fn remember(&self, choice: &Choice, page: HttpResponse) -> Result<HttpResponse> {
        self.keep(choice.seal(&self.vault)?, page)
    }

    pub fn choice(&self) -> Option<Choice> {
        Choice::open(&self.vault, self.cookie.as_deref()?)
    }

    /// An attempt counts once.
    pub fn forget(&self, mut page: HttpResponse) -> Result<HttpResponse> {
        let cookie = Cookie::build(COOKIE, "").path(PATH).max_age(Duration::ZERO);
        page.add_cookie(&self.guarded(cookie.finish())).map_err(Error::unexpected)?;
        Ok(page)
    }

    fn keep(&self, value: String, mut page: HttpResponse) -> Result<HttpResponse> {
        let cookie = Cookie::build(COOKIE, value).path(PATH).max_age(Duration::seconds(LIFE.num_seconds()));
        page.add_cookie(&self.guarded(cookie.finish())).map_err(Error::unexpected)?;
        Ok(page)
    }

    /// Lax: the callback is a link from Microsoft's site.
    fn guarded<'a>(&self, mut cookie: Cookie<'a>) -> Cookie<'a> {
        cookie.set_http_only(true);
        cookie.set_secure(self.is_https);
        cookie.set_same_site(SameSite::Lax);
        cookie
    }
}

/// Where somebody goes on who was turned away: to the page that they began at.
pub fn back(attempt: &Attempt, refusal: Refusal) -> String {
    let next = percent_encoding::utf8_percent_encode(&attempt.next, percent_encoding::NON_ALPHANUMERIC);
    match &attempt.purpose {
        Purpose::SignIn if attempt.next == "/" => refusal.at("/login"),
        Purpose::SignIn => format!("{}&next={next}", refusal.at("/login")),
        // An invitation that ended has no page any more.
        Purpose::Accept { .. } if refusal == Refusal::Expired => refusal.at("/login"),
        Purpose::Accept { token } => refusal.at(&format!("/welcome/{token}")),
        Purpose::Link { .. } => refusal.at("/account/microsoft"),
    }
}
