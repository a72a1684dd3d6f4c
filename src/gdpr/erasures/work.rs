//! The pieces of an erasure, each in a transaction that notes how far it is. What to do next is looked up from rows, so
//! a piece that is asked for twice is done once.

use super::model::{self, Erasure, ErasureId, Stage, of};
use super::sql;
use super::{files, traces};
use crate::conversations::labelling;
use crate::conversations::model::{CHANGED, ConversationId};
use crate::customers::holds;
use crate::customers::model::CustomerId;
use crate::customers::states::CUSTOMER_CHANGED;
use crate::gdpr::cases::history::{self, Step};
use crate::gdpr::cases::model::CASE_CHANGED;
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::messages::attachments::{self, Attachment};
use crate::messages::model::{Details, MessageId};
use crate::schema::{erasures, messages};
use crate::tasks::model::{self as tasks, Progress, TaskId};
use crate::tenants::limits;
use chrono::Utc;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Messages that one transaction takes.
const MESSAGES: i64 = 500;
/// Stored events and entries of the log that one looks through.
const SCANNED: i32 = 5_000;

#[auto_type]
fn messages_of(tenant: TenantId) -> _ {
    messages::table.filter(messages::tenant_id.eq(tenant))
}

/// What comes next.
#[derive(Debug)]
pub enum Next {
    /// These files are to be thrown away, and then their messages.
    Messages(Vec<Found>),
    /// These files are to be thrown away, and then forgotten: they were made of customers, perhaps of this one.
    Files(Vec<(TaskId, String)>),
    /// Somebody else's work began before the erasure and may still write the person into a file; or a legal hold was
    /// placed meanwhile.
    Wait,
    /// A piece that needs nothing from the storage was done.
    More,
    Done,
}

/// A message of theirs.
#[derive(Debug, Clone)]
pub struct Found {
    pub id: MessageId,
    pub conversation: ConversationId,
    pub body: String,
    /// In the storage.
    pub file: Option<String>,
    pub bytes: i64,
}

/// What comes next in an erasure; what needs no file is done at once. One that is not there any more is done.
pub fn next(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, id: ErasureId) -> Result<Next> {
    let row = of(tenant).filter(erasures::id.eq(id)).select(Erasure::as_select()).for_update();
    let Some(erasure) = row.first(conn).optional()? else { return Ok(Next::Done) };
    if is_given_up(conn, tenant, vault, &erasure)? {
        return Ok(Next::Done);
    }
    let people = model::people(conn, tenant, erasure.customer_id)?;
    if !holds::held(conn, tenant, &people)?.is_empty() {
        return Ok(Next::Wait);
    }
    match erasure.stage {
        Stage::Messages => {
            let found = messages(conn, tenant, &erasure, &people)?;
            if found.is_empty() {
                return go_on(conn, tenant, &erasure, Stage::Events, None).map(|()| Next::More);
            }
            Ok(Next::Messages(found))
        }
        Stage::Events | Stage::Log | Stage::Imports => scan(conn, tenant, &erasure, &people).map(|()| Next::More),
        Stage::Files => files::next(conn, tenant, &erasure),
        Stage::Person => finish(conn, tenant, &erasure, &people),
        Stage::Done => Ok(Next::Done),
    }
}

/// Somebody cancelled it, and nothing is gone yet. From the first message on it is done to its end: half of a person is
/// no use to anybody.
fn is_given_up(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, erasure: &Erasure) -> Result<bool> {
    let is_begun = erasure.stage != Stage::Messages || erasure.counts != json!({});
    let Some(task) = erasure.task_id.filter(|_| !is_begun) else { return Ok(false) };
    let asked = tasks::find(conn, tenant, task)?;
    if asked.cancel_requested_at.is_none() {
        return Ok(false);
    }
    model::give_up(conn, tenant, vault, erasure)?;
    Ok(true)
}

