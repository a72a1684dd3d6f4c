//! The two records themselves: what the joined one says, and what each says once they are two again.

use super::choice::{Choice, FIELDS};
use super::model::{Merge, MergeId};
use super::moving::{self, Noted};
use super::record::{row, seal, write};
use crate::customers::attributes::Values;
use crate::customers::changes::{self, Record};
use crate::customers::model::{CustomerId, CustomerState};
use crate::customers::note;
use crate::kit::audit::difference;
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::kit::vault::{Vault, place};
use diesel::prelude::*;
use diesel::sql_types::{Array, Binary, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Two records that nobody else changes until the transaction ends.
pub(super) struct Pair {
    kept: Whole,
    lost: Whole,
}

/// A record with what is sealed in it.
struct Whole {
    record: Record,
    note: Option<String>,
    sensitive: Values,
}

/// Note and sensitive fields of the kept record, before and after.
#[derive(Debug, Serialize, Deserialize)]
struct Words {
    note: (Option<String>, Option<String>),
    sensitive: (Values, Values),
}

/// Fields that a merge changed.
pub(super) struct Changes {
    pub before: Value,
    pub after: Value,
}

/// Locked in the order of their ids, and so that nothing new can point at either of them meanwhile.
const HOLD: &str = "SELECT id FROM customers WHERE tenant_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE";

impl Pair {
    pub(super) fn hold(
        conn: &mut PgConnection,
        tenant: TenantId,
        vault: &Vault,
        kept: CustomerId,
        lost: CustomerId,
    ) -> Result<Self> {
        let both = [kept.get(), lost.get()];
        let query = diesel::sql_query(HOLD).bind::<SqlUuid, _>(tenant).bind::<Array<SqlUuid>, _>(both.as_slice());
        query.execute(conn)?;
        let mut whole = |id: CustomerId| {
            let record = changes::find(conn, tenant, id)?;
            let (note, sensitive) = (record.note(vault)?, record.sensitive(vault)?);
            Ok::<_, Error>(Whole { record, note, sensitive })
        };
        Ok(Self { kept: whole(kept)?, lost: whole(lost)? })
    }

    pub(super) fn records(&self) -> [&Record; 2] {
        [&self.kept.record, &self.lost.record]
    }

    /// # Errors
    /// `Refused` when one of the two has gone since they were joined.
    pub(super) fn must_be_splittable(&self) -> Result<()> {
        let (kept, lost) = (&self.kept, &self.lost);
        if matches!(kept.record.state, CustomerState::Deleted | CustomerState::Erased) {
            let word = kept.record.state.word();
            return Err(Error::Refused(format!(
                "{} was {word} and cannot be taken apart any more.",
                kept.record.title()
            )));
        }
        if lost.record.state != CustomerState::Deleted || lost.record.merged_into_id != Some(kept.record.id) {
            return Err(Error::Refused("The other record is no longer part of this one.".into()));
        }
        restriction(self.records()).map_or(Ok(()), |why| Err(Error::Refused(why)))
    }

    pub(super) fn lost_state(&self) -> CustomerState {
        self.lost.record.state
    }

    pub(super) fn kept_title(&self) -> String {
        self.kept.record.title()
    }
}

/// Why two records cannot be joined, in a sentence.
pub(super) fn hindrance(both: [&Record; 2]) -> Option<String> {
    let [one, other] = both;
    if one.id == other.id {
        return Some("These are one and the same record.".into());
    }
    let gone = both.into_iter().find(|record| matches!(record.state, CustomerState::Deleted | CustomerState::Erased));
    match gone {
        Some(record) => Some(format!("{} was {} and cannot be joined.", record.title(), record.state.word())),
        None => restriction(both),
    }
}

/// Why these people's data may not be moved: what else forbids that, such as a legal hold, belongs here.
fn restriction(both: [&Record; 2]) -> Option<String> {
    let restricted = both.into_iter().find(|record| record.restricted_at.is_some())?;
    let name = restricted.title();
    Some(format!("The use of {name}'s data is restricted. End the restriction first; nothing was changed."))
}

/// Gives the kept record the chosen values. The other keeps its own, deleted as it is by now.
pub(super) fn join(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    merge: MergeId,
    Pair { kept, lost }: &Pair,
    choice: &Choice,
) -> Result<Changes> {
    let id = kept.record.id;
    let (mine, theirs) = (row(conn, tenant, id)?, row(conn, tenant, lost.record.id)?);
    let mut chosen: Map<String, Value> =
        FIELDS.iter().map(|field| ((*field).to_owned(), choice.field(field, &mine[*field], &theirs[*field]))).collect();
    settle_type(&mut chosen, choice)?;
    let seen = kept.record.last_seen_at.max(lost.record.last_seen_at);
    chosen.insert(
        "last_seen_at".into(),
        if seen == kept.record.last_seen_at { mine["last_seen_at"].clone() } else { theirs["last_seen_at"].clone() },
    );
    chosen.insert("attributes".into(), Value::Object(choice.values(&kept.record.values(), &lost.record.values())));
    let before: Map<String, Value> = chosen.keys().map(|field| (field.clone(), mine[field].clone())).collect();
    let changed: Vec<String> = chosen.keys().filter(|field| chosen[*field] != before[*field]).cloned().collect();
    let only = |values: &Map<String, Value>| -> Value {
        Value::Object(changed.iter().map(|field| (field.clone(), values[field].clone())).collect())
    };
    let noted = Noted { row_key: json!({ "id": id }), before: only(&before), after: only(&chosen) };
    moving::note(conn, tenant, merge, "customers", &noted)?;
    write(conn, tenant, id, &chosen)?;
    let note = choice.note(kept.note.clone(), lost.note.clone());
    if note.as_ref().is_some_and(|note| note.chars().count() > note::MOST) {
        return Err(Error::Refused(format!("Both notes together have more than {} characters. Keep one.", note::MOST)));
    }
    let sensitive = choice.values(&kept.sensitive, &lost.sensitive);
    seal(conn, tenant, vault, id, note.as_deref(), &sensitive)?;
    let words = Words { note: (kept.note.clone(), note), sensitive: (kept.sensitive.clone(), sensitive) };
    remember(conn, tenant, vault, merge, lost.record.id, &words)?;
    set_primary(conn, tenant, merge, id)?;
    let told = difference(&noted.before, &noted.after)?;
    let (before, after) = told.unwrap_or_default();
    Ok(Changes { before, after })
}

/// The type must fit what is known; one that nobody chose is made to fit.
fn settle_type(chosen: &mut Map<String, Value>, choice: &Choice) -> Result<()> {
    let has = |field: &str| !chosen[field].is_null();
    let is_somebody = ["first_name", "last_name", "phone", "email"].into_iter().any(has);
    let is_reachable = has("phone") && has("email");
    let kind = chosen["customer_type"].as_str().unwrap_or_default().to_owned();
    match kind.as_str() {
        "regular" if !is_reachable => Err(Error::Refused(
            "A regular customer needs a phone number and an email address. Keep both, or choose another type.".into(),
        )),
        "anonymous" if is_somebody && !choice.fields.contains_key("customer_type") => {
            chosen.insert("customer_type".into(), json!("new"));
            Ok(())
        }
        "anonymous" => Ok(()),
        _ if !is_somebody => Err(Error::Refused("Keep at least a name, a phone number or an email address.".into())),
        _ => Ok(()),
    }
}

fn remember(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    merge: MergeId,
    lost: CustomerId,
    words: &Words,
) -> Result<()> {
    let plain = serde_json::to_vec(words)?;
    let sealed = vault.seal(&place("customer_merges.sealed_words", merge), &plain);
    diesel::sql_query(
        "WITH gone AS (UPDATE customers SET merged_into_id = m.kept_id FROM customer_merges m \
             WHERE m.tenant_id = $1 AND m.id = $2 AND customers.tenant_id = $1 AND customers.id = $4) \
         UPDATE customer_merges SET sealed_words = $3 WHERE tenant_id = $1 AND id = $2",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(merge)
    .bind::<Binary, _>(sealed)
    .bind::<SqlUuid, _>(lost)
    .execute(conn)?;
    Ok(())
}

/// Primary are the phone and the email address that stand in the record.
fn set_primary(conn: &mut PgConnection, tenant: TenantId, merge: MergeId, id: CustomerId) -> Result<()> {
    let changed: Vec<Noted> = diesel::sql_query(
        "UPDATE customer_identities i SET is_primary = NOT is_primary FROM customers c \
         WHERE c.tenant_id = $1 AND c.id = $2 AND i.tenant_id = $1 AND i.customer_id = $2 AND i.deleted_at IS NULL \
             AND i.is_primary <> COALESCE((i.kind = 'phone' AND i.value = c.phone) OR (i.kind = 'email' AND i.value = c.email), false) \
         RETURNING jsonb_build_object('id', i.id) AS row_key, jsonb_build_object('is_primary', NOT i.is_primary) AS before, \
             jsonb_build_object('is_primary', i.is_primary) AS after",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(id)
    .load(conn)?;
    for row in changed {
        moving::note(conn, tenant, merge, "customer_identities", &row)?;
    }
    Ok(())
}

/// Gives the kept record back what the merge had changed and nobody has changed since.
pub(super) fn part(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, merge: &Merge, pair: &Pair) -> Result<()> {
    let id = merge.kept_id;
    let now = row(conn, tenant, id)?;
    let noted = moving::noted(conn, tenant, merge.id, "customers")?;
    let of_kept = noted.into_iter().find(|noted| noted.row_key == json!({ "id": id }));
    let empty = json!({});
    let (before, after) = of_kept.as_ref().map_or((&empty, &empty), |noted| (&noted.before, &noted.after));
    let mut values: Map<String, Value> = before.as_object().cloned().unwrap_or_default();
    values.retain(|field, _| now[field] == after[field] && field != "attributes");
    if let (Some(was), Some(is)) = (before["attributes"].as_object(), after["attributes"].as_object()) {
        values.insert("attributes".into(), Value::Object(taken_back(&pair.kept.record.values(), was, is)));
    }
    settle_after(&mut values, &now);
    write(conn, tenant, id, &values)?;
    let Some(sealed) = &merge.sealed_words else { return Ok(()) };
    let plain = vault.open(&place("customer_merges.sealed_words", merge.id), sealed)?;
    let words: Words = serde_json::from_slice(plain.expose())?;
    let is_touched = pair.kept.note != words.note.1;
    let note = if is_touched { pair.kept.note.clone() } else { words.note.0 };
    let sensitive = taken_back(&pair.kept.sensitive, &words.sensitive.0, &words.sensitive.1);
    seal(conn, tenant, vault, id, note.as_deref(), &sensitive)
}

/// `now` with what is still as in `after` as it was `before`.
fn taken_back(now: &Values, before: &Values, after: &Values) -> Values {
    let mut values = now.clone();
    for key in before.keys().chain(after.keys()).filter(|key| now.get(*key) == after.get(*key)) {
        match before.get(key) {
            Some(value) => drop(values.insert(key.clone(), value.clone())),
            None => drop(values.remove(key)),
        }
    }
    values
}

/// What was edited since may not fit what goes back: the type gives way.
fn settle_after(values: &mut Map<String, Value>, now: &Map<String, Value>) {
    let has = |field: &str| !values.get(field).unwrap_or(&now[field]).is_null();
    let is_somebody = ["first_name", "last_name", "phone", "email"].into_iter().any(has);
    let is_reachable = has("phone") && has("email");
    let kind = values.get("customer_type").unwrap_or(&now["customer_type"]).as_str().unwrap_or_default();
    let fitting = match kind {
        "anonymous" => return,
        _ if !is_somebody => "anonymous",
        "regular" if !is_reachable => "unregistered",
        _ => return,
    };
    values.insert("customer_type".into(), json!(fitting));
}
