//! The bicycle shop's customers: with labels, own fields, notes, consents and states, some of them twice; a filter, a
//! request to the GDPR desk, and a list from a fair. Made once, through the models that serve real ones.

mod fair;

pub use fair::import;

use crate::customer_list::reading::LIST;
use crate::customers::attributes::{AttributeKind, Definition, definitions};
use crate::customers::consent::{ConsentChannel, ConsentPurpose, ConsentState};
use crate::customers::data::{self, Typed};
use crate::customers::fields::{self, FieldData};
use crate::customers::model::{CustomerId, CustomerState};
use crate::customers::{changes, labels as stuck, meeting, states};
use crate::duplicates::jobs as duplicates;
use crate::gdpr::cases::model::{self as cases, CaseData, Kind};
use crate::gdpr::consents::model::{self as consents, Basis, ConsentData};
use crate::kit::db::Db;
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::labels::model::{self as labels, Label, LabelData};
use crate::saved_filters::model::{self as saved_filters, NewFilter};
use crate::users::model::{self as users, UserId};
use chrono::{TimeDelta, Utc};
use diesel::{Connection, PgConnection};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

const CUSTOMERS: &str = include_str!("customers.csv");

const LABELS: &[(&str, &str, &str)] = &[
    ("VIP", "purple", "Calls are answered first"),
    ("Workshop", "teal", "Their bike is here, or comes this week"),
    ("Cargo bikes", "orange", "Have one, or want one"),
    ("Leasing", "blue", "Paid by an employer; invoices go to the lessor"),
    ("Warranty", "red", "A claim is open at the maker's"),
    ("Spring check", "green", "Asked to be reminded in March"),
];

/// One of the lines of the file.
#[derive(Debug, Deserialize)]
struct Line {
    first_name: String,
    last_name: String,
    phone: String,
    email: String,
    company: String,
    kind: String,
    labels: String,
    state: String,
    bike: String,
    frame: String,
    member_since: String,
    fitting: String,
    /// As `service:whatsapp`, with a minus where it was withdrawn.
    consent: String,
    locale: String,
    note: String,
}

/// Those who did it.
#[derive(Clone, Copy)]
struct Staff {
    admin: UserId,
    manager: UserId,
    agent: UserId,
}

/// Fills the tenant, unless somebody has set anything of this up already. Says whether it did.
///
/// # Errors
/// Those of the database.
pub async fn seed(db: &Db, vault: &Vault, tenant: Uuid) -> Result<bool> {
    let vault = vault.clone();
    db.platform().enter(tenant, move |conn, tenant| fill(conn, tenant, &vault)).await
}

fn fill(conn: &mut PgConnection, tenant: TenantId, vault: &Vault) -> Result<bool> {
    let is_begun = !labels::list(conn, tenant, false)?.is_empty()
        || !labels::list(conn, tenant, true)?.is_empty()
        || !definitions(conn, tenant)?.is_empty();
    let Some(staff) = staff(conn, tenant)?.filter(|_| !is_begun) else { return Ok(false) };
    for (name, colour, description) in LABELS {
        let (name, colour) = ((*name).into(), (*colour).into());
        labels::create(conn, tenant, &LabelData { name, colour, description: Some((*description).into()) })?;
    }
    for field in own_fields() {
        fields::create(conn, tenant, &field)?;
    }
    let (labels, definitions) = (labels::list(conn, tenant, false)?, definitions(conn, tenant)?);
    let mut known = HashMap::new();
    for line in lines() {
        // Each by itself: one whose phone somebody has typed in before is left out.
        let made = conn.transaction(|conn| take(conn, tenant, vault, (&line, &labels, &definitions), staff));
        match made {
            Ok(id) => drop(known.insert(line.email, id)),
            Err(Error::Taken(_)) => {}
            Err(error) => return Err(error),
        }
    }
    filters(conn, tenant, &labels, staff)?;
    request(conn, tenant, known.get("lena.schuster@post.test").copied(), staff)?;
    duplicates::scan(conn, tenant, None)?;
    Ok(true)
}

fn staff(conn: &mut PgConnection, tenant: TenantId) -> Result<Option<Staff>> {
    let mut id = |email| users::by_email(conn, tenant, email);
    let found = (id("admin@acme.test")?, id("manager@acme.test")?, id("agent@acme.test")?);
    Ok(match found {
        (Some(admin), Some(manager), Some(agent)) => Some(Staff { admin, manager, agent }),
        _ => None,
    })
}

fn own_fields() -> Vec<FieldData> {
    let field = |key: &str, name: &str, kind, description: &str| FieldData {
        key: key.into(),
        name: name.into(),
        description: Some(description.to_owned()).filter(|text| !text.is_empty()),
        kind,
        choices: Vec::new(),
        is_sensitive: false,
    };
    let choices = ["S", "M", "L", "XL"].map(String::from).into();
    vec![
        field("bike", "Bike", AttributeKind::Text, "Maker and model"),
        FieldData { choices, ..field("frame", "Frame size", AttributeKind::Choice, "") },
        field("member_since", "Member since", AttributeKind::Date, ""),
        FieldData {
            is_sensitive: true,
            ..field("fitting", "Bike fitting", AttributeKind::Text, "What they tell about their body")
        },
    ]
}

fn lines() -> Vec<Line> {
    let mut reader = csv::Reader::from_reader(CUSTOMERS.as_bytes());
    reader.deserialize().map(|line| line.expect("the demo's file has a line for each customer")).collect()
}

