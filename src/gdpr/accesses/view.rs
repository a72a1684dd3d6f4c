//! Looks and exports as the pages show them.

use super::form::Look;
use super::model::Access as Entry;
use super::reading::Found;
use super::screens::{Index, Row, Show};
use crate::customers::model::CustomerId;
use crate::gdpr::customers::model::Known;
use crate::gdpr::view;
use crate::kit::access::{Access, ExportAudit, Permission};
use crate::kit::actor::ActorKind;
use crate::kit::html::Avatar;
use crate::kit::words;
use crate::users::model::UserId;
use chrono::Utc;

/// Its place among the pages of the desk.
pub const HERE: &str = "/gdpr/accesses";

pub fn index<P: Permission>(
    access: &Access<P>,
    look: &Look,
    people: &[(UserId, String)],
    found: &Found,
    problem: Option<String>,
) -> Index {
    let users = people.iter().map(|(id, name)| (id.to_string(), name.as_str()));
    let kinds = [("exported".to_owned(), "Exports only")];
    Index {
        sections: access.privacy_sections(HERE),
        users: view::choices(Some("Anybody"), users, &look.user),
        kinds: view::choices(Some("Looks and exports"), kinds, &look.what),
        customer: look.customer.clone(),
        from: look.from.clone(),
        to: look.to.clone(),
        is_narrowed: !look.query().is_empty(),
        problem,
        rows: found.entries.iter().map(|entry| row(access, found, entry, true)).collect(),
        pages: view::pages(HERE, &look.query(), &look.after, last(found)),
        export_href: access.may::<ExportAudit>().then(|| "/audit/export?entity=customers&action=read".into()),
    }
}

pub fn show<P: Permission>(access: &Access<P>, known: &Known, after: &str, found: &Found) -> Show {
    let here = format!("/customers/{}/accesses", known.customer.id);
    Show {
        head: view::head(access, known, "accesses"),
        rows: found.entries.iter().map(|entry| row(access, found, entry, false)).collect(),
        pages: view::pages(&here, "", after, last(found)),
    }
}

fn last(found: &Found) -> Option<String> {
    found.entries.last().filter(|_| found.has_more).map(|entry| entry.id.to_string())
}

fn row<P: Permission>(access: &Access<P>, found: &Found, entry: &Entry, names: bool) -> Row {
    let user = entry.actor_id.map(UserId::from);
    let known = user.and_then(|id| found.users.iter().find(|(known, _)| *known == id));
    let who = match (entry.actor_kind, known) {
        (ActorKind::Support, _) => "Support (platform)".to_owned(),
        (ActorKind::ApiToken, Some((_, name))) => format!("{name} (API token)"),
        (_, Some((_, name))) => name.clone(),
        (ActorKind::Job, None) => "A job".into(),
        _ => "Somebody who has left".into(),
    };
    let customer = entry.customer.map(CustomerId::from).filter(|_| names);
    Row {
        at: words::when(entry.created_at, access.who().time_zone, Utc::now()),
        avatar: Avatar::of(&who),
        who,
        what: match (&*entry.action, entry.customer) {
            ("exported", None) => "exported many customers",
            ("exported", Some(_)) => "took everything held out as a file",
            _ => "looked at",
        },
        customer: customer.map(|id| view::link(access, &found.customers, id)),
        ip: entry.ip_address.clone().unwrap_or_default(),
    }
}
