//! What there is of somebody, before it goes.

use super::model::{self, Erasure};
use super::traces;
use crate::customers::holds;
use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::{background_tasks, consents, customer_identities, customer_labels, drafts, messages};
use diesel::dsl::auto_type;
use diesel::prelude::*;

#[auto_type]
fn messages_of(tenant: TenantId) -> _ {
    messages::table.filter(messages::tenant_id.eq(tenant))
}

#[auto_type]
fn identities_of(tenant: TenantId) -> _ {
    customer_identities::table.filter(customer_identities::tenant_id.eq(tenant))
}

#[auto_type]
fn consents_of(tenant: TenantId) -> _ {
    consents::table.filter(consents::tenant_id.eq(tenant))
}

#[auto_type]
fn labels_of(tenant: TenantId) -> _ {
    customer_labels::table.filter(customer_labels::tenant_id.eq(tenant))
}

#[auto_type]
fn drafts_of(tenant: TenantId) -> _ {
    drafts::table.filter(drafts::tenant_id.eq(tenant))
}

#[auto_type]
fn tasks_of(tenant: TenantId) -> _ {
    background_tasks::table.filter(background_tasks::tenant_id.eq(tenant))
}

/// Counts by what they count, and what stands in the way.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Records: the customer, and those merged into them.
    pub records: i64,
    pub addresses: i64,
    pub conversations: i64,
    pub messages: i64,
    pub group_messages: i64,
    pub files: i64,
    pub drafts: i64,
    pub labels: i64,
    pub consents: i64,
    /// Files that were made of customers and can still be fetched.
    pub made_files: i64,
    pub is_held: bool,
    /// It was asked for before.
    pub erasure: Option<Erasure>,
}

pub fn of(conn: &mut PgConnection, tenant: TenantId, customer: CustomerId) -> Result<Preview> {
    let people = model::people(conn, tenant, customer)?;
    let threads = traces::threads(conn, tenant, &people)?;
    let words = traces::words(conn, tenant, &people)?;
    let own = || messages_of(tenant).filter(messages::conversation_id.eq_any(threads.clone()));
    let is_theirs = messages::sender_chat_id.eq_any(words.clone()).or(messages::from_msisdn.eq_any(words));
    let elsewhere = messages_of(tenant).filter(is_theirs).filter(messages::conversation_id.ne_all(threads.clone()));
    let stored = messages::metadata.retrieve_as_object("file").retrieve_as_text("stored").is_not_null();
    Ok(Preview {
        records: people.len() as i64,
        addresses: identities_of(tenant)
            .filter(customer_identities::customer_id.eq_any(&people))
            .count()
            .get_result(conn)?,
        conversations: threads.len() as i64,
        messages: own().count().get_result(conn)?,
        group_messages: elsewhere.count().get_result(conn)?,
        files: own().filter(stored).count().get_result(conn)?,
        drafts: drafts_of(tenant).filter(drafts::conversation_id.eq_any(&threads)).count().get_result(conn)?,
        labels: labels_of(tenant).filter(customer_labels::customer_id.eq_any(&people)).count().get_result(conn)?,
        consents: consents_of(tenant).filter(consents::customer_id.eq_any(&people)).count().get_result(conn)?,
        made_files: tasks_of(tenant).filter(background_tasks::file.is_not_null()).count().get_result(conn)?,
        is_held: !holds::held(conn, tenant, &people)?.is_empty(),
        erasure: model::of_customer(conn, tenant, customer)?,
    })
}