/// Their next messages: those of their own conversations, then what they wrote in groups before the erasure.
fn messages(conn: &mut PgConnection, tenant: TenantId, erasure: &Erasure, people: &[CustomerId]) -> Result<Vec<Found>> {
    let columns = (messages::id, messages::conversation_id, messages::body, messages::metadata);
    let threads = traces::threads(conn, tenant, people)?;
    let own = messages_of(tenant)
        .filter(messages::conversation_id.eq_any(threads.clone()))
        .filter(messages::metadata.retrieve_as_text("erased").is_null())
        .order((messages::occurred_at, messages::id))
        .limit(MESSAGES)
        .select(columns);
    let mut rows: Vec<(MessageId, ConversationId, String, Value)> = own.load(conn)?;
    if rows.is_empty() {
        let unsent = attachments::within(conn, tenant, &threads)?;
        if !unsent.is_empty() {
            return Ok(unsent.into_iter().map(|file| attached(tenant, &file)).collect());
        }
        let words = traces::words(conn, tenant, people)?;
        let is_theirs = messages::sender_chat_id.eq_any(words.clone()).or(messages::from_msisdn.eq_any(words));
        let in_groups = messages_of(tenant)
            .filter(is_theirs.and(messages::created_at.le(erasure.created_at)))
            .order((messages::occurred_at, messages::id))
            .limit(MESSAGES)
            .select(columns);
        rows = in_groups.load(conn)?;
    }
    Ok(rows.into_iter().map(found).collect())
}

fn found((id, conversation, body, metadata): (MessageId, ConversationId, String, Value)) -> Found {
    let file = serde_json::from_value::<Details>(metadata).unwrap_or_default().file.unwrap_or_default();
    let bytes = file.size.and_then(|size| i64::try_from(size).ok()).unwrap_or(0);
    Found { id, conversation, body, bytes: if file.stored.is_some() { bytes } else { 0 }, file: file.stored }
}

/// A file of an answer that nobody has sent.
fn attached(tenant: TenantId, file: &Attachment) -> Found {
    let (body, stored) = (String::new(), file.stored(tenant));
    // What it takes of the storage is given back where it is forgotten.
    Found { id: file.id, conversation: file.conversation_id, body, file: Some(stored), bytes: 0 }
}

/// Forgets messages, and answers that nobody has sent, whose files are gone.
pub fn forget_messages(conn: &mut PgConnection, tenant: TenantId, id: ErasureId, found: &[Found]) -> Result<()> {
    let row = of(tenant).filter(erasures::id.eq(id)).select(Erasure::as_select()).for_update();
    let erasure: Erasure = row.first(conn)?;
    let ids: Vec<Uuid> = found.iter().map(|message| message.id.get()).collect();
    let bodies = match erasure.keeps_messages {
        false => None,
        true => {
            let people = model::people(conn, tenant, erasure.customer_id)?;
            let person = traces::person(conn, tenant, &people)?;
            Some(found.iter().map(|message| person.taken_out_of(&message.body)).collect::<Vec<String>>())
        }
    };
    let forgotten = sql::switchboard_forget_messages(tenant.get(), id.get(), ids, bodies);
    let counts: Value = diesel::select(forgotten).get_result(conn)?;
    let unsent: Vec<MessageId> = found.iter().map(|message| message.id).collect();
    attachments::forget(conn, tenant, &unsent)?;
    let files = found.iter().filter(|message| message.file.is_some()).count();
    let bytes: i64 = found.iter().map(|message| message.bytes).sum();
    if bytes > 0 {
        limits::drop_file(conn, tenant, bytes)?;
    }
    let counts = sum(&sum(&erasure.counts, &counts), &json!({ "files": files }));
    count(conn, tenant, &erasure, &counts)?;
    let threads: std::collections::BTreeSet<ConversationId> =
        found.iter().map(|message| message.conversation).collect();
    threads.into_iter().try_for_each(|thread| live::announce(conn, tenant, CHANGED, thread.get()))
}

/// Looks through the next stored events, entries of the log or rows of imports.
fn scan(conn: &mut PgConnection, tenant: TenantId, erasure: &Erasure, people: &[CustomerId]) -> Result<()> {
    let words = traces::words(conn, tenant, people)?;
    let (own, beyond) = (erasure.id.get(), erasure.cursor.unwrap_or(Uuid::nil()));
    let (table, after, (last, changed)): (_, _, (Option<Uuid>, i64)) = match erasure.stage {
        Stage::Events => {
            let scanned = sql::switchboard_forget_events(tenant.get(), own, words, beyond, SCANNED);
            ("webhook_events", Stage::Log, diesel::select(scanned).get_result(conn)?)
        }
        Stage::Log => {
            let scanned = sql::switchboard_forget_log(tenant.get(), own, words, beyond, SCANNED);
            ("audit_entries", Stage::Imports, diesel::select(scanned).get_result(conn)?)
        }
        _ => {
            let ids: Vec<Uuid> = people.iter().map(|id| id.get()).collect();
            let scanned = sql::switchboard_forget_imported(tenant.get(), own, ids, words, beyond);
            ("import_rows", Stage::Files, diesel::select(scanned).get_result(conn)?)
        }
    };
    let counts = sum(&erasure.counts, &json!({ table: changed }));
    count(conn, tenant, erasure, &counts)?;
    match last {
        Some(_) => go_on(conn, tenant, erasure, erasure.stage, last),
        None => go_on(conn, tenant, erasure, after, None),
    }
}

