//! Who asks, for which tenant, and may they: decided once, before a handler runs.
//!
//! Every handler takes one of these: [`Access`] (signed in, holds a permission), [`Public`] (anybody), [`Platform`] (a
//! platform administrator with the door across tenants), [`Webhook`] (another program that proves itself by signature),
//! [`Client`] (a program with a token that carries a permission) or [`Anonymous`] (one that asks for a token).

mod client;
mod door;
mod kept;
mod pending;
mod permissions;
mod platform;
mod programs;
mod signed_in;

pub use client::{Anonymous, Client};
pub use door::Door;
pub use pending::Pending;
pub use permissions::*;
pub use platform::Platform;
pub use programs::{Machine, Webhook};
pub use signed_in::{AWAY, SIGNED_IN, SignedIn, Visit};

use super::db::{Actor, Db, PlatformDb};
use super::error::{Error, Result};
use super::html::{Frame, Htmx, RequestId, Screen, Sections, show, show_fragment};
use super::live::Hub;
use super::masks::masked_text;
use super::tenant::TenantId;
use super::vault::Vault;
use super::{audit, client_address, csrf, nav, words};
use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use diesel::PgConnection;
use futures_util::future::LocalBoxFuture;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::net::IpAddr;
use uuid::Uuid;

/// A signed-in user who holds permission `P`; the only way from a handler to a tenant's rows.
pub struct Access<P> {
    who: SignedIn,
    actor: Actor,
    db: Db,
    frame: Frame,
    htmx: Htmx,
    permission: PhantomData<P>,
}

impl<P: Permission> Access<P> {
    /// Runs `work` in one transaction that sees the caller's own tenant only; during a visit that is the tenant visited,
    /// except for what concerns one's own account.
    pub async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    {
        let tenant = if P::NAME.starts_with("account:") { self.who.home() } else { self.who.tenant() };
        self.db.tenant(tenant, self.actor, work).await
    }

    /// Works as the platform on the tenant that is visited, to end the visit; see [`PlatformDb::administer`].
    ///
    /// # Errors
    /// `NotFound` outside of a visit.
    pub async fn at_visited<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    {
        let visit = self.who.visit().ok_or(Error::NotFound)?;
        self.db.platform().acting(self.actor).administer(visit.tenant, work).await
    }

    pub fn show(&self, screen: &impl Screen) -> Result<HttpResponse> {
        show(&self.frame, &self.htmx, screen)
    }

    /// The element that htmx wants the answer for, so that a handler reads only what that part shows.
    pub fn target(&self) -> Option<&str> {
        self.htmx.target()
    }

    /// A fragment that stands alone.
    pub fn show_fragment(&self, fragment: &impl askama::Template) -> Result<HttpResponse> {
        show_fragment(&self.frame, fragment)
    }

    /// Redirects after a successful change.
    pub fn go(&self, to: &str) -> Result<HttpResponse> {
        Ok(self.htmx.redirect(to))
    }

    /// Redirects with a full page load, for changes of the frame itself (sign-out, theme).
    pub fn leave(&self, to: &str) -> Result<HttpResponse> {
        Ok(self.htmx.leave(to))
    }

    pub fn who(&self) -> &SignedIn {
        &self.who
    }

    /// The door across tenants, for platform administrators who also hold `Q`.
    ///
    /// # Errors
    /// `Forbidden` for everybody else.
    pub fn platform<Q: Permission>(&self) -> Result<PlatformDb> {
        match self.who.role == Role::PlatformAdmin && self.may::<Q>() {
            true => Ok(self.db.platform().acting(self.actor)),
            false => Err(Error::Forbidden),
        }
    }

    /// For the few things that outlive a request, such as an event stream.
    pub fn tenant(&self) -> TenantId {
        self.who.tenant()
    }

    pub fn may<Q: Permission>(&self) -> bool {
        Q::ROLES.contains(&self.who.role)
    }

    /// Words of others as this reader may see them: addresses in them are masked for those who may not know them.
    pub fn words(&self, text: &str) -> String {
        if self.may::<ViewAddresses>() { text.to_owned() } else { masked_text(text) }
    }

    /// A phone number as this reader may see it.
    pub fn phone(&self, digits: &str) -> String {
        if self.may::<ViewAddresses>() { words::phone(digits) } else { words::masked_phone(digits) }
    }

    /// An email address as this reader may see it.
    pub fn email(&self, address: &str) -> String {
        if self.may::<ViewAddresses>() { address.to_owned() } else { words::masked_email(address) }
    }

    /// The list of pages beside one of Settings, whose address is `current`.
    pub fn settings(&self, current: &str) -> Sections {
        nav::settings(self.who.role, current)
    }

    /// The same beside a page of Customers.
    pub fn customer_sections(&self, current: &str) -> Sections {
        nav::customers(self.who.role, current)
    }

