//! A page of the ledger, with whatever its rows name.

use super::model::{self, Consent, ConsentId, Filter};
use crate::conversations::model::ConversationId;
use crate::customers::model::CustomerId;
use crate::gdpr::cases::people::{self, Named};
use crate::kit::error::Result;
use crate::kit::page::cut;
use crate::kit::tenant::TenantId;
use crate::messages::model::MessageId;
use crate::users::model::{self as users, UserId};
use diesel::PgConnection;
use std::collections::HashMap;

/// Rows of one page.
const PAGE: usize = 50;

#[derive(Debug, Default)]
pub struct Found {
    pub rows: Vec<Consent>,
    pub has_more: bool,
    pub customers: HashMap<CustomerId, Named>,
    pub users: Vec<(UserId, String)>,
    pub threads: Vec<(MessageId, ConversationId)>,
}

pub fn page(conn: &mut PgConnection, tenant: TenantId, filter: Filter, after: Option<ConsentId>) -> Result<Found> {
    let (rows, has_more) = cut(model::page(conn, tenant, filter, after, PAGE + 1)?, PAGE);
    let customers: Vec<CustomerId> = rows.iter().map(|row| row.customer_id).collect();
    let by: Vec<UserId> = rows.iter().filter_map(|row| row.user_id).collect();
    let messages: Vec<MessageId> = rows.iter().filter_map(|row| row.message_id).collect();
    Ok(Found {
        customers: people::several(conn, tenant, &customers)?,
        users: users::names(conn, tenant, &by)?,
        threads: model::threads(conn, tenant, &messages)?,
        rows,
        has_more,
    })
}
