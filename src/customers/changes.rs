//! Making and changing a customer's record.

use super::addresses;
use super::attributes::{Values, definitions};
use super::data::CustomerData;
use super::erased;
use super::model::{self, CustomerId, CustomerState, CustomerType, IdentityKind};
use super::note;
use super::states::{self, CUSTOMER_CHANGED};
use super::told::Told;
use crate::kit::audit::{self, Entry};
use crate::kit::email::Email;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::phone::Phone;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::customers;
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::{Value, json};

const GONE: &str = "This customer was deleted. Restore the record to change it.";

#[auto_type]
fn ever_of(tenant: TenantId) -> _ {
    customers::table.filter(customers::tenant_id.eq(tenant))
}

/// A customer with all fields, also a deleted one.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = customers)]
pub struct Record {
    pub id: CustomerId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub display_name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub company: Option<String>,
    pub customer_type: CustomerType,
    pub state: CustomerState,
    pub locale: Option<String>,
    pub time_zone: Option<String>,
    pub external_id: Option<String>,
    pub sealed_note: Option<Vec<u8>>,
    pub attributes: Value,
    pub sealed_attributes: Option<Vec<u8>>,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub restricted_at: Option<DateTime<Utc>>,
    pub merged_into_id: Option<CustomerId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
}

impl Record {
    /// The best name there is.
    pub fn title(&self) -> String {
        model::title(&self.first_name, &self.last_name, &self.display_name, &self.phone)
    }

    /// The note in clear text.
    ///
    /// # Errors
    /// As [`note::open`].
    pub fn note(&self, vault: &Vault) -> Result<Option<String>> {
        self.sealed_note.as_deref().map(|sealed| note::open(vault, self.id, sealed)).transpose()
    }

    /// Values of the fields that are not sensitive.
    pub fn values(&self) -> Values {
        self.attributes.as_object().cloned().unwrap_or_default()
    }

    /// Values of those that are.
    ///
    /// # Errors
    /// As [`note::open_values`].
    pub fn sensitive(&self, vault: &Vault) -> Result<Values> {
        note::open_values(vault, self.id, self.sealed_attributes.as_deref())
    }
}

/// What the columns of a row hold.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = customers, treat_none_as_null = true)]
pub(super) struct Columns {
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    pub(super) company: Option<String>,
    pub(super) customer_type: CustomerType,
    pub(super) locale: Option<String>,
    pub(super) time_zone: Option<String>,
    pub(super) external_id: Option<String>,
    pub(super) sealed_note: Option<Vec<u8>>,
    pub(super) note_words: Vec<Option<i64>>,
    pub(super) attributes: Value,
    pub(super) sealed_attributes: Option<Vec<u8>>,
    pub(super) updated_at: DateTime<Utc>,
}

impl Columns {
    pub(super) fn of(vault: &Vault, id: CustomerId, data: &CustomerData) -> Result<Self> {
        let note = data.note.as_deref();
        Ok(Self {
            first_name: data.first_name.clone(),
            last_name: data.last_name.clone(),
            phone: data.phone.clone().map(Phone::into_digits),
            email: data.email.clone().map(Email::into_string),
            company: data.company.clone(),
            customer_type: data.customer_type,
            locale: data.locale.clone(),
            time_zone: data.time_zone.clone(),
            external_id: data.external_id.clone(),
            sealed_note: note.map(|note| note::seal(vault, id, note)),
            note_words: note.map(|note| note::words(vault, note)).unwrap_or_default().into_iter().map(Some).collect(),
            attributes: Value::Object(data.attributes.clone()),
            sealed_attributes: note::seal_values(vault, id, &data.sensitive)?,
            updated_at: Utc::now(),
        })
    }
}

/// Also a deleted one.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<Record> {
    Ok(ever_of(tenant).filter(customers::id.eq(id)).select(Record::as_select()).first(conn)?)
}