    /// The same beside a page of Platform.
    pub fn platform_sections(&self, current: &str) -> Sections {
        nav::platform(self.who.role, current)
    }

    /// The same beside a page of the GDPR desk.
    pub fn privacy_sections(&self, current: &str) -> Sections {
        nav::privacy(self.who.role, current)
    }

    /// The same beside a page of one's own account.
    pub fn account_sections(&self, current: &str) -> Sections {
        nav::account(self.who.role, current)
    }

    pub fn csrf(&self) -> &str {
        &self.frame.csrf
    }

    async fn check(req: HttpRequest) -> Result<Self> {
        let who = SignedIn::of(&req)?;
        let vault = data::<Vault>(&req);
        let subject = who.session.to_string();
        csrf::check(&req, vault, &subject)?;
        let actor = Actor::user(who.user, client_address::of(&req), request_id(&req));
        let actor = who.visit().map_or(actor, |visit| actor.in_support(visit.grant));
        let db = data::<Db>(&req).clone();
        let frame = Frame {
            user: Some(signed_in::shown(&who)),
            csrf: csrf::token(vault, &subject),
            live: data::<Hub>(&req).now().to_string(),
            ..Frame::of(&req)
        };
        req.extensions_mut().insert(frame.clone()); // an error page keeps its frame
        if !P::ROLES.contains(&who.role) {
            refuse(&db, who.tenant(), actor, P::NAME, req.path()).await;
            return Err(Error::Forbidden);
        }
        Ok(Self { who, actor, db, frame, htmx: Htmx::of(&req), permission: PhantomData })
    }
}

impl<P: Permission> FromRequest for Access<P> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        Box::pin(Self::check(req.clone()))
    }
}

/// A refusal leaves a trace; failing to write it changes nothing about the answer.
async fn refuse(db: &Db, tenant: TenantId, actor: Actor, permission: &'static str, path: &str) {
    let path = path.to_owned();
    let note = move |conn: &mut PgConnection, tenant: TenantId| {
        let after = serde_json::json!({ "permission": permission, "path": path });
        audit::record(conn, tenant, &audit::Entry::of("refused", "permissions").after(after))
    };
    if let Err(error) = db.tenant(tenant, actor, note).await {
        tracing::warn!(%error, "a refusal could not be audited");
    }
}

/// Anybody, signed in or not.
pub struct Public {
    pub who: Option<SignedIn>,
    /// Somebody who owes the second factor.
    pub is_pending: bool,
    pub address: Option<IpAddr>,
    pub db: PlatformDb,
    pub frame: Frame,
    pub htmx: Htmx,
    request: Option<Uuid>,
    visitor: csrf::Visitor,
    is_secure: bool,
}

impl Public {
    /// The screen, and the visitor's cookie that its form's token belongs to.
    pub fn show(&self, screen: &impl Screen) -> Result<HttpResponse> {
        let mut response = show(&self.frame, &self.htmx, screen)?;
        if self.visitor.is_new {
            response.add_cookie(&self.visitor.cookie(self.is_secure)).map_err(Error::unexpected)?;
        }
        Ok(response)
    }

    pub fn leave(&self, to: &str) -> HttpResponse {
        self.htmx.leave(to)
    }

    /// Random, and the same as long as this browser is open.
    pub fn visitor(&self) -> &str {
        &self.visitor.id
    }

    /// The door across tenants for a visitor who has proved to be this user.
    pub fn db_as(&self, user: Uuid) -> PlatformDb {
        self.db.clone().acting(Actor::user(user, self.address, self.request))
    }

    fn check(req: &HttpRequest) -> Result<Self> {
        let visitor = csrf::Visitor::of(req);
        let vault = data::<Vault>(req);
        csrf::check(req, vault, &visitor.id)?;
        let (address, request) = (client_address::of(req), request_id(req));
        Ok(Self {
            who: SignedIn::of(req).ok(),
            is_pending: SignedIn::pending(req).is_ok(),
            address,
            request,
            db: data::<Db>(req).platform().acting(Actor::visitor(address, request)),
            frame: Frame { csrf: csrf::token(vault, &visitor.id), ..Frame::of(req) },
            htmx: Htmx::of(req),
            visitor,
            is_secure: data::<Https>(req).0,
        })
    }
}

impl FromRequest for Public {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::check(req))
    }
}

/// Whether browsers reach us by https, so that cookies may insist on it.
#[derive(Clone, Copy)]
pub struct Https(pub bool);

fn request_id(req: &HttpRequest) -> Option<Uuid> {
    req.extensions().get::<RequestId>().and_then(|id| id.0.parse().ok())
}

fn data<T: 'static>(req: &HttpRequest) -> &T {
    req.app_data::<Data<T>>().expect("app::build sets every part the extractors need")
}
