//! The demo's cast: two tenants, their people, and a bicycle shop's last few days, made through the same models that
//! serve real ones.

use super::simulator;
use super::stories::{self, Line};
use crate::conversations::activities::By;
use crate::conversations::chats::{self, Chat};
use crate::conversations::holders;
use crate::conversations::model::Scope;
use crate::conversations::states;
use crate::customers::meeting;
use crate::kit::access::Role;
use crate::kit::db::Db;
use crate::kit::error::{Error, Result};
use crate::kit::secret::Secret;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::messages::incoming;
use crate::messages::signals::{self, Key, Signal};
use crate::numbers::model::{self as numbers, EngineName, Number, NumberData, NumberId, Status};
use crate::numbers::waha::WaMessage;
use crate::sign_in::handlers::DemoAccounts;
use crate::sign_in::screens::DemoAccount;
use crate::teams::members::Membership;
use crate::teams::model::{self as teams, TeamData};
use crate::tenants::model::{self as tenants, PLATFORM, TenantData};
use crate::users::model::{self as users, DEMO_PASSWORD, UserData};
use crate::users::password;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::PgConnection;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// Somebody with a demo account.
pub struct Person {
    pub email: &'static str,
    pub about: &'static str,
    tenant: Option<&'static str>,
    first_name: &'static str,
    last_name: &'static str,
    role: Role,
}

const ACME: &str = "acme";
const WORKSHOP: &str = "acme-workshop";
const GLOBEX: &str = "globex";

const fn person(
    email: &'static str,
    about: &'static str,
    tenant: Option<&'static str>,
    first_name: &'static str,
    last_name: &'static str,
    role: Role,
) -> Person {
    Person { email, about, tenant, first_name, last_name, role }
}

pub const PEOPLE: &[Person] = &[
    person("agent@acme.test", "Agent, Acme Bikes", Some(ACME), "Bob", "Baker", Role::Agent),
    person("agent2@acme.test", "Agent, Acme Bikes", Some(ACME), "Eve", "Evans", Role::Agent),
    person("manager@acme.test", "Manager, Acme Bikes", Some(ACME), "Max", "Moser", Role::Manager),
    person("admin@acme.test", "Administrator, Acme Bikes", Some(ACME), "Ada", "Arnold", Role::TenantAdmin),
    person("auditor@acme.test", "Auditor, Acme Bikes", Some(ACME), "Olga", "Orlow", Role::Auditor),
    person("admin@globex.test", "Administrator, Globex Travel", Some(GLOBEX), "Carol", "Costa", Role::TenantAdmin),
    person("agent@globex.test", "Agent, Globex Travel", Some(GLOBEX), "Gus", "Grau", Role::Agent),
    person("platform@switchboard.test", "Platform administrator", None, "Pat", "Petrov", Role::PlatformAdmin),
];

/// What the sign-in page tells.
pub fn accounts() -> DemoAccounts {
    DemoAccounts(PEOPLE.iter().map(|person| DemoAccount { email: person.email, role: person.about }).collect())
}

/// The number that is paired by itself, where it belongs.
#[derive(Debug, Clone, Copy)]
pub struct DemoNumber {
    pub tenant: Uuid,
    pub id: NumberId,
}

/// Makes what is not there yet; a second run finds it all. Returns the number to pair.
pub async fn seed(db: &Db, vault: &Vault) -> Result<Option<DemoNumber>> {
    let acme = tenant(db, ACME, "Acme Bikes", "Europe/Berlin").await?;
    let globex = tenant(db, GLOBEX, "Globex Travel", "Europe/Lisbon").await?;
    let hash = password::hash(&Secret::new(DEMO_PASSWORD.to_owned()))?;
    for person in PEOPLE {
        let tenant = match person.tenant {
            Some(ACME) => acme,
            Some(_) => globex,
            None => PLATFORM,
        };
        account(db, tenant, person, hash.clone()).await?;
    }
    db.platform().enter(acme, team).await?;
    let vault = vault.clone();
    let number = db.platform().enter(acme, move |conn, tenant| number(conn, tenant, &vault)).await?;
    Ok(number.map(|id| DemoNumber { tenant: acme, id }))
}

async fn tenant(db: &Db, slug: &'static str, name: &'static str, time_zone: &'static str) -> Result<Uuid> {
    let make = move |conn: &mut PgConnection| {
        if let Some(id) = tenants::by_slug(conn, slug)? {
            return Ok(id);
        }
        let data = TenantData { name: name.into(), slug: slug.into(), time_zone: time_zone.into() };
        tenants::create(conn, &data)
    };
    Ok(db.platform().run(make).await?.get())
}

