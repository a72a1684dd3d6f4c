//! The ledger and the newest word of it. Rows are added and never changed; the database sees to that.

use crate::conversations::model::ConversationId;
pub use crate::customers::consent::{ConsentChannel as Channel, ConsentPurpose as Purpose, ConsentState as State};
use crate::customers::model::CustomerId;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::messages::model::MessageId;
use crate::schema::{consent_states, consents, conversations, customers, messages};
use crate::users::model::UserId;
use crate::{ids, pg_enum};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use serde_json::json;

ids! {
    /// A row of the ledger.
    ConsentId,
}

pg_enum! {
    /// Article 6(1) of the GDPR, in its order.
    Basis over LawfulBasis {
        Consent = "consent", Contract = "contract", LegalObligation = "legal_obligation",
        VitalInterests = "vital_interests", PublicTask = "public_task", LegitimateInterests = "legitimate_interests",
    }
}

/// What is said of a message that proves nothing.
pub const NO_EVIDENCE: &str = "This message is in no conversation with this customer.";
/// The kind of the event that says that somebody's consents changed.
pub const CONSENT_CHANGED: &str = "consent_changed";

#[auto_type]
fn of(tenant: TenantId) -> _ {
    consents::table.filter(consents::tenant_id.eq(tenant))
}

#[auto_type]
fn states_of(tenant: TenantId) -> _ {
    consent_states::table.filter(consent_states::tenant_id.eq(tenant))
}

#[auto_type]
fn customers_of(tenant: TenantId) -> _ {
    customers::table.filter(customers::tenant_id.eq(tenant))
}

