//! Many customers at once, by statements that take their rows as arrays: row by row an import would take ten times as
//! long. The rules are those of `data`; what is written of each customer is what `changes` writes, but for the audit
//! log, in which one entry stands for all: whoever calls writes it.

use super::addresses;
use super::attributes::{self, Definition};
use super::changes::{Columns, Record};
use super::data::{CustomerData, Typed};
use super::holds;
use super::model::{CustomerId, CustomerState, IdentityId, IdentityKind, identities_of, of};
use super::states::StateChangeId;
use crate::kit::email::Email;
use crate::kit::error::Result;
use crate::kit::phone::Phone;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::{customer_identities, customers};
use crate::users::model::UserId;
use chrono::Utc;
use diesel::prelude::*;
use diesel::sql_types::{Array, Binary, Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

/// A record as somebody would type it; values of fields that are gone are left out.
///
/// # Errors
/// As [`Record::note`].
pub fn typed(record: &Record, vault: &Vault, definitions: &[Definition]) -> Result<Typed> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut values = record.values();
    values.extend(record.sensitive(vault)?);
    let is_known = |key: &str| definitions.iter().any(|definition| definition.key == key);
    Ok(Typed {
        first_name: text(&record.first_name),
        last_name: text(&record.last_name),
        phone: record.phone.as_ref().map(|digits| format!("+{digits}")).unwrap_or_default(),
        email: text(&record.email),
        company: text(&record.company),
        note: record.note(vault)?.unwrap_or_default(),
        customer_type: record.customer_type.word().to_owned(),
        locale: text(&record.locale),
        time_zone: text(&record.time_zone),
        external_id: text(&record.external_id),
        attributes: values
            .iter()
            .filter(|(key, _)| is_known(key))
            .map(|(key, value)| (key.clone(), attributes::typed(value)))
            .collect(),
    })
}

/// (address, whose it is) of those that are somebody's.
pub fn holders(
    conn: &mut PgConnection,
    tenant: TenantId,
    kind: IdentityKind,
    addresses: &[&str],
) -> Result<Vec<(String, CustomerId)>> {
    let these = customer_identities::value.eq_any(addresses).and(customer_identities::kind.eq(kind));
    let columns = (customer_identities::value, customer_identities::customer_id);
    Ok(identities_of(tenant).filter(these).select(columns).load(conn)?)
}

/// (external id, whose it is).
pub fn holders_of_ids(
    conn: &mut PgConnection,
    tenant: TenantId,
    ids: &[&str],
) -> Result<Vec<(Option<String>, CustomerId)>> {
    let these = of(tenant).filter(customers::external_id.eq_any(ids));
    Ok(these.select((customers::external_id, customers::id)).load(conn)?)
}

/// Locked until the transaction ends; those that are deleted are left out.
pub fn records(conn: &mut PgConnection, tenant: TenantId, ids: &[CustomerId]) -> Result<Vec<Record>> {
    let these = of(tenant).filter(customers::id.eq_any(ids)).order(customers::id);
    Ok(these.for_no_key_update().select(Record::as_select()).load(conn)?)
}

/// The columns of many rows, each as an array.
#[derive(Default)]
struct Arrays {
    ids: Vec<Uuid>,
    first_names: Vec<Option<String>>,
    last_names: Vec<Option<String>>,
    phones: Vec<Option<String>>,
    emails: Vec<Option<String>>,
    companies: Vec<Option<String>>,
    types: Vec<&'static str>,
    locales: Vec<Option<String>>,
    time_zones: Vec<Option<String>>,
    external_ids: Vec<Option<String>>,
    notes: Vec<Option<Vec<u8>>>,
    words: Vec<String>,
    attributes: Vec<String>,
    sensitive: Vec<Option<Vec<u8>>>,
}

impl Arrays {
    fn of(vault: &Vault, rows: &[(CustomerId, &CustomerData)]) -> Result<Self> {
        let mut arrays = Self::default();
        for (id, data) in rows {
            arrays.push(*id, Columns::of(vault, *id, data)?);
        }
        Ok(arrays)
    }

