//! Platform administrators, and what they change about one tenant.

use super::{Access, Permission, Role};
use crate::kit::db::PlatformDb;
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use diesel::PgConnection;
use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

/// A platform administrator who holds `P`, with the door across tenants.
pub struct Platform<P> {
    pub access: Access<P>,
    pub db: PlatformDb,
}

impl<P: Permission> Platform<P> {
    /// Changes something about one tenant, see [`PlatformDb::administer`]; the tenant's log names the caller.
    pub async fn administer<T, F>(&self, tenant: Uuid, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    {
        self.db.administer(tenant, work).await
    }
}

impl<P: Permission> FromRequest for Platform<P> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let access = Access::check(req).await?;
            match access.who.role {
                Role::PlatformAdmin => Ok(Self { db: access.db.platform().acting(access.actor), access }),
                _ => Err(Error::Forbidden),
            }
        })
    }
}