async fn account(db: &Db, tenant: Uuid, person: &'static Person, hash: String) -> Result<()> {
    let make = move |conn: &mut PgConnection, tenant| {
        if users::by_email(conn, tenant, person.email)?.is_some() {
            return Ok(());
        }
        let data = UserData {
            email: person.email.into(),
            first_name: person.first_name.into(),
            last_name: person.last_name.into(),
            role: person.role,
            password_hash: Some(hash),
        };
        users::create(conn, tenant, &data).map(drop)
    };
    db.platform().enter(tenant, make).await
}

/// Those who answer at the workshop, once.
fn team(conn: &mut PgConnection, tenant: TenantId) -> Result<()> {
    if !teams::list(conn, tenant, false)?.is_empty() || !teams::list(conn, tenant, true)?.is_empty() {
        return Ok(());
    }
    let mut id = |email| users::by_email(conn, tenant, email);
    let (bob, eve, max) = (id("agent@acme.test")?, id("agent2@acme.test")?, id("manager@acme.test")?);
    let data = TeamData {
        name: "Workshop".into(),
        description: Some("Repairs, spare parts and collection times".into()),
        membership: Membership { members: [bob, eve].into_iter().flatten().collect(), lead: max },
    };
    teams::create(conn, tenant, &data).map(drop)
}

/// A number with a few days of conversations, once.
fn number(conn: &mut PgConnection, tenant: TenantId, vault: &Vault) -> Result<Option<NumberId>> {
    if let Some(number) = numbers::list(conn, tenant)?.first() {
        return Ok(Some(number.id));
    }
    let data = NumberData {
        name: "Workshop".into(),
        external_session_id: WORKSHOP.into(),
        engine: EngineName::Gows,
        waha_url: None,
        waha_api_key: None,
    };
    let id = numbers::create(conn, tenant, vault, &data)?;
    let number = numbers::find(conn, tenant, id)?;
    for story in stories::ALL {
        tell(conn, tenant, &number, story)?;
    }
    Ok(Some(id))
}

fn tell(conn: &mut PgConnection, tenant: TenantId, number: &Number, story: &stories::Story) -> Result<()> {
    let now = Utc::now();
    for (at, line) in story.lines.iter().enumerate() {
        let key = format!("3EB0DEMO{}{at:02}", story.phone);
        let message = message(story, line, &key, now - TimeDelta::minutes(line.minutes_ago));
        incoming::take(conn, tenant, number, &message)?;
        if line.is_ours {
            let signal = Signal { ack: Some(3), ack_at: Some(now), ..Signal::default() };
            signals::take(conn, tenant, Key { number: number.id, bare: &key }, &signal)?;
        }
    }
    if story.is_resolved {
        resolve(conn, tenant, number, story)?;
    }
    Ok(())
}

/// A message in the form that the gateway tells it.
fn message(story: &stories::Story, line: &Line, key: &str, at: DateTime<Utc>) -> WaMessage {
    let chat = format!("{}@c.us", story.phone);
    let raw = json!({
        "id": format!("{}_{chat}_{key}", line.is_ours),
        "timestamp": at.timestamp(),
        "from": chat,
        "fromMe": line.is_ours,
        "source": "app",
        "body": line.text,
        "hasMedia": false,
        "media": null,
        "ack": if line.is_ours { 3 } else { 2 },
        "_data": { "Info": { "PushName": story.name } },
    });
    WaMessage::parse(&raw).expect("a message with an id of WhatsApp's form can be read")
}

fn resolve(conn: &mut PgConnection, tenant: TenantId, number: &Number, story: &stories::Story) -> Result<()> {
    let person = meeting::Person { phone: Some(story.phone.into()), lid: None, name: None };
    let customer = meeting::meet(conn, tenant, &person)?.customer;
    let chat_id = format!("{}@c.us", story.phone);
    let chat = Chat { number: number.id, chat_id: &chat_id, customer: Some(customer.id), title: story.name };
    let conversation = chats::ensure(conn, tenant, &chat)?.id;
    let somebody = holders::people(conn, tenant)?.first().map(|person| person.id).ok_or(Error::NotFound)?;
    let everybody = Scope { reader: somebody, sees_all: true };
    states::resolve(conn, tenant, everybody, conversation, &By::user(somebody)).map(drop)
}

/// Holds the virtual phone before the first QR code, so that a newcomer finds a number that works. When that takes too
/// long, the number waits for somebody to scan its code.
pub async fn pair(db: &Db, simulator: &simulator::Running, number: Option<DemoNumber>) {
    let Some(DemoNumber { tenant, id }) = number else { return };
    for story in stories::ALL {
        simulator.add_person(story.phone, story.name);
    }
    for _ in 0..100 {
        let found = db.platform().enter(tenant, move |conn, tenant| numbers::find(conn, tenant, id)).await;
        match found.map(|number| number.status) {
            Ok(Status::ScanQr) => {
                // Refused when the code was scanned just now; the next look finds the number working.
                let _ = simulator.scan(WORKSHOP, Some("4930901820100"));
            }
            Ok(Status::Working) | Err(_) => return,
            Ok(_) => {}
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
