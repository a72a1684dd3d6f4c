//! Programs that ask `/api/v1`: with a token ([`Client`]), or to get one ([`Anonymous`]).
//!
//! No cookie is read here, so a browser cannot be made to ask on somebody's behalf, and no form token is needed.

use super::{Actor, Permission, Role, ViewAddresses, data, refuse, request_id};
use crate::kit::client_address;
use crate::kit::db::{Db, PlatformDb};
use crate::kit::error::{Error, Result};
use crate::kit::masks::masked_text;
use crate::kit::problem::Problem;
use crate::kit::tenant::TenantId;
use crate::kit::tokens::{Caller, Callers};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, LOCATION, USER_AGENT};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder};
use diesel::PgConnection;
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::net::IpAddr;
use uuid::Uuid;

/// A program with a token that carries permission `P`, for a user whose role holds it.
pub struct Client<P> {
    caller: Caller,
    actor: Actor,
    path: String,
    db: Db,
    permission: PhantomData<P>,
}

impl<P: Permission> Client<P> {
    /// Runs `work` in one transaction that sees the caller's own tenant only.
    pub async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    {
        self.db.tenant(self.caller.tenant(), self.actor, work).await
    }

    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    pub fn may<Q: Permission>(&self) -> bool {
        self.caller.may(Q::NAME)
    }

    /// For what a resource allows to some of its callers only.
    ///
    /// # Errors
    /// 403 that names `Q`; written down like every refusal.
    pub async fn must<Q: Permission>(&self) -> Result<()> {
        check::<Q>(&self.caller, self.actor, &self.path, &self.db).await
    }

    /// The door across tenants, for platform administrators whose token carries `Q`; None for everybody else.
    pub fn platform<Q: Permission>(&self) -> Option<PlatformDb> {
        (self.caller.role == Role::PlatformAdmin && self.may::<Q>()).then(|| self.db.platform().acting(self.actor))
    }

    pub fn show(&self, resource: &impl Serialize) -> Result<HttpResponse> {
        answer(HttpResponse::Ok(), resource)
    }

    /// Words of others as this caller may see them: addresses in them are masked for those who may not know them.
    pub fn words(&self, text: &str) -> String {
        if self.may::<ViewAddresses>() { text.to_owned() } else { masked_text(text) }
    }

    /// A refusal's words are for this caller, too.
    pub fn masked(&self, error: Error) -> Error {
        match error {
            Error::Refused(why) => Error::Refused(self.words(&why)),
            error => error,
        }
    }

    /// 201, with the address of what now is there.
    pub fn created(&self, at: &str, resource: &impl Serialize) -> Result<HttpResponse> {
        let mut response = HttpResponse::Created();
        response.insert_header((LOCATION, at));
        answer(response, resource)
    }

    /// 202, with the address where to ask how far it is.
    pub fn accepted(&self, at: &str, resource: &impl Serialize) -> Result<HttpResponse> {
        let mut response = HttpResponse::Accepted();
        response.insert_header((LOCATION, at));
        answer(response, resource)
    }

    /// 204
    pub fn done(&self) -> Result<HttpResponse> {
        Ok(HttpResponse::NoContent().insert_header((CACHE_CONTROL, "no-store")).finish())
    }

    async fn check(req: HttpRequest) -> Result<Self> {
        let token = bearer(&req)?;
        let address = client_address::of(&req);
        let caller = data::<Callers>(&req).of(&token, address).await?;
        let actor = Actor::user(caller.user, address, request_id(&req));
        let (db, path) = (data::<Db>(&req).clone(), req.path().to_owned());
        check::<P>(&caller, actor, &path, &db).await?;
        Ok(Self { caller, actor, path, db, permission: PhantomData })
    }
}

impl<P: Permission> FromRequest for Client<P> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        Box::pin(Self::check(req.clone()))
    }
}

/// RFC 6750, the header only: tokens in addresses end up in logs.
fn bearer(req: &HttpRequest) -> Result<String> {
    let mut values = req.headers().get_all(AUTHORIZATION);
    let value = values.next().and_then(|value| value.to_str().ok()).filter(|_| values.next().is_none());
    let parts = value.and_then(|value| value.split_once(' '));
    let token =
        parts.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim().to_owned());
    let words = "Send a token, as the header `Authorization: Bearer …`.";
    token.ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, "token_missing", words).into())
}

async fn check<Q: Permission>(caller: &Caller, actor: Actor, path: &str, db: &Db) -> Result<()> {
    if caller.may(Q::NAME) {
        return Ok(());
    }
    refuse(db, caller.tenant(), actor, Q::NAME, path).await;
    let lack =
        if Q::ROLES.contains(&caller.role) { "this token does not carry it" } else { "your role does not hold it" };
    let words = format!("This needs the permission {}, and {lack}.", Q::NAME);
    Err(Problem::new(StatusCode::FORBIDDEN, "permission_missing", words).with("permission", Q::NAME).into())
}

fn answer(mut response: HttpResponseBuilder, resource: &impl Serialize) -> Result<HttpResponse> {
    Ok(response.insert_header((CACHE_CONTROL, "no-store")).json(resource))
}

/// A program that has no token yet, or shows another kind of it in its body.
pub struct Anonymous {
    pub db: PlatformDb,
    pub address: Option<IpAddr>,
    /// What it calls itself.
    pub agent: Option<String>,
    request: Option<Uuid>,
}

impl Anonymous {
    /// The door across tenants for a program that has proved to be this user's.
    pub fn db_as(&self, user: Uuid) -> PlatformDb {
        self.db.clone().acting(Actor::user(user, self.address, self.request))
    }

    pub fn show(&self, resource: &impl Serialize) -> Result<HttpResponse> {
        answer(HttpResponse::Ok(), resource)
    }

    pub fn done(&self) -> Result<HttpResponse> {
        Ok(HttpResponse::NoContent().insert_header((CACHE_CONTROL, "no-store")).finish())
    }
}

impl FromRequest for Anonymous {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (address, request) = (client_address::of(req), request_id(req));
        let agent = req.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
        ready(Ok(Self {
            db: data::<Db>(req).platform().acting(Actor::visitor(address, request)),
            address,
            agent: agent.map(|agent| agent.chars().take(400).collect()),
            request,
        }))
    }
}
