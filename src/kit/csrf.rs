//! Forged requests: every form carries a token that only a page of ours can hold; htmx sends it as a header.
//!
//! The token is a keyed hash of the session, or for visitors who have none yet, of a random cookie. Beside it stands what
//! the browser itself says of where a request comes from: another site's is refused even with the right token.

use super::access::Https;
use super::body;
use super::error::{Error, Result};
use super::form::LIMIT;
use super::public_url::PublicUrl;
use super::upload;
use super::vault::{Vault, random_token};
use actix_web::body::MessageBody;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};
use url::Url;

pub const FIELD: &str = "csrf_token";
const HEADER: &str = "x-csrf-token";
const PURPOSE: &str = "csrf";

/// The token found in a form's body by [`find`].
struct FormToken(String);

/// Middleware: looks for the token in urlencoded bodies, which it reads and hands on whole, and in the first field of
/// those with files, of which it reads no more than that.
pub async fn find(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let is_form = req.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form = is_form.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
    let is_upload = upload::is_one(req.headers());
    if is_upload && !req.method().is_safe() && !req.headers().contains_key(HEADER) {
        let (token, payload) = upload::first_field(req.take_payload(), FIELD).await?;
        if let Some(token) = token {
            req.extensions_mut().insert(FormToken(token));
        }
        req.set_payload(payload);
    } else if is_form && !req.method().is_safe() && !req.headers().contains_key(HEADER) {
        let bytes = body::read(req.take_payload(), LIMIT).await?;
        if let Some((_, token)) = url::form_urlencoded::parse(&bytes).find(|(name, _)| name == FIELD) {
            req.extensions_mut().insert(FormToken(token.into_owned()));
        }
        req.set_payload(Payload::from(bytes));
    }
    next.call(req).await
}

/// The token of `subject`: a session's id, or a visitor's cookie.
pub fn token(vault: &Vault, subject: &str) -> String {
    vault.token(PURPOSE, subject)
}

/// # Errors
/// `Stale` when an unsafe request does not carry the token of `subject`, or comes from another site's page.
pub fn check(req: &HttpRequest, vault: &Vault, subject: &str) -> Result<()> {
    if req.method().is_safe() {
        return Ok(());
    }
    if !is_from_here(req) {
        let told = |name| req.headers().get(name);
        let (origin, host) = (told(ORIGIN), told(HOST));
        tracing::warn!(?origin, ?host, "a form of another site was refused; if it is ours, set SWITCHBOARD_PUBLIC_URL");
        return Err(Error::Stale);
    }
    let header = req.headers().get(HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let given = header.or_else(|| req.extensions().get::<FormToken>().map(|token| token.0.clone()));
    match given.is_some_and(|given| vault.token_fits(PURPOSE, subject, &given)) {
        true => Ok(()),
        false => Err(Error::Stale),
    }
}

/// Whether the browser says that a page of ours sends this. Programs and old browsers say nothing; then the token alone
/// decides.
fn is_from_here(req: &HttpRequest) -> bool {
    let all = |name: &str| req.headers().get_all(name).map(|value| value.to_str().unwrap_or_default()).collect();
    let (sites, origins): (Vec<&str>, Vec<&str>) = (all("sec-fetch-site"), all(ORIGIN.as_str()));
    // "none": the user themselves, as by reloading the answer of a form.
    let is_own = |site: &&str| matches!(*site, "same-origin" | "none");
    sites.iter().all(is_own) && origins.iter().all(|origin| is_ours(req, origin))
}

/// Our public address, or the one at which this request has found us: behind a proxy the two may differ, and nobody
/// can make a browser lie about either.
fn is_ours(req: &HttpRequest, origin: &str) -> bool {
    let Ok(origin) = Url::parse(origin) else { return false }; // "null", too
    let public = req.app_data::<Data<PublicUrl>>().and_then(|public| Url::parse(&public.0).ok());
    let is_https = req.app_data::<Data<Https>>().is_some_and(|https| https.0);
    let host = req.headers().get(HOST).and_then(|value| value.to_str().ok());
    let found = host.filter(|_| !is_https || origin.scheme() == "https");
    let found = found.and_then(|host| Url::parse(&format!("{}://{host}", origin.scheme())).ok());
    [public, found].into_iter().flatten().any(|own| own.origin() == origin.origin() && origin.has_host())
}

/// A visitor's random cookie, made when there is none.
#[derive(Clone)]
pub struct Visitor {
    pub id: String,
    pub is_new: bool,
}

impl Visitor {
    const COOKIE: &'static str = "switchboard_visitor";

    pub fn of(req: &HttpRequest) -> Self {
        let known = req.cookie(Self::COOKIE).map(|cookie| cookie.value().to_owned());
        match known.filter(|id| id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            Some(id) => Self { id, is_new: false },
            None => Self { id: random_token().expose().clone(), is_new: true },
        }
    }

    pub fn cookie(&self, is_secure: bool) -> Cookie<'static> {
        Cookie::build(Self::COOKIE, self.id.clone())
            .path("/")
            .http_only(true)
            .secure(is_secure)
            .same_site(SameSite::Lax)
            .finish()
    }
}
