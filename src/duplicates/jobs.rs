//! Scans, piece by piece.

use super::{proof, scan};
use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::jobs::{Context, Job, Options, Outcome, PlatformJob, enqueue_with};
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::tenants::model as tenants;
use crate::users::model::UserId;
use diesel::PgConnection;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Looks through one tenant's customers.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindDuplicates {}

impl Job for FindDuplicates {
    const NAME: &'static str = "duplicates:find";

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        match context.run(tenant, scan::go_on).await? {
            true => Ok(Outcome::Again(Duration::ZERO)),
            false => Ok(Outcome::Done),
        }
    }
}

/// Begins a scan, or leaves the one under way to go on.
pub fn scan(conn: &mut PgConnection, tenant: TenantId, by: Option<UserId>) -> Result<()> {
    scan::begin(conn, tenant, by)?;
    let options = Options { key: Some("duplicates".into()), queue: Some("duplicates".into()), ..Options::default() };
    enqueue_with(conn, tenant, &FindDuplicates {}, options)
}

/// The same for every tenant, at night.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindEverywhere {}

impl PlatformJob for FindEverywhere {
    const NAME: &'static str = "duplicates:find_everywhere";

    async fn run(self, context: &Context) -> Result<Outcome> {
        for tenant in context.platform().run(tenants::every).await? {
            context.platform().enter(tenant.get(), |conn, tenant| scan(conn, tenant, None)).await?;
        }
        Ok(Outcome::Done)
    }
}

/// Joins two customers of whom WhatsApp has shown that they are one person, or asks somebody whether to.
#[derive(Debug, Serialize, Deserialize)]
pub struct JoinProven {
    pub by_phone: CustomerId,
    pub by_lid: CustomerId,
}

/// WhatsApp says that the customer with this phone and the one with this hidden id are one person. Nothing happens where
/// that was said before, and waits for somebody or was decided.
pub fn told_by_whatsapp(
    conn: &mut PgConnection,
    tenant: TenantId,
    by_phone: CustomerId,
    by_lid: CustomerId,
) -> Result<()> {
    if proof::is_settled(conn, tenant, by_phone, by_lid)? {
        return Ok(());
    }
    let options = Options { key: Some(format!("one_person:{by_phone}:{by_lid}")), ..Options::default() };
    enqueue_with(conn, tenant, &JoinProven { by_phone, by_lid }, options)
}

impl Job for JoinProven {
    const NAME: &'static str = "duplicates:join_proven";

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let vault = context.get::<Vault>()?;
        let Self { by_phone, by_lid } = self;
        context.run(tenant, move |conn, tenant| proof::join(conn, tenant, &vault, by_phone, by_lid)).await?;
        Ok(Outcome::Done)
    }
}
