//! Calls as WhatsApp tells of them. However often and in whatever order it does, there is one row, and it says the same.

use super::jobs::{self, DeclineCall};
use super::model::{self, Call, CallDirection, CallId, CallStatus, of};
use super::told::{Outcome, Told};
use super::{rules, telling};
use crate::conversations::{chats, model as conversations};
use crate::customers::meeting::{self, Met, Person};
use crate::customers::model::CustomerId;
use crate::duplicates::jobs as duplicates;
use crate::kit::db::take_turns;
use crate::kit::error::Result;
use crate::kit::jobs::enqueue;
use crate::kit::tenant::TenantId;
use crate::notifications::model::{self as notifications, Kind};
use crate::numbers::model::Number;
use crate::numbers::waha::{Call as WaCall, CallStep, ChatId, ChatKind};
use crate::schema::calls;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// Longer names of calls are none of WhatsApp's.
const LONGEST: usize = 128;

/// Takes in what was told at `at`. True: somebody called whom we know by a hidden id only.
pub fn take(
    conn: &mut PgConnection,
    tenant: TenantId,
    number: &Number,
    told: &WaCall,
    at: DateTime<Utc>,
) -> Result<bool> {
    if matches!(told.step, CallStep::Other(_)) || told.id.len() > LONGEST || is_own(number, told) {
        return Ok(false);
    }
    take_turns(conn, &format!("call {tenant} {} {}", number.id, told.id))?;
    let known = of(tenant)
        .filter(calls::session_id.eq(number.id).and(calls::waha_call_id.eq(&told.id)))
        .select(Call::as_select())
        .for_no_key_update()
        .first(conn)
        .optional()?;
    let at = at.min(Utc::now());
    let started = told.at.unwrap_or(at).min(at);
    match known {
        Some(call) => go_on(conn, tenant, &call, told, started, at).map(|()| false),
        None => begin(conn, tenant, number, told, started, at),
    }
}

/// What we call ourselves is told, too, by some engines.
fn is_own(number: &Number, told: &WaCall) -> bool {
    let from = told.from.as_ref().and_then(ChatId::phone);
    from.is_some() && from == number.phone.as_deref()
}