#[auto_type]
fn messages_of(tenant: TenantId) -> _ {
    messages::table.filter(messages::tenant_id.eq(tenant))
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = consents)]
pub struct Consent {
    pub id: ConsentId,
    pub customer_id: CustomerId,
    pub purpose: Purpose,
    pub channel: Channel,
    pub state: State,
    pub lawful_basis: Basis,
    pub source: String,
    pub evidence: Option<String>,
    pub message_id: Option<MessageId>,
    pub user_id: Option<UserId>,
    pub occurred_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

/// What counts now for a purpose and a channel.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = consent_states)]
pub struct Standing {
    pub purpose: Purpose,
    pub channel: Channel,
    pub state: State,
    pub occurred_at: DateTime<Utc>,
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentData {
    pub purpose: Purpose,
    pub channel: Channel,
    pub state: State,
    pub lawful_basis: Basis,
    pub source: String,
    pub evidence: Option<String>,
    pub message: Option<MessageId>,
    pub occurred_at: DateTime<Utc>,
}

/// Adds what was said to the ledger.
///
/// # Errors
/// `NotFound`; `Refused` for somebody who was erased, and where the message is none of theirs.
pub fn record(
    conn: &mut PgConnection,
    tenant: TenantId,
    customer: CustomerId,
    data: &ConsentData,
    by: Option<UserId>,
) -> Result<ConsentId> {
    crate::customers::states::refuse_erased(conn, tenant, customer)?;
    if let Some(message) = data.message
        && conversation_with(conn, tenant, customer, message)?.is_none()
    {
        return Err(Error::Refused(NO_EVIDENCE.into()));
    }
    let id = ConsentId::new();
    diesel::insert_into(consents::table)
        .values((
            consents::tenant_id.eq(tenant),
            consents::id.eq(id),
            consents::customer_id.eq(customer),
            consents::purpose.eq(data.purpose),
            consents::channel.eq(data.channel),
            consents::state.eq(data.state),
            consents::lawful_basis.eq(data.lawful_basis),
            consents::source.eq(&data.source),
            consents::evidence.eq(&data.evidence),
            consents::message_id.eq(data.message),
            consents::user_id.eq(by),
            consents::occurred_at.eq(data.occurred_at),
        ))
        .execute(conn)?;
    let after = json!({
        "customer_id": customer, "purpose": data.purpose, "channel": data.channel, "state": data.state,
        "lawful_basis": data.lawful_basis, "occurred_at": data.occurred_at,
    });
    audit::record(conn, tenant, &Entry::new(action(data.state), "consents", id.get()).after(after))?;
    live::announce(conn, tenant, CONSENT_CHANGED, customer.get())?;
    Ok(id)
}

fn action(state: State) -> &'static str {
    match state {
        State::Given => "agreed",
        State::Withdrawn => "withdrew",
    }
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: ConsentId) -> Result<Consent> {
    Ok(of(tenant).filter(consents::id.eq(id)).select(Consent::as_select()).first(conn)?)
}

/// The conversation of a message, if it is one with this customer.
pub fn conversation_with(
    conn: &mut PgConnection,
    tenant: TenantId,
    customer: CustomerId,
    message: MessageId,
) -> Result<Option<ConversationId>> {
    let is_theirs = conversations::tenant_id
        .eq(messages::tenant_id)
        .and(conversations::id.eq(messages::conversation_id))
        .and(conversations::customer_id.eq(customer));
    let found = messages_of(tenant)
        .inner_join(conversations::table.on(is_theirs))
        .filter(messages::id.eq(message))
        .select(conversations::id);
    Ok(found.first(conn).optional()?)
}

/// The conversations in which the messages stand that prove rows of a page.
pub fn threads(
    conn: &mut PgConnection,
    tenant: TenantId,
    messages: &[MessageId],
) -> Result<Vec<(MessageId, ConversationId)>> {
    let rows = messages_of(tenant).filter(messages::id.eq_any(messages));
    Ok(rows.select((messages::id, messages::conversation_id)).load(conn)?)
}

/// What counts now, by purpose and channel.
pub fn standing(conn: &mut PgConnection, tenant: TenantId, customer: CustomerId) -> Result<Vec<Standing>> {
    let rows = states_of(tenant)
        .filter(consent_states::customer_id.eq(customer))
        .order((consent_states::purpose, consent_states::channel))
        .select(Standing::as_select())
        .load(conn)?;
    Ok(rows)
}

/// Whether somebody may be written to for this purpose over this channel: their newest word is that they agree, they are
/// active, and the use of their data is not restricted.
pub fn may(
    conn: &mut PgConnection,
    tenant: TenantId,
    customer: CustomerId,
    purpose: Purpose,
    channel: Channel,
) -> Result<bool> {
    let agrees = states_of(tenant)
        .filter(consent_states::customer_id.eq(customer))
        .filter(consent_states::purpose.eq(purpose).and(consent_states::channel.eq(channel)))
        .filter(consent_states::state.eq(State::Given));
    if !diesel::select(diesel::dsl::exists(agrees)).get_result::<bool>(conn)? {
        return Ok(false);
    }
    let active = customers_of(tenant)
        .filter(customers::id.eq(customer).and(customers::restricted_at.is_null()))
        .filter(customers::state.eq(crate::customers::model::CustomerState::Active));
    Ok(diesel::select(diesel::dsl::exists(active)).get_result(conn)?)
}

/// Which rows of the ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    pub customer: Option<CustomerId>,
    pub purpose: Option<Purpose>,
    pub channel: Option<Channel>,
    pub state: Option<State>,
}

/// The `size` newest rows that fit, older than `after`; newest as they were written down.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    filter: Filter,
    after: Option<ConsentId>,
    size: usize,
) -> Result<Vec<Consent>> {
    let mut rows = of(tenant).order(consents::id.desc()).limit(size as i64).into_boxed::<Pg>();
    if let Some(customer) = filter.customer {
        rows = rows.filter(consents::customer_id.eq(customer));
    }
    if let Some(purpose) = filter.purpose {
        rows = rows.filter(consents::purpose.eq(purpose));
    }
    if let Some(channel) = filter.channel {
        rows = rows.filter(consents::channel.eq(channel));
    }
    if let Some(state) = filter.state {
        rows = rows.filter(consents::state.eq(state));
    }
    if let Some(after) = after {
        rows = rows.filter(consents::id.lt(after));
    }
    Ok(rows.select(Consent::as_select()).load(conn)?)
}
