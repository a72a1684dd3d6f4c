//! An event, how it is announced inside a transaction, and how it travels.

use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
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
    Said(Announcement::new(tenant.get(), kind, subject)).execute(conn)?;
    Ok(())
}

/// Announces what belongs to no tenant, such as the end of a platform administrator's session.
pub fn announce_platform(conn: &mut PgConnection, kind: &'static str, subject: Uuid) -> Result<()> {
    Said(Announcement::new(Uuid::nil(), kind, subject)).execute(conn)?;
    Ok(())
}

/// What is said, as part of a statement: alone, or returned by the UPDATE that it tells of.
///
/// The event's id is made once per transaction and kept in a setting that ends with it: PostgreSQL itself then drops
/// the repeated payloads.
pub struct Announcement {
    payload: String,
    id: String,
}

impl Announcement {
    pub fn of(tenant: TenantId, kind: &'static str, subject: Uuid) -> Self {
        Self::new(tenant.get(), kind, subject)
    }

    fn new(tenant: Uuid, kind: &'static str, subject: Uuid) -> Self {
        Self { payload: format!("{tenant},{kind},{subject},"), id: Uuid::now_v7().to_string() }
    }
}

impl QueryFragment<Pg> for Announcement {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(&format!("pg_notify('{CHANNEL}', "));
        out.push_bind_param::<Text, _>(&self.payload)?;
        out.push_sql(&format!(" || coalesce(nullif(current_setting('{SETTING}', true), ''), set_config('{SETTING}', "));
        out.push_bind_param::<Text, _>(&self.id)?;
        out.push_sql(", true)))");
        Ok(())
    }
}

#[derive(QueryId)]
struct Said(Announcement);

impl QueryId for Announcement {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for Said {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        self.0.walk_ast(out)
    }
}

impl RunQueryDsl<PgConnection> for Said {}

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