fn begin(
    conn: &mut PgConnection,
    tenant: TenantId,
    number: &Number,
    told: &WaCall,
    started: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Result<bool> {
    let person = told.from.as_ref().and_then(person);
    let customer = person.as_ref().map(|person| customer(conn, tenant, person)).transpose()?;
    let moments = moments(Told::default(), &told.step, at);
    let Outcome { status, ended, duration } = moments.outcome();
    let id = CallId::new();
    diesel::insert_into(calls::table)
        .values((
            (
                calls::tenant_id.eq(tenant),
                calls::id.eq(id),
                calls::direction.eq(CallDirection::Inbound),
                calls::status.eq(status),
                calls::is_video.eq(told.is_video),
                calls::is_group.eq(told.is_group),
                calls::customer_id.eq(customer),
                calls::session_id.eq(number.id),
                calls::waha_call_id.eq(&told.id),
                calls::chat_id.eq(told.from.as_ref().map(ChatId::as_str)),
            ),
            (
                calls::started_at.eq(started),
                calls::answered_at.eq(moments.answered),
                calls::rejected_at.eq(moments.rejected),
                calls::ended_at.eq(ended),
                calls::duration_seconds.eq(duration),
            ),
        ))
        .execute(conn)?;
    if let Some(until) = moments.patience_ends(started) {
        jobs::close_at(conn, tenant, id, until)?;
    }
    if moments == Told::default() && rules::declines(conn, tenant, number.id)? {
        enqueue(conn, tenant, &DeclineCall { call: id })?;
    }
    if status == CallStatus::Failed {
        telling::missed(conn, tenant, id, customer.map(|customer| (number.id, customer)))?;
    }
    tell(conn, tenant, id, number, customer)?;
    Ok(person.is_some_and(|person| person.phone.is_none()))
}

fn go_on(
    conn: &mut PgConnection,
    tenant: TenantId,
    call: &Call,
    told: &WaCall,
    started: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Result<()> {
    let moments = moments(call.told(), &told.step, at);
    let started = started.min(call.started_at);
    if moments == call.told() && started == call.started_at {
        return Ok(());
    }
    settle(conn, tenant, call, started, moments)?;
    if let Some(until) = moments.patience_ends(started) {
        jobs::close_at(conn, tenant, call.id, until)?;
    }
    Ok(())
}

/// Of what is told twice the first moment counts.
fn moments(known: Told, step: &CallStep, at: DateTime<Utc>) -> Told {
    let first = |known: Option<DateTime<Utc>>| Some(known.map_or(at, |known| known.min(at)));
    match step {
        CallStep::Accepted => Told { answered: first(known.answered), ..known },
        CallStep::Rejected => Told { rejected: first(known.rejected), ..known },
        CallStep::Received | CallStep::Other(_) => known,
    }
}

/// Writes down what became of a call.
pub(super) fn settle(
    conn: &mut PgConnection,
    tenant: TenantId,
    call: &Call,
    started: DateTime<Utc>,
    told: Told,
) -> Result<()> {
    let Outcome { status, ended, duration } = told.outcome();
    diesel::update(of(tenant).filter(calls::id.eq(call.id)))
        .set((
            calls::started_at.eq(started),
            calls::answered_at.eq(told.answered),
            calls::rejected_at.eq(told.rejected),
            calls::given_up_at.eq(told.given_up),
            calls::status.eq(status),
            calls::ended_at.eq(ended),
            calls::duration_seconds.eq(duration),
            calls::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    let thread = call.session_id.zip(call.customer_id);
    match (call.status, status) {
        (CallStatus::Ongoing, CallStatus::Failed) if call.declined_at.is_none() => {
            telling::missed(conn, tenant, call.id, thread)?;
        }
        (CallStatus::Failed, CallStatus::Completed) => {
            notifications::settle(conn, tenant, Kind::MissedCall, call.id.get())?;
        }
        _ => {}
    }
    show(conn, tenant, call.id, thread, call.customer_id)
}

fn tell(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CallId,
    number: &Number,
    customer: Option<CustomerId>,
) -> Result<()> {
    show(conn, tenant, id, customer.map(|customer| (number.id, customer)), customer)
}

/// Lists, the customer's page and their thread over this number show it.
fn show(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CallId,
    thread: Option<(crate::numbers::model::NumberId, CustomerId)>,
    customer: Option<CustomerId>,
) -> Result<()> {
    model::announce(conn, tenant, id, customer)?;
    let Some((number, customer)) = thread else { return Ok(()) };
    match chats::between(conn, tenant, number, customer)? {
        Some(conversation) => conversations::changed(conn, tenant, conversation),
        None => Ok(()),
    }
}

/// Whoever calls is met as if they wrote.
fn customer(conn: &mut PgConnection, tenant: TenantId, person: &Person) -> Result<CustomerId> {
    let Met { customer, other } = meeting::meet(conn, tenant, person)?;
    if let Some(other) = other {
        duplicates::told_by_whatsapp(conn, tenant, customer.id, other)?;
    }
    Ok(customer.id)
}

/// None for a group, of which it is not told who in it called.
fn person(from: &ChatId) -> Option<Person> {
    let phone = from.phone().filter(|digits| (5..=20).contains(&digits.len()));
    match (from.kind(), phone) {
        (ChatKind::Person | ChatKind::Lid, Some(digits)) => {
            Some(Person { phone: Some(digits.to_owned()), ..Person::default() })
        }
        (ChatKind::Lid, None) => Some(Person { lid: Some(from.as_str().to_owned()), ..Person::default() }),
        _ => None,
    }
}
