//! Finding what was asked for: messages by their words, and people and threads by their names.

use super::asked::Asked;
use super::form::Look;
use crate::conversations::filter::{Filter as Narrowing, Queue};
use crate::conversations::listing::{self as conversations, Search};
use crate::conversations::model::{Direction, Scope, Status};
use crate::customers::filter::{Filter, Standing};
use crate::customers::listing::{self as customers, Order};
use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::page::cut;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::labels::model as labels;
use crate::messages::found::{self, Hit};
use crate::numbers::model::{self as numbers, Number};
use crate::teams::model as teams;
use crate::users::directory;
use crate::users::model::{self as users, UserId};
use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use diesel::PgConnection;
use serde_json::{Value, json};

/// Messages on a page.
pub const PAGE: usize = 30;
/// People and threads beside them.
const BESIDE: usize = 5;
/// Customers of one name whose messages are looked through.
const NAMESAKES: usize = 200;

/// Who asks.
#[derive(Clone)]
pub struct Asker {
    pub scope: Scope,
    pub sees_addresses: bool,
    pub zone: Tz,
    pub vault: Vault,
}

#[derive(Debug, Default)]
pub struct Found {
    pub customers: Vec<customers::Row>,
    pub conversations: Vec<conversations::Row>,
    pub messages: Vec<Hit>,
    pub has_more: bool,
    pub authors: Vec<(UserId, String)>,
    pub numbers: Vec<Number>,
    /// Why nothing can be found, or not as asked; for people.
    pub notices: Vec<String>,
}

/// # Errors
/// Those of the database.
pub fn find(conn: &mut PgConnection, tenant: TenantId, asker: &Asker, asked: &Asked, look: &Look) -> Result<Found> {
    let mut found = Found { numbers: numbers::list(conn, tenant)?, ..Found::default() };
    if asked.is_empty() {
        return Ok(found);
    }
    if asked.asks_for_addresses() && !asker.sees_addresses {
        found.notices.push("Your role sees no phone numbers and addresses, so nothing is looked up by them.".into());
        return Ok(found);
    }
    if asked.is_plain() && look.after.is_none() {
        beside(conn, tenant, asker, &look.typed(), &mut found)?;
    }
    let Some(mut wanted) = wanted(conn, tenant, asker, asked, &mut found)? else { return Ok(found) };
    wanted["best"] = json!(!look.is_newest());
    if let Some(place) = look.after {
        wanted["before"] = json!({ "at": place.at, "id": place.id });
    }
    let hits = found::search(conn, tenant, &wanted, PAGE + 1)?;
    (found.messages, found.has_more) = cut(hits, PAGE);
    let mut authors: Vec<UserId> = found.messages.iter().filter_map(|hit| hit.author).collect();
    authors.sort();
    authors.dedup();
    found.authors = if authors.is_empty() { Vec::new() } else { users::names(conn, tenant, &authors)? };
    Ok(found)
}

/// People and threads of that name.
fn beside(conn: &mut PgConnection, tenant: TenantId, asker: &Asker, typed: &str, found: &mut Found) -> Result<()> {
    let filter = Filter { by_address: asker.sees_addresses, ..Filter::default() }.looking_for(typed, &asker.vault);
    found.customers = customers::page(conn, tenant, &filter, Order::default(), None, BESIDE)?;
    found.customers.truncate(BESIDE);
    let all = Narrowing { queue: Queue::All, ..Narrowing::default() };
    let search = Search { words: typed.to_owned(), by_number: asker.sees_addresses };
    found.conversations = conversations::page(conn, tenant, asker.scope, &all, &search, None, BESIDE)?;
    found.conversations.truncate(BESIDE);
    Ok(())
}

/// The question as the database reads it; None where nobody and nothing is called as it says.
fn wanted(
    conn: &mut PgConnection,
    tenant: TenantId,
    asker: &Asker,
    asked: &Asked,
    found: &mut Found,
) -> Result<Option<Value>> {
    let mut wanted = json!({ "words": asked.words, "without": asked.without, "numbers": asked.numbers });
    if !asker.scope.sees_all {
        wanted["reader"] = json!(asker.scope.reader);
    }
    for (name, day) in [("from", asked.after), ("until", asked.before)] {
        if let Some(day) = day {
            wanted[name] = json!(midnight(day, asker.zone));
        }
    }
    let notices = found.notices.len();
    found
        .notices
        .extend(asked.odd_days.iter().map(|day| format!("“{day}” is no day. Days are written as 2026-01-31.")));
    from(conn, tenant, asker, asked, (&mut wanted, found))?;
    within(conn, tenant, asked, (&mut wanted, found))?;
    labelled(conn, tenant, asked, (&mut wanted, found))?;
    having(asked, (&mut wanted, found));
    Ok((found.notices.len() == notices).then_some(wanted))
}

