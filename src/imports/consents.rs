//! Consents that rows bring along: entries of the ledger, with the row as their evidence.

use super::choices::{CHANNELS, PURPOSES};
use super::verdict::Consent;
use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::users::model::UserId;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text, Uuid as SqlUuid};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(QueryableByName)]
struct State {
    #[diesel(sql_type = SqlUuid)]
    customer_id: Uuid,
    #[diesel(sql_type = Text)]
    purpose: String,
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(sql_type = Bool)]
    is_given: bool,
}

/// By customer: what stands in the ledger as the latest word on each purpose and channel.
type States = HashMap<CustomerId, HashMap<(&'static str, &'static str), bool>>;

/// What these customers have agreed to or taken back.
pub fn states(conn: &mut PgConnection, tenant: TenantId, customers: &[CustomerId]) -> Result<States> {
    const SQL: &str = "SELECT customer_id, purpose::text AS purpose, channel::text AS channel, \
                       state = 'given' AS is_given FROM consent_states \
                       WHERE tenant_id = $1 AND customer_id = ANY($2)";
    let rows: Vec<State> = diesel::sql_query(SQL)
        .bind::<SqlUuid, _>(tenant.get())
        .bind::<Array<SqlUuid>, _>(customers.iter().map(|id| id.get()).collect::<Vec<Uuid>>())
        .load(conn)?;
    let mut states = States::new();
    for row in rows {
        let known = |list: &[&'static str], word: &str| list.iter().copied().find(|known| *known == word);
        if let (Some(purpose), Some(channel)) = (known(PURPOSES, &row.purpose), known(CHANNELS, &row.channel)) {
            states.entry(CustomerId::from(row.customer_id)).or_default().insert((purpose, channel), row.is_given);
        }
    }
    Ok(states)
}

/// Adds to the ledger: (customer, consent, evidence).
pub(super) fn add(
    conn: &mut PgConnection,
    tenant: TenantId,
    by: UserId,
    entries: &[(CustomerId, Consent, String)],
) -> Result<()> {
    const SQL: &str = "INSERT INTO consents (tenant_id, id, customer_id, purpose, channel, state, lawful_basis, source, \
                       evidence, user_id, occurred_at) \
                       SELECT $1, new.id, new.customer_id, new.purpose::consent_purpose, new.channel::consent_channel, \
                       CASE WHEN new.is_given THEN 'given' ELSE 'withdrawn' END::consent_state, 'consent', 'import', \
                       new.evidence, $8, now() \
                       FROM unnest($2, $3, $4, $5, $6, $7) AS new (id, customer_id, purpose, channel, is_given, evidence)";
    if entries.is_empty() {
        return Ok(());
    }
    diesel::sql_query(SQL)
        .bind::<SqlUuid, _>(tenant.get())
        .bind::<Array<SqlUuid>, _>(entries.iter().map(|_| Uuid::now_v7()).collect::<Vec<Uuid>>())
        .bind::<Array<SqlUuid>, _>(entries.iter().map(|(id, ..)| id.get()).collect::<Vec<Uuid>>())
        .bind::<Array<Text>, _>(entries.iter().map(|(_, (purpose, ..), _)| *purpose).collect::<Vec<&str>>())
        .bind::<Array<Text>, _>(entries.iter().map(|(_, (_, channel, _), _)| *channel).collect::<Vec<&str>>())
        .bind::<Array<Bool>, _>(entries.iter().map(|(_, (.., given), _)| *given).collect::<Vec<bool>>())
        .bind::<Array<Text>, _>(entries.iter().map(|(.., evidence)| evidence.as_str()).collect::<Vec<&str>>())
        .bind::<SqlUuid, _>(by.get())
        .execute(conn)?;
    Ok(())
}