    fn push(&mut self, id: CustomerId, columns: Columns) {
        self.ids.push(id.get());
        self.first_names.push(columns.first_name);
        self.last_names.push(columns.last_name);
        self.phones.push(columns.phone);
        self.emails.push(columns.email);
        self.companies.push(columns.company);
        self.types.push(columns.customer_type.word());
        self.locales.push(columns.locale);
        self.time_zones.push(columns.time_zone);
        self.external_ids.push(columns.external_id);
        self.notes.push(columns.sealed_note);
        // An array of arrays is one long array to PostgreSQL.
        let words: Vec<String> = columns.note_words.iter().flatten().map(i64::to_string).collect();
        self.words.push(format!("{{{}}}", words.join(",")));
        self.attributes.push(columns.attributes.to_string());
        self.sensitive.push(columns.sealed_attributes);
    }

    fn execute(self, conn: &mut PgConnection, tenant: TenantId, sql: &str) -> Result<usize> {
        let query = diesel::sql_query(sql.replace("{rows}", ROWS))
            .bind::<SqlUuid, _>(tenant.get())
            .bind::<Array<SqlUuid>, _>(self.ids)
            .bind::<Array<Nullable<Text>>, _>(self.first_names)
            .bind::<Array<Nullable<Text>>, _>(self.last_names)
            .bind::<Array<Nullable<Text>>, _>(self.phones)
            .bind::<Array<Nullable<Text>>, _>(self.emails)
            .bind::<Array<Nullable<Text>>, _>(self.companies)
            .bind::<Array<Text>, _>(self.types)
            .bind::<Array<Nullable<Text>>, _>(self.locales)
            .bind::<Array<Nullable<Text>>, _>(self.time_zones)
            .bind::<Array<Nullable<Text>>, _>(self.external_ids)
            .bind::<Array<Nullable<Binary>>, _>(self.notes)
            .bind::<Array<Text>, _>(self.words)
            .bind::<Array<Text>, _>(self.attributes)
            .bind::<Array<Nullable<Binary>>, _>(self.sensitive);
        Ok(query.execute(conn)?)
    }
}

/// The arrays as rows, in the order in which they are bound.
const ROWS: &str = "unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS new (id, first_name, \
                    last_name, phone, email, company, customer_type, locale, time_zone, external_id, sealed_note, \
                    note_words, attributes, sealed_attributes)";

const CREATE: &str = "INSERT INTO customers (tenant_id, id, first_name, last_name, phone, email, company, customer_type, locale, \
     time_zone, external_id, sealed_note, note_words, attributes, sealed_attributes) \
     SELECT $1, new.id, new.first_name, new.last_name, new.phone, new.email, new.company, \
     new.customer_type::customer_type, new.locale, new.time_zone, new.external_id, new.sealed_note, \
     new.note_words::bigint[], new.attributes::jsonb, new.sealed_attributes FROM {rows}";

const EDIT: &str = "UPDATE customers SET first_name = new.first_name, last_name = new.last_name, phone = new.phone, \
     email = new.email, company = new.company, customer_type = new.customer_type::customer_type, locale = new.locale, \
     time_zone = new.time_zone, external_id = new.external_id, sealed_note = new.sealed_note, \
     note_words = new.note_words::bigint[], attributes = new.attributes::jsonb, \
     sealed_attributes = new.sealed_attributes, updated_at = now() \
     FROM {rows} WHERE customers.tenant_id = $1 AND customers.id = new.id AND customers.deleted_at IS NULL";

const REACH: &str = "INSERT INTO customer_identities (tenant_id, id, customer_id, kind, value, is_primary, source) \
     SELECT $1, new.id, new.customer_id, new.kind::identity_kind, new.value, true, $6 \
     FROM unnest($2, $3, $4, $5) AS new (id, customer_id, kind, value)";

const STEPS: &str = "INSERT INTO customer_state_changes (tenant_id, id, customer_id, old_state, new_state, reason, user_id) \
     SELECT $1, new.id, new.customer_id, $4::customer_state, $5::customer_state, $6, $7 \
     FROM unnest($2, $3) AS new (id, customer_id)";

