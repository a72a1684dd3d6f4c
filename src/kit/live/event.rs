//! An event, how it is announced inside a transaction, and how it travels.

use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use diesel::prelude::*;
use diesel::sql_types::Text;
use uuid::Uuid;

pub(super) const CHANNEL: &str = "switchboard_live";
/// Holds the id of the transaction's events.
const SETTING: &str = "app.live_event";

/// The kind that ends the streams of the user session it names.
pub const SESSION_ENDED: &str = "session_ended";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The same for all events of one transaction, and in all processes.
    pub id: Uuid,
    /// Nil for the platform's own events.
    pub tenant: Uuid,
    pub kind: Box<str>,
    /// The row that changed.
    pub subject: Uuid,
}

/// Tells everybody of `tenant` that `subject` changed, if and when the transaction commits. Equal announcements of one
/// transaction collapse into one event. `kind` is one of the program's words, without a comma.
pub fn announce(conn: &mut PgConnection, tenant: TenantId, kind: &'static str, subject: Uuid) -> Result<()> {
    notify(conn, tenant.get(), kind, subject)
}

/// Announces what belongs to no tenant, such as the end of a platform administrator's session.
pub fn announce_platform(conn: &mut PgConnection, kind: &'static str, subject: Uuid) -> Result<()> {
    notify(conn, Uuid::nil(), kind, subject)
}

mod sql {
    use diesel::sql_types::{Bool, Nullable, Text};

    diesel::define_sql_function! { fn pg_notify(channel: Text, payload: Text) -> Bool; }
    diesel::define_sql_function! { fn coalesce(first: Nullable<Text>, second: Text) -> Text; }
    diesel::define_sql_function! { fn nullif(value: Nullable<Text>, nothing: Text) -> Nullable<Text>; }
    diesel::define_sql_function! { fn current_setting(name: Text, or_null: Bool) -> Nullable<Text>; }
    diesel::define_sql_function! { fn set_config(name: Text, value: Text, is_local: Bool) -> Text; }
}

/// The event's id is made once per transaction and kept in a setting that ends with it: PostgreSQL itself then drops
/// the repeated payloads.
fn notify(conn: &mut PgConnection, tenant: Uuid, kind: &'static str, subject: Uuid) -> Result<()> {
    let known = sql::nullif(sql::current_setting(SETTING, true), "");
    let id = sql::coalesce(known, sql::set_config(SETTING, Uuid::now_v7().to_string(), true));
    let payload = format!("{tenant},{kind},{subject},").into_sql::<Text>().concat(id);
    diesel::select(sql::pg_notify(CHANNEL, payload)).execute(conn)?;
    Ok(())
}

impl Event {
    pub(super) fn read(payload: &str) -> Option<Self> {
        let mut parts = payload.split(',');
        let tenant = parts.next()?.parse().ok()?;
        let kind = parts.next()?.into();
        let subject = parts.next()?.parse().ok()?;
        let id = parts.next()?.parse().ok()?;
        parts.next().is_none().then_some(Self { id, tenant, kind, subject })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_payloads_are_read() {
        let (tenant, subject, id) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
        let event = Event::read(&format!("{tenant},message,{subject},{id}"));
        assert_eq!(event, Some(Event { id, tenant, kind: "message".into(), subject }));
        assert_eq!(Event::read(&format!("{tenant},message,{subject}")), None);
        assert_eq!(Event::read(&format!("{tenant},message,{subject},{id},more")), None);
        assert_eq!(Event::read(""), None);
    }
}