/// # Errors
/// `NotFound`; `Refused` for a deleted customer.
pub fn changeable(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<()> {
    match find(conn, tenant, id)?.deleted_at {
        None => Ok(()),
        Some(_) => Err(Error::Refused(GONE.into())),
    }
}

/// Those of `ids` that there are, in the order of their ids; also deleted ones.
pub fn several(conn: &mut PgConnection, tenant: TenantId, ids: &[CustomerId]) -> Result<Vec<Record>> {
    let rows = ever_of(tenant).filter(customers::id.eq_any(ids)).order(customers::id).limit(ids.len() as i64);
    Ok(rows.select(Record::as_select()).load(conn)?)
}

/// Makes a customer by hand or for a program; `source` says which (`form`, `import`, `api`).
///
/// # Errors
/// `Taken` with the index that was in the way: `customers_phone_taken`, `customers_email_taken`,
/// `customers_external_id_taken`, `customer_identities_taken`. `Refused` where an import would bring back somebody who was
/// erased.
pub fn create(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    data: &CustomerData,
    source: &'static str,
    by: Option<UserId>,
) -> Result<CustomerId> {
    if matches!(source, "import" | "api") && erased::is_barred(conn, tenant, vault, data)? {
        return Err(Error::Refused(erased::BARRED.into()));
    }
    let id = CustomerId::new();
    let columns = Columns::of(vault, id, data)?;
    let after = Told::after(&columns);
    let entry = Entry::new("created", "customers", id.get()).after(after);
    diesel::insert_into(customers::table)
        .values((customers::tenant_id.eq(tenant), customers::id.eq(id), columns))
        .execute(conn)?;
    reach(conn, tenant, id, data, source)?;
    states::keep(conn, tenant, id, None, CustomerState::Active, None, by)?;
    audit::record(conn, tenant, &entry)?;
    live::announce(conn, tenant, CUSTOMER_CHANGED, id.get())?;
    Ok(id)
}

/// Changes what stands in the record. `seen` is when the record that was edited had last changed: what somebody else
/// has changed since is not overwritten.
///
/// # Errors
/// `NotFound`; `Refused` for a deleted customer, and when it changed since `seen`; `Taken` as for [`create`].
pub fn edit(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    id: CustomerId,
    data: &CustomerData,
    seen: Option<DateTime<Utc>>,
) -> Result<()> {
    let this = || ever_of(tenant).filter(customers::id.eq(id));
    let old: Record = this().for_no_key_update().select(Record::as_select()).first(conn)?;
    if old.deleted_at.is_some() {
        return Err(Error::Refused(GONE.into()));
    }
    if seen.is_some_and(|seen| seen.timestamp_micros() != old.updated_at.timestamp_micros()) {
        return Err(Error::Refused(
            "Somebody else has changed this customer meanwhile. Reload to see it, then change it again.".into(),
        ));
    }
    let data = &with_hidden(conn, tenant, vault, &old, data)?;
    let has_sealed_change = old.note(vault)? != data.note || old.sensitive(vault)? != data.sensitive;
    let columns = Columns::of(vault, id, data)?;
    let mut entry = Entry::new("changed", "customers", id.get()).changed(&Told::before(&old), &Told::after(&columns));
    if has_sealed_change {
        let mut after = entry.after.take().unwrap_or_else(|| json!({}));
        after["sealed_fields"] = json!("changed");
        entry.after = Some(after);
    }
    if entry.after.is_none() {
        return Ok(());
    }
    diesel::update(this()).set(columns).execute(conn)?;
    reach(conn, tenant, id, data, "form")?;
    audit::record(conn, tenant, &entry)?;
    live::announce(conn, tenant, CUSTOMER_CHANGED, id.get())
}

/// What stands in fields that were deleted is in no form: it stays, for the day they are restored.
fn with_hidden(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    old: &Record,
    data: &CustomerData,
) -> Result<CustomerData> {
    let known: Vec<String> = definitions(conn, tenant)?.into_iter().map(|field| field.key).collect();
    let hidden = |values: Values| values.into_iter().filter(|(key, _)| !known.contains(key));
    let mut data = data.clone();
    data.attributes.extend(hidden(old.values()));
    data.sensitive.extend(hidden(old.sensitive(vault)?));
    Ok(data)
}

/// The record's phone and email are its primary addresses.
fn reach(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CustomerId,
    data: &CustomerData,
    source: &'static str,
) -> Result<()> {
    let (phone, email) = (data.phone.as_ref().map(Phone::digits), data.email.as_ref().map(Email::as_str));
    addresses::set_primary(conn, tenant, id, IdentityKind::Phone, phone, source)?;
    addresses::set_primary(conn, tenant, id, IdentityKind::Email, email, source)
}