/// Makes customers whose ids are new. `reason` stands in the history of each.
///
/// # Errors
/// As `changes::create`; then none was made, and the transaction goes on only from a savepoint.
pub fn create(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    rows: &[(CustomerId, &CustomerData)],
    source: &'static str,
    reason: &str,
    by: Option<UserId>,
) -> Result<()> {
    Arrays::of(vault, rows)?.execute(conn, tenant, CREATE)?;
    let (mut ids, mut of, mut kinds, mut values) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (id, data) in rows {
        let (phone, email) = (data.phone.as_ref().map(Phone::digits), data.email.as_ref().map(Email::as_str));
        for (kind, value) in [(IdentityKind::Phone, phone), (IdentityKind::Email, email)] {
            let Some(value) = value else { continue };
            ids.push(IdentityId::new().get());
            of.push(id.get());
            kinds.push(kind.word());
            values.push(value);
        }
    }
    diesel::sql_query(REACH)
        .bind::<SqlUuid, _>(tenant.get())
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<SqlUuid>, _>(of)
        .bind::<Array<Text>, _>(kinds)
        .bind::<Array<Text>, _>(values)
        .bind::<Text, _>(source)
        .execute(conn)?;
    let ids: Vec<CustomerId> = rows.iter().map(|(id, _)| *id).collect();
    step(conn, tenant, &ids, None, CustomerState::Active, reason, by)
}

/// Changes what stands in the records of customers, which [`records`] has locked.
///
/// # Errors
/// As [`create`].
pub fn edit(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    rows: &[(&Record, &CustomerData)],
    source: &'static str,
) -> Result<()> {
    let data: Vec<(CustomerId, &CustomerData)> = rows.iter().map(|(record, data)| (record.id, *data)).collect();
    Arrays::of(vault, &data)?.execute(conn, tenant, EDIT)?;
    for (record, data) in rows {
        let (phone, email) = (data.phone.as_ref().map(Phone::digits), data.email.as_ref().map(Email::as_str));
        if record.phone.as_deref() != phone {
            addresses::set_primary(conn, tenant, record.id, IdentityKind::Phone, phone, source)?;
        }
        if record.email.as_deref() != email {
            addresses::set_primary(conn, tenant, record.id, IdentityKind::Email, email, source)?;
        }
    }
    Ok(())
}

/// Deletes those of `ids` whose record nobody has changed since it was made, who have never written, and whom no legal
/// hold keeps; answers whom.
pub fn delete_untouched(
    conn: &mut PgConnection,
    tenant: TenantId,
    ids: &[CustomerId],
    reason: &str,
    by: Option<UserId>,
) -> Result<Vec<CustomerId>> {
    let (now, held) = (Utc::now(), holds::held(conn, tenant, ids)?);
    let untouched = customers::updated_at.eq(customers::created_at).and(customers::last_seen_at.is_null());
    let these = of(tenant)
        .filter(customers::id.eq_any(ids).and(customers::id.ne_all(held)))
        .filter(customers::state.eq(CustomerState::Active))
        .filter(customers::merged_into_id.is_null().and(untouched));
    let set =
        (customers::state.eq(CustomerState::Deleted), customers::deleted_at.eq(now), customers::updated_at.eq(now));
    let gone: Vec<CustomerId> = diesel::update(these).set(set).returning(customers::id).get_results(conn)?;
    diesel::update(identities_of(tenant).filter(customer_identities::customer_id.eq_any(&gone)))
        .set(customer_identities::deleted_at.eq(now))
        .execute(conn)?;
    step(conn, tenant, &gone, Some(CustomerState::Active), CustomerState::Deleted, reason, by)?;
    Ok(gone)
}

/// A row of the history for each.
fn step(
    conn: &mut PgConnection,
    tenant: TenantId,
    ids: &[CustomerId],
    old: Option<CustomerState>,
    new: CustomerState,
    reason: &str,
    by: Option<UserId>,
) -> Result<()> {
    diesel::sql_query(STEPS)
        .bind::<SqlUuid, _>(tenant.get())
        .bind::<Array<SqlUuid>, _>(ids.iter().map(|_| StateChangeId::new().get()).collect::<Vec<Uuid>>())
        .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.get()).collect::<Vec<Uuid>>())
        .bind::<Nullable<Text>, _>(old.map(CustomerState::word))
        .bind::<Text, _>(new.word())
        .bind::<Text, _>(reason)
        .bind::<Nullable<SqlUuid>, _>(by.map(UserId::get))
        .execute(conn)?;
    Ok(())
}
