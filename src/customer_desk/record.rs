//! A customer's page: what is read for it, in one transaction.

use super::timeline::{self, Happening, Window};
use crate::conversations::listing::{self, Brief};
use crate::conversations::model::{ConversationId, Scope};
use crate::customers::addresses;
use crate::customers::attributes::{self, Definition};
use crate::customers::changes::{self, Record};
use crate::customers::model::{self as customers, CustomerId, Identity};
use crate::customers::reads::{self, First, Reads};
use crate::customers::states::{self, StateChange};
use crate::customers::{labels as stuck, note::Opened};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::labels::model::{self as labels, Label};
use crate::users::model::{UserId, names};
use diesel::PgConnection;

/// What a page of a customer shows.
#[derive(Debug)]
pub struct Found {
    pub record: Record,
    pub opened: Opened,
    pub definitions: Vec<Definition>,
    pub identities: Vec<Identity>,
    pub labels: Vec<Label>,
    pub all_labels: Vec<Label>,
    pub conversations: Vec<Brief>,
    pub states: Vec<StateChange>,
    pub happenings: Vec<Happening>,
    pub has_older: bool,
    /// Everybody who is named on the page.
    pub people: Vec<(UserId, String)>,
    /// To be kept once the transaction is over.
    pub first_look: Option<First>,
}

/// Whose page, and who looks at it.
pub struct Asked {
    pub id: CustomerId,
    pub scope: Scope,
    /// Which happenings.
    pub window: Window,
    /// Looks are written down here; None where no look is one, as for a part of the page.
    pub reads: Option<Reads>,
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, asked: &Asked) -> Result<Found> {
    let record = changes::find(conn, tenant, asked.id)?;
    let first_look = asked.reads.as_ref().and_then(|reads| reads.first(asked.scope.reader.get(), asked.id));
    if first_look.is_some() {
        reads::note(conn, tenant, asked.id)?;
    }
    let conversations = listing::of_customer(conn, tenant, asked.scope, asked.id)?;
    let threads: Vec<ConversationId> = conversations.iter().map(|thread| thread.id).collect();
    let (happenings, has_older) = timeline::page(conn, tenant, asked.id, &threads, asked.window)?;
    let states = states::history(conn, tenant, asked.id)?;
    let named = happenings.iter().filter_map(|happening| happening.by.map(UserId::from));
    let named = named.chain(states.iter().filter_map(|change| change.user_id));
    let mut named: Vec<UserId> = named.chain(conversations.iter().filter_map(|thread| thread.assignee)).collect();
    named.sort_unstable();
    named.dedup();
    let stuck = stuck::of_customers(conn, tenant, &[asked.id])?;
    Ok(Found {
        opened: Opened::of(vault, &record)?,
        definitions: attributes::definitions(conn, tenant)?,
        identities: match record.deleted_at {
            None => customers::identities(conn, tenant, asked.id)?,
            Some(_) => addresses::resting(conn, tenant, asked.id)?,
        },
        labels: stuck.into_iter().map(|(_, label)| label).collect(),
        all_labels: labels::list(conn, tenant, false)?,
        people: names(conn, tenant, &named)?,
        record,
        conversations,
        states,
        happenings,
        has_older,
        first_look,
    })
}
