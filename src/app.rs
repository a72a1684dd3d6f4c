//! Puts parts, middleware and routes together; the server and the tests both start here.

use crate::customers::reads::Reads;
use crate::kit::access::{Access, Https, OwnAccount};
use crate::kit::client_address::TrustedProxies;
use crate::kit::db::Db;
use crate::kit::error::{Error, Result};
use crate::kit::html;
use crate::kit::live::Hub;
use crate::kit::mail::Mailer;
use crate::kit::public_url::PublicUrl;
use crate::kit::sessions::{self, Sessions};
use crate::kit::storage::Storage;
use crate::kit::tokens::Callers;
use crate::kit::vault::Vault;
use crate::kit::{csrf, headers};
use crate::messages::jobs::Pace;
use crate::microsoft::Microsoft;
use crate::numbers::gateway::Gateways;
use crate::platform::handlers::Started;
use crate::routes::{self, Limits};
use crate::security::passkeys::Passkeys;
use crate::sign_in::handlers::{DemoAccounts, Ways};
use crate::webhooks::routes::Routes;
use actix_session::SessionMiddleware;
use actix_session::config::{BrowserSession, CookieContentSecurity};
use actix_web::body::MessageBody;
use actix_web::cookie::{Key, SameSite};
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data, PathConfig, QueryConfig};
use actix_web::{App, HttpResponse};
use chrono::Utc;

/// What the whole program is made of; cheap to clone, shared by all workers.
#[derive(Clone)]
pub struct Parts {
    pub db: Db,
    pub hub: Hub,
    pub vault: Vault,
    pub gateways: Gateways,
    pub storage: Storage,
    pub mailer: Mailer,
    pub public_url: PublicUrl,
    pub pace: Pace,
    pub sessions: Sessions,
    pub callers: Callers,
    pub limits: Limits,
    pub proxies: TrustedProxies,
    pub is_https: bool,
    pub demo_accounts: DemoAccounts,
    pub webhook_routes: Data<Routes>,
    pub customer_reads: Reads,
    pub started: Started,
    pub microsoft: Microsoft,
}

impl Parts {
    /// Must be called inside the runtime: the session cache begins to listen.
    pub fn new(db: Db, hub: Hub, vault: Vault, gateways: Gateways, storage: Storage) -> Self {
        let sessions = Sessions::new(db.platform(), hub.clone());
        let public_url = PublicUrl(gateways.webhook_base.clone());
        let callers = Callers::new(db.platform(), hub.clone(), &vault);
        Self {
            mailer: Mailer::off(vault.clone()),
            public_url,
            db,
            hub,
            vault,
            gateways,
            storage,
            sessions,
            callers,
            limits: Limits::new(),
            pace: Pace::default(),
            proxies: TrustedProxies::default(),
            is_https: false,
            demo_accounts: DemoAccounts::default(),
            webhook_routes: Data::new(Routes::default()),
            customer_reads: Reads::default(),
            started: Started(Utc::now()),
            microsoft: Microsoft::default(),
        }
    }
}

pub fn build(
    parts: Parts,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let passkeys = Passkeys::new(&parts.public_url.0);
    let ways = Ways { microsoft: parts.microsoft.is_configured(), passkeys: passkeys.is_possible() };
    App::new()
        .app_data(Data::new(parts.db.clone()))
        .app_data(Data::new(parts.hub.clone()))
        .app_data(Data::new(parts.vault.clone()))
        .app_data(Data::new(parts.gateways.clone()))
        .app_data(Data::new(parts.storage.clone()))
        .app_data(Data::new(parts.mailer.clone()))
        .app_data(Data::new(parts.public_url.clone()))
        .app_data(Data::new(parts.sessions.clone()))
        .app_data(Data::new(parts.callers.clone()))
        .app_data(Data::new(parts.proxies.clone()))
        .app_data(Data::new(parts.demo_accounts.clone()))
        .app_data(Data::new(parts.customer_reads.clone()))
        .app_data(Data::new(parts.started))
        .app_data(Data::new(parts.microsoft.clone()))
        .app_data(Data::new(ways))
        .app_data(Data::new(passkeys))
        .app_data(Data::new(Https(parts.is_https)))
        .app_data(parts.webhook_routes.clone())
        // What is no id of ours names nothing of ours.
        .app_data(PathConfig::default().error_handler(|_, _| Error::NotFound.into()))
        .app_data(QueryConfig::default().error_handler(|cause, _| Error::Invalid(cause.to_string()).into()))
        .configure(|cfg| routes::all(cfg, &parts.limits))
        .default_service(web::route().to(nowhere))
        .wrap(from_fn(csrf::find))
        .wrap(session(&parts))
        .wrap(from_fn(sessions::keep_cookie))
        .wrap(from_fn(html::render_errors))
        .wrap(Compress::default())
        .wrap(from_fn(headers::secure))
        .wrap(from_fn(crate::kit::body::hold))
        .wrap(from_fn(crate::kit::trace::request))
}

/// No URL of ours. Whoever is signed in stays in their frame.
async fn nowhere(_: Option<Access<OwnAccount>>) -> Result<HttpResponse> {
    Err(Error::NotFound)
}

/// The cookie holds a random key, and the row behind it only that key's hash: nothing in it needs to be signed, but
/// actix-session wants to, with a key that all processes share.
fn session(parts: &Parts) -> SessionMiddleware<Sessions> {
    let key = parts.vault.token("cookie", "session");
    let name = if parts.is_https { "__Host-switchboard" } else { "switchboard" };
    SessionMiddleware::builder(parts.sessions.clone(), Key::derive_from(key.as_bytes()))
        .cookie_name(name.into())
        .cookie_secure(parts.is_https)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_content_security(CookieContentSecurity::Signed)
        .session_lifecycle(BrowserSession::default())
        .build()
}
