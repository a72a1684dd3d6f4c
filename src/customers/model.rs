//! Customers and their identities, as rows.

use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::{customer_identities, customers};
use crate::{ids, pg_enum};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;

ids! {
    /// A person outside.
    CustomerId,
    /// One address of a customer.
    IdentityId,
}

pg_enum! {
    CustomerType over CustomerType {
        Regular = "regular", Unregistered = "unregistered", New = "new", Anonymous = "anonymous"
    }
}

pg_enum! {
    /// Where a customer stands; only the steps of `switchboard_customer_step` are possible.
    CustomerState over CustomerState {
        Active = "active", Deleted = "deleted", Suspended = "suspended", Archived = "archived", Erased = "erased",
    }
}

pg_enum! {
    /// How an address reaches the customer.
    IdentityKind over IdentityKind { Phone = "phone", ChatId = "chat_id", Lid = "lid", Email = "email" }
}

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    customers::table.filter(customers::tenant_id.eq(tenant)).filter(customers::deleted_at.is_null())
}

#[auto_type]
pub(super) fn identities_of(tenant: TenantId) -> _ {
    customer_identities::table
        .filter(customer_identities::tenant_id.eq(tenant))
        .filter(customer_identities::deleted_at.is_null())
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = customers)]
pub struct Customer {
    pub id: CustomerId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub display_name: Option<String>,
    pub customer_type: CustomerType,
    pub state: CustomerState,
    pub restricted_at: Option<DateTime<Utc>>,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// The title of somebody without name and phone.
pub const UNKNOWN: &str = "Unknown";

/// What somebody is called: as our own record has it, then as WhatsApp does.
pub fn name(first: &Option<String>, last: &Option<String>, display: &Option<String>) -> Option<String> {
    let own: Vec<&str> = [first, last].into_iter().flatten().map(String::as_str).collect();
    if own.is_empty() { display.clone() } else { Some(own.join(" ")) }
}

/// The same, and in want of a name the phone number.
pub fn title(
    first: &Option<String>,
    last: &Option<String>,
    display: &Option<String>,
    phone: &Option<String>,
) -> String {
    let number = || phone.as_ref().map(|digits| format!("+{digits}"));
    name(first, last, display).or_else(number).unwrap_or_else(|| UNKNOWN.to_owned())
}

impl Customer {
    /// The best name there is: our own record, then WhatsApp's, then the phone.
    pub fn title(&self) -> String {
        title(&self.first_name, &self.last_name, &self.display_name, &self.phone)
    }

    /// Why nobody may write to this customer; None: everybody may who may write at all.
    pub fn silence(&self) -> Option<&'static str> {
        match (self.state, self.restricted_at) {
            (_, Some(_)) => Some("The use of this customer's data is restricted, so nobody writes to them."),
            (CustomerState::Suspended, _) => Some("This customer is suspended, so nobody writes to them."),
            (CustomerState::Deleted | CustomerState::Erased, _) => Some("This customer was deleted."),
            (CustomerState::Active | CustomerState::Archived, None) => None,
        }
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = customer_identities)]
pub struct Identity {
    pub id: IdentityId,
    pub kind: IdentityKind,
    pub value: String,
    pub is_primary: bool,
    pub is_verified: bool,
    /// Where it was learnt: `message`, `form`, `import` …
    pub source: String,
    pub learnt_at: DateTime<Utc>,
}

pub fn find(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<Customer> {
    Ok(of(tenant).filter(customers::id.eq(id)).select(Customer::as_select()).first(conn)?)
}

/// Until the end of the transaction the customer is not joined with another, so that what is made for them now is seen
/// by whoever joins them.
///
/// # Errors
/// `NotFound` when the customer has gone.
pub fn hold(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<()> {
    let living = of(tenant).filter(customers::id.eq(id)).select(customers::id).for_key_share();
    living.first::<CustomerId>(conn)?;
    Ok(())
}

/// At most 50, oldest first.
pub fn identities(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<Vec<Identity>> {
    let rows = identities_of(tenant)
        .filter(customer_identities::customer_id.eq(id))
        .order((customer_identities::learnt_at, customer_identities::id))
        .limit(50)
        .select(Identity::as_select())
        .load(conn)?;
    Ok(rows)
}
