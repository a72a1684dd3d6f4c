//! Who is told of a missed call: the owner of the conversation with whoever called, else all who could call back.

use super::model::CallId;
use crate::conversations::{chats, model as conversations};
use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::notifications::model::{Kind, To, notify};
use crate::numbers::model::NumberId;
use diesel::PgConnection;

const CALLERS: [&str; 3] = ["TENANT_ADMIN", "MANAGER", "AGENT"];

pub(super) fn missed(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CallId,
    thread: Option<(NumberId, CustomerId)>,
) -> Result<()> {
    let conversation = match thread {
        Some((number, customer)) => chats::between(conn, tenant, number, customer)?,
        None => None,
    };
    let owner = match conversation {
        Some(conversation) => conversations::get(conn, tenant, conversation)?.assignee_id,
        None => None,
    };
    match owner {
        Some(owner) => notify(conn, tenant, To::Users(&[owner]), Kind::MissedCall, id.get()),
        None => notify(conn, tenant, To::Roles(&CALLERS), Kind::MissedCall, id.get()),
    }
}
