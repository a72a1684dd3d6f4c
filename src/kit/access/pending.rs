//! Between the two factors: whoever has shown the first one may do nothing but show the second.

use super::{SignedIn, data, request_id};
use crate::kit::db::{Actor, Db, PlatformDb};
use crate::kit::error::{Error, Result};
use crate::kit::html::{Frame, Htmx, Screen, show};
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::kit::{client_address, csrf};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use diesel::PgConnection;
use std::future::{Ready, ready};
use std::net::IpAddr;

/// Somebody whose second factor is still owed. Everywhere else they count as signed out.
pub struct Pending {
    who: SignedIn,
    actor: Actor,
    address: Option<IpAddr>,
    db: Db,
    frame: Frame,
    htmx: Htmx,
}

impl Pending {
    /// Runs `work` in one transaction that sees the caller's own tenant only.
    pub async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    {
        self.db.tenant(self.who.tenant(), self.actor, work).await
    }

    pub fn show(&self, screen: &impl Screen) -> Result<HttpResponse> {
        show(&self.frame, &self.htmx, screen)
    }

    pub fn leave(&self, to: &str) -> HttpResponse {
        self.htmx.leave(to)
    }

    /// The door across tenants, through which sessions begin.
    pub fn platform(&self) -> PlatformDb {
        self.db.platform().acting(self.actor)
    }

    pub fn tenant(&self) -> TenantId {
        self.who.tenant()
    }

    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    pub fn who(&self) -> &SignedIn {
        &self.who
    }

    fn check(req: &HttpRequest) -> Result<Self> {
        let who = SignedIn::pending(req)?;
        let vault = data::<Vault>(req);
        let subject = who.session.to_string();
        csrf::check(req, vault, &subject)?;
        let address = client_address::of(req);
        let actor = Actor::user(who.user, address, request_id(req));
        let frame = Frame { csrf: csrf::token(vault, &subject), ..Frame::of(req) };
        Ok(Self { who, actor, address, db: data::<Db>(req).clone(), frame, htmx: Htmx::of(req) })
    }
}

impl FromRequest for Pending {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::check(req))
    }
}