/// Makes the customer, or completes the record of one who has written already.
fn take(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    (line, labels, definitions): (&Line, &[Label], &[Definition]),
    staff: Staff,
) -> Result<CustomerId> {
    let data = data::read(&typed(line), None, definitions)
        .map_err(|errors| Error::unexpected(anyhow::anyhow!("{line:?} in the demo's file: {errors:?}")))?;
    let phone = data.phone.as_ref().map(|phone| phone.digits().to_owned());
    let has_written = super::stories::ALL.iter().any(|story| Some(story.phone) == phone.as_deref());
    let id = match has_written {
        true => {
            let person = meeting::Person { phone, lid: None, name: None };
            let id = meeting::meet(conn, tenant, &person)?.customer.id;
            changes::edit(conn, tenant, vault, id, &data, None)?;
            id
        }
        false => changes::create(conn, tenant, vault, &data, "form", Some(staff.agent))?,
    };
    let named = |label: &&Label| line.labels.split(';').any(|name| name == label.name);
    let wanted: Vec<_> = labels.iter().filter(named).map(|label| label.id).collect();
    stuck::replace(conn, tenant, id, &wanted)?;
    for said in line.consent.split(';').filter(|said| !said.is_empty()) {
        consents::record(conn, tenant, id, &consent(said), Some(staff.agent))?;
    }
    let (state, why) = match line.state.as_str() {
        "suspended" => (CustomerState::Suspended, "Two invoices are open"),
        "archived" => (CustomerState::Archived, "No bike here any more"),
        _ => return Ok(id),
    };
    states::go(conn, tenant, id, state, Some(why), Some(staff.manager))?;
    Ok(id)
}

fn typed(line: &Line) -> Typed {
    let attributes = [
        ("bike", &line.bike),
        ("frame", &line.frame),
        ("member_since", &line.member_since),
        ("fitting", &line.fitting),
    ];
    Typed {
        first_name: line.first_name.clone(),
        last_name: line.last_name.clone(),
        phone: line.phone.clone(),
        email: line.email.clone(),
        company: line.company.clone(),
        note: line.note.clone(),
        customer_type: line.kind.clone(),
        locale: line.locale.clone(),
        attributes: attributes.map(|(key, value)| (key.to_owned(), value.clone())).into(),
        ..Typed::default()
    }
}

fn consent(said: &str) -> ConsentData {
    let (words, state) = match said.strip_prefix('-') {
        Some(words) => (words, ConsentState::Withdrawn),
        None => (said, ConsentState::Given),
    };
    let (purpose, channel) = words.split_once(':').unwrap_or((words, ""));
    ConsentData {
        purpose: ConsentPurpose::of_word(purpose).unwrap_or(ConsentPurpose::Service),
        channel: ConsentChannel::of_word(channel).unwrap_or(ConsentChannel::Whatsapp),
        state,
        lawful_basis: Basis::Consent,
        source: if state == ConsentState::Given { "Card at the counter" } else { "By phone" }.into(),
        evidence: None,
        message: None,
        occurred_at: Utc::now() - TimeDelta::days(if state == ConsentState::Given { 120 } else { 9 }),
    }
}

fn filters(conn: &mut PgConnection, tenant: TenantId, labels: &[Label], staff: Staff) -> Result<()> {
    let Some(label) = labels.iter().find(|label| label.name == "Spring check") else { return Ok(()) };
    let filter = NewFilter {
        list: LIST,
        name: "Spring check".into(),
        query: format!("label={}&sort=company", label.id),
        is_shared: true,
    };
    saved_filters::create(conn, tenant, staff.manager, &filter).map(drop)
}

/// Asked for three weeks ago: the month that there is for it ends soon.
fn request(conn: &mut PgConnection, tenant: TenantId, customer: Option<CustomerId>, staff: Staff) -> Result<()> {
    let data = CaseData {
        kind: Kind::Access,
        customer,
        requester: "Lena Schuster, by email".into(),
        details: Some("Wants to know what we hold about her, and from where.".into()),
        received_on: (Utc::now() - TimeDelta::days(25)).date_naive(),
        assignee: Some(staff.admin),
    };
    cases::create(conn, tenant, &data, staff.admin).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customers::attributes::AttributeId;
    use std::collections::HashSet;

    #[test]
    fn the_lines_are_some_fifty_people_whose_phones_are_their_own() {
        let lines = lines();
        assert!((40..=60).contains(&lines.len()));
        let phones: Vec<&str> =
            lines.iter().map(|line| line.phone.as_str()).filter(|phone| !phone.is_empty()).collect();
        assert_eq!(phones.iter().collect::<HashSet<_>>().len(), phones.len());
    }

    #[test]
    fn every_line_is_a_valid_record() {
        let definition = |(at, field): (usize, FieldData)| Definition {
            id: AttributeId::new(),
            key: field.key,
            name: field.name,
            description: field.description,
            kind: field.kind,
            choices: field.choices.into(),
            is_sensitive: field.is_sensitive,
            position: i32::try_from(at).unwrap(),
        };
        let definitions: Vec<Definition> = own_fields().into_iter().enumerate().map(definition).collect();
        for line in lines() {
            let read = data::read(&typed(&line), None, &definitions);
            assert!(read.is_ok(), "{line:?}: {:?}", read.unwrap_err());
        }
    }
}
