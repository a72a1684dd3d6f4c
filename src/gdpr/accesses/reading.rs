//! A page of looks, with whatever they name.

use super::model::{self, Access, AccessId, Filter};
use crate::customers::model::CustomerId;
use crate::gdpr::cases::people::{self, Named};
use crate::kit::error::Result;
use crate::kit::page::cut;
use crate::kit::tenant::TenantId;
use crate::users::model::{self as users, UserId};
use diesel::PgConnection;
use std::collections::HashMap;

/// Looks of one page.
const PAGE: usize = 50;

/// Entries with whatever they name.
#[derive(Debug, Default)]
pub struct Found {
    pub entries: Vec<Access>,
    pub has_more: bool,
    pub customers: HashMap<CustomerId, Named>,
    pub users: Vec<(UserId, String)>,
}

pub fn page(conn: &mut PgConnection, tenant: TenantId, filter: &Filter, after: Option<AccessId>) -> Result<Found> {
    let (entries, has_more) = cut(model::page(conn, tenant, filter, after, PAGE + 1)?, PAGE);
    let customers: Vec<CustomerId> = entries.iter().filter_map(|entry| entry.customer.map(CustomerId::from)).collect();
    let actors: Vec<UserId> = entries.iter().filter_map(|entry| entry.actor_id.map(UserId::from)).collect();
    Ok(Found {
        customers: people::several(conn, tenant, &customers)?,
        users: users::names(conn, tenant, &actors)?,
        entries,
        has_more,
    })
}
