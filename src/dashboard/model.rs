//! The figures of the dashboard. Each is counted over an index, and capped or of one day.

use crate::conversations::listing::{self, Counts};
use crate::conversations::model::Scope;
use crate::conversations::waiting::{self, Waiting};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::messages::figures::{self, Traffic};
use crate::numbers::model::{self as numbers, Number};
use crate::tenants::limits::Use;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

#[derive(Debug)]
pub struct Figures {
    pub counts: Counts,
    pub waiting: Vec<Waiting>,
    pub traffic: Traffic,
    pub numbers: Vec<Number>,
    /// For those who look after the organisation.
    pub limits: Vec<Use>,
}

/// `midnight` is the beginning of the reader's day.
pub fn figures(conn: &mut PgConnection, tenant: TenantId, scope: Scope, midnight: DateTime<Utc>) -> Result<Figures> {
    Ok(Figures {
        counts: listing::counts(conn, tenant, scope)?,
        waiting: waiting::longest(conn, tenant, scope)?,
        traffic: figures::since(conn, tenant, midnight)?,
        numbers: numbers::list(conn, tenant)?,
        limits: Vec::new(),
    })
}
