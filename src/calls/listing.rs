//! Calls as they are looked for: newest first, by who, how, when and words.

use super::model::{Call, CallDirection, CallStatus, Scope, of, within};
use super::parties::{self, Parties};
use crate::conversations::model::Conversation;
use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::page::Cursor;
use crate::kit::tenant::TenantId;
use crate::numbers::model::NumberId;
use crate::schema::{calls, customers};
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::pg::Pg;
use diesel::prelude::*;

/// What a badge counts to.
const COUNTED: i64 = 100;
/// Calls that stand in a thread or a package at most.
const MOST: i64 = 1000;

/// Which calls; without any of it all that the reader may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub to_return: bool,
    /// Of this user, whichever part they have in it.
    pub user: Option<UserId>,
    pub direction: Option<CallDirection>,
    pub status: Option<CallStatus>,
    pub number: Option<NumberId>,
    pub customer: Option<CustomerId>,
    pub from: Option<DateTime<Utc>>,
    /// Not included.
    pub to: Option<DateTime<Utc>>,
    /// In the note, or in the name of the customer.
    pub words: String,
    /// Looks for the words in phone numbers, too: for those who may know them.
    pub by_address: bool,
}

/// `size` calls older than `after`, newest first.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    filter: &Filter,
    after: Option<Cursor>,
    size: usize,
) -> Result<Vec<Call>> {
    let mut rows = of(tenant).filter(within(scope)).into_boxed::<Pg>();
    if filter.to_return {
        rows = rows
            .filter(calls::status.eq(CallStatus::Failed.literal()))
            .filter(calls::direction.eq(CallDirection::Inbound.literal()))
            .filter(calls::callback_done_at.is_null());
    }
    if let Some(user) = filter.user {
        let takes_part = calls::caller_id.eq(user).or(calls::receiver_id.eq(user));
        rows = rows.filter(takes_part.or(calls::callback_by.eq(user)).or(calls::created_by.eq(user)));
    }
    if let Some(direction) = filter.direction {
        rows = rows.filter(calls::direction.eq(direction));
    }
    if let Some(status) = filter.status {
        rows = rows.filter(calls::status.eq(status));
    }
    if let Some(number) = filter.number {
        rows = rows.filter(calls::session_id.eq(number));
    }
    if let Some(customer) = filter.customer {
        rows = rows.filter(calls::customer_id.eq(customer));
    }
    if let Some(from) = filter.from {
        rows = rows.filter(calls::started_at.ge(from));
    }
    if let Some(to) = filter.to {
        rows = rows.filter(calls::started_at.lt(to));
    }
    if !filter.words.is_empty() {
        let like = containing(&filter.words);
        let digits: String = filter.words.chars().filter(char::is_ascii_digit).collect();
        let phone = if filter.by_address && digits.len() >= 3 { format!("%{digits}%") } else { String::new() };
        let named = customers::first_name
            .ilike(like.clone())
            .or(customers::last_name.ilike(like.clone()))
            .or(customers::display_name.ilike(like.clone()))
            .or(customers::company.ilike(like.clone()))
            .or(customers::phone.like(phone));
        let is_theirs = customers::tenant_id.eq(calls::tenant_id).and(customers::id.nullable().eq(calls::customer_id));
        let theirs = exists(customers::table.filter(is_theirs).filter(named.assume_not_null()));
        rows = rows.filter(calls::note.ilike(like).assume_not_null().or(theirs));
    }
    if let Some(Cursor { at, id }) = after {
        let same_moment = calls::started_at.eq(at).and(calls::id.lt(super::model::CallId::from(id)));
        rows = rows.filter(calls::started_at.le(at)).filter(calls::started_at.lt(at).or(same_moment));
    }
    let rows = rows.order((calls::started_at.desc(), calls::id.desc())).limit(size as i64);
    Ok(rows.select(Call::as_select()).load(conn)?)
}

/// The pattern of texts that contain `words`.
fn containing(words: &str) -> String {
    let plain = words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{plain}%")
}

/// How many missed calls nobody has returned, counted to 100.
pub fn count_to_return(conn: &mut PgConnection, tenant: TenantId, scope: Scope) -> Result<usize> {
    let ids = of(tenant)
        .filter(calls::status.eq(CallStatus::Failed.literal()))
        .filter(calls::direction.eq(CallDirection::Inbound.literal()))
        .filter(calls::callback_done_at.is_null())
        .filter(within(scope))
        .order((calls::started_at.desc(), calls::id.desc()))
        .limit(COUNTED)
        .select(calls::id);
    Ok(ids.load::<super::model::CallId>(conn)?.len())
}

pub fn place(call: &Call) -> Cursor {
    Cursor { at: call.started_at, id: call.id.get() }
}

/// The calls that stand among the messages of a thread from `from` on and before `until`, oldest first: those with its
/// customer over its number.
pub fn of_thread(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    thread: &Conversation,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<Vec<Call>> {
    let (Some(number), Some(customer)) = (thread.session_id, thread.customer_id) else { return Ok(Vec::new()) };
    let mut rows = of(tenant)
        .filter(within(scope))
        .filter(calls::customer_id.eq(customer).and(calls::session_id.eq(number)))
        .filter(not(calls::is_group))
        .into_boxed::<Pg>();
    if let Some(from) = from {
        rows = rows.filter(calls::started_at.ge(from));
    }
    if let Some(until) = until {
        rows = rows.filter(calls::started_at.lt(until));
    }
    let rows = rows.order((calls::started_at.desc(), calls::id.desc())).limit(MOST);
    let mut found: Vec<Call> = rows.select(Call::as_select()).load(conn)?;
    found.reverse();
    Ok(found)
}

/// Every call with these customers, oldest first, and who was in them: for what is held about somebody.
pub fn of_customers(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<(Vec<Call>, Parties)> {
    let rows = of(tenant).filter(calls::customer_id.eq_any(people)).order((calls::started_at, calls::id)).limit(MOST);
    let found: Vec<Call> = rows.select(Call::as_select()).load(conn)?;
    let parties = parties::of_calls(conn, tenant, &found)?;
    Ok((found, parties))
}
