//! Programs that bring no session: gateways with their webhooks, and machines that watch over the process.

use super::{data, request_id};
use crate::kit::client_address;
use crate::kit::db::{Actor, Db, PlatformDb};
use crate::kit::error::{Error, Result};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use std::future::{Ready, ready};

/// Another program, which proves itself by a signature that the handler checks before anything else.
pub struct Webhook {
    pub db: PlatformDb,
}

impl FromRequest for Webhook {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let actor = Actor::webhook(client_address::of(req), request_id(req));
        ready(Ok(Self { db: data::<Db>(req).platform().acting(actor) }))
    }
}

/// A machine that watches over the process; it proves nothing and is told nothing.
pub struct Machine {
    pub db: PlatformDb,
}

impl FromRequest for Machine {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self { db: data::<Db>(req).platform() }))
    }
}