fn from(
    conn: &mut PgConnection,
    tenant: TenantId,
    asker: &Asker,
    asked: &Asked,
    (wanted, found): (&mut Value, &mut Found),
) -> Result<()> {
    for name in &asked.from {
        let (mut authors, mut people) = (Vec::<UserId>::new(), Vec::<CustomerId>::new());
        match name.to_lowercase().as_str() {
            "me" => authors.push(asker.scope.reader),
            "customers" => wanted["direction"] = json!(Direction::Inbound.word()),
            "us" => wanted["direction"] = json!(Direction::Outbound.word()),
            _ => {
                authors = colleagues(conn, tenant, name)?;
                let everybody = Filter { standing: Standing::Present, ..Filter::default() };
                let filter = everybody.looking_for(name, &asker.vault);
                let rows = customers::page(conn, tenant, &filter, Order::default(), None, NAMESAKES)?;
                people = rows.into_iter().map(|row| row.id).collect();
                if authors.is_empty() && people.is_empty() {
                    found.notices.push(format!("Nobody is called “{name}”."));
                }
            }
        }
        if !(authors.is_empty() && people.is_empty()) {
            wanted["authors"] = json!(authors);
            wanted["customers"] = json!(people);
        }
    }
    Ok(())
}

fn colleagues(conn: &mut PgConnection, tenant: TenantId, name: &str) -> Result<Vec<UserId>> {
    let filter = directory::Filter { words: name.to_owned(), ..directory::Filter::default() };
    Ok(directory::page(conn, tenant, &filter, None, NAMESAKES)?.into_iter().map(|(person, _)| person.id).collect())
}

fn within(
    conn: &mut PgConnection,
    tenant: TenantId,
    asked: &Asked,
    (wanted, found): (&mut Value, &mut Found),
) -> Result<()> {
    if asked.within.is_empty() {
        return Ok(());
    }
    let all = teams::list(conn, tenant, false)?;
    let (mut statuses, mut sessions, mut of_teams) = (Vec::new(), Vec::new(), Vec::new());
    for place in &asked.within {
        let word = place.to_lowercase();
        if let Some(status) = Status::of_word(&word) {
            statuses.push(status.word());
            continue;
        }
        let numbers = named(&found.numbers, &word, |number| &number.name);
        let ids: Vec<_> = numbers.into_iter().map(|number| number.id).collect();
        let teams: Vec<_> = named(&all, &word, |team| &team.name).into_iter().map(|team| team.id).collect();
        if ids.is_empty() && teams.is_empty() {
            found
                .notices
                .push(format!("“{place}” is no number, no team, and no state such as open, snoozed, resolved."));
        }
        sessions.extend(ids);
        of_teams.extend(teams);
    }
    if !statuses.is_empty() {
        wanted["statuses"] = json!(statuses);
    }
    if !(sessions.is_empty() && of_teams.is_empty()) {
        wanted["sessions"] = json!(sessions);
        wanted["teams"] = json!(of_teams);
    }
    Ok(())
}

/// Those of that name; where there is none, those whose name contains it.
fn named<'a, T>(all: &'a [T], word: &str, name: impl Fn(&T) -> &String) -> Vec<&'a T> {
    let exact: Vec<&T> = all.iter().filter(|one| name(one).to_lowercase() == word).collect();
    if exact.is_empty() { all.iter().filter(|one| name(one).to_lowercase().contains(word)).collect() } else { exact }
}

fn labelled(
    conn: &mut PgConnection,
    tenant: TenantId,
    asked: &Asked,
    (wanted, found): (&mut Value, &mut Found),
) -> Result<()> {
    if asked.labels.is_empty() {
        return Ok(());
    }
    let all = labels::list(conn, tenant, false)?;
    let mut ids = Vec::new();
    for name in &asked.labels {
        match all.iter().find(|label| label.name.to_lowercase() == name.to_lowercase()) {
            Some(label) => ids.push(label.id),
            None => found.notices.push(format!("There is no label “{name}”.")),
        }
    }
    wanted["labels"] = json!(ids);
    Ok(())
}

/// (what people say, the types of messages)
const KINDS: &[(&str, &[&str])] = &[
    ("file", &["image", "video", "voice", "audio", "document", "sticker"]),
    ("image", &["image"]),
    ("photo", &["image"]),
    ("video", &["video"]),
    ("voice", &["voice"]),
    ("audio", &["audio", "voice"]),
    ("document", &["document"]),
    ("sticker", &["sticker"]),
    ("location", &["location"]),
    ("contact", &["contact"]),
    ("poll", &["poll"]),
];

fn having(asked: &Asked, (wanted, found): (&mut Value, &mut Found)) {
    let mut kinds: Vec<&str> = Vec::new();
    for word in &asked.has {
        match (word.as_str(), KINDS.iter().find(|(name, _)| *name == word.trim_end_matches('s'))) {
            (_, Some((_, types))) => kinds.extend(*types),
            ("link" | "links", _) => {
                if let Some(words) = wanted["words"].as_array_mut() {
                    words.push(json!("http"));
                }
            }
            ("note" | "notes", _) => wanted["is_private"] = json!(true),
            _ => found.notices.push(format!(
                "Messages have no “{word}”: it is one of file, image, video, voice, document, location, contact, poll, link, note."
            )),
        }
    }
    if !kinds.is_empty() {
        wanted["kinds"] = json!(kinds);
    }
}

/// Where a day begins; where a clock jumps over midnight, a little later.
fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let begins = (0..=3).find_map(|hour| zone.from_local_datetime(&day.and_hms_opt(hour, 0, 0)?).earliest());
    begins.map_or_else(|| Utc.from_utc_datetime(&day.and_time(chrono::NaiveTime::MIN)), |at| at.with_timezone(&Utc))
}