/// The last step. A message that came in while the others were forgotten sends the erasure back to them.
fn finish(conn: &mut PgConnection, tenant: TenantId, erasure: &Erasure, people: &[CustomerId]) -> Result<Next> {
    let words = traces::words(conn, tenant, people)?;
    traces::hold_threads(conn, tenant, people)?;
    if !messages(conn, tenant, erasure, people)?.is_empty() {
        return go_on(conn, tenant, erasure, Stage::Messages, None).map(|()| Next::More);
    }
    let ids: Vec<Uuid> = people.iter().map(|id| id.get()).collect();
    let own = erasure.id.get();
    let (at, keeps) = (tenant.get(), erasure.keeps_messages);
    let calls = sql::switchboard_forget_calls(at, own, ids.clone(), words.clone(), keeps);
    let calls: Value = diesel::select(calls).get_result(conn)?;
    let person = sql::switchboard_forget_person(at, own, ids, words, keeps);
    let counts: Value = diesel::select(person).get_result(conn)?;
    let labels = json!({ "conversation_labels": labelling::forget(conn, tenant, people)? });
    let counts = sum(&sum(&sum(&erasure.counts, &calls), &counts), &labels);
    let now = Utc::now();
    diesel::update(of(tenant).filter(erasures::id.eq(erasure.id)))
        .set((
            erasures::stage.eq(Stage::Done),
            erasures::counts.eq(&counts),
            erasures::completed_at.eq(now),
            erasures::updated_at.eq(now),
        ))
        .execute(conn)?;
    audit::record(conn, tenant, &Entry::new("erased", "customers", erasure.customer_id.get()).after(&counts))?;
    if let Some(case) = erasure.case_id {
        history::keep(conn, tenant, case, Step::Erased, None, erasure.requested_by)?;
        live::announce(conn, tenant, CASE_CHANGED, case.get())?;
    }
    if let Some(task) = erasure.task_id {
        tasks::complete(conn, tenant, task, &json!({ "erasure": erasure.id, "counts": counts }), None)?;
    }
    live::announce(conn, tenant, CUSTOMER_CHANGED, erasure.customer_id.get())?;
    Ok(Next::Done)
}

pub(super) fn go_on(
    conn: &mut PgConnection,
    tenant: TenantId,
    erasure: &Erasure,
    stage: Stage,
    cursor: Option<Uuid>,
) -> Result<()> {
    let set = (erasures::stage.eq(stage), erasures::cursor.eq(cursor), erasures::updated_at.eq(Utc::now()));
    diesel::update(of(tenant).filter(erasures::id.eq(erasure.id))).set(set).execute(conn)?;
    Ok(())
}

/// Notes what is gone so far, for the certificate and for those who watch.
pub(super) fn count(conn: &mut PgConnection, tenant: TenantId, erasure: &Erasure, counts: &Value) -> Result<()> {
    let set = (erasures::counts.eq(counts), erasures::updated_at.eq(Utc::now()));
    diesel::update(of(tenant).filter(erasures::id.eq(erasure.id))).set(set).execute(conn)?;
    let Some(task) = erasure.task_id else { return Ok(()) };
    let done = counts["messages"].as_i64().unwrap_or(0);
    let total = tasks::find(conn, tenant, task)?.total.map(|total| total.max(done));
    tasks::progress(conn, tenant, task, Progress { total, done, refused: 0 })?;
    Ok(())
}

/// Two objects of counts as one.
pub(super) fn sum(one: &Value, other: &Value) -> Value {
    let mut counts: Map<String, Value> = one.as_object().cloned().unwrap_or_default();
    for (table, more) in other.as_object().into_iter().flatten() {
        let was = counts.get(table).and_then(Value::as_i64).unwrap_or(0);
        counts.insert(table.clone(), json!(was + more.as_i64().unwrap_or(0)));
    }
    Value::Object(counts)
}
