//! What [`Access`] and [`Client`] have in common, for work that people and programs ask for alike.

use super::{Access, Client, Permission};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use diesel::PgConnection;

/// A way to a tenant's rows for somebody who may work on them.
pub trait Door {
    /// Runs `work` in one transaction that sees the asker's own tenant only.
    fn run<T, F>(&self, work: F) -> impl Future<Output = Result<T>>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static;
}

impl<P: Permission> Door for Access<P> {
    async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    {
        Self::run(self, work).await
    }
}

impl<P: Permission> Door for Client<P> {
    async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    {
        Self::run(self, work).await
    }
}
