//! Changes of many as the list asks for them: whom they are about, and what is told of them afterwards.

use super::look::Look;
use super::wish::Asker;
use crate::bulk_changes::model::{self, BulkChange, BulkChangeId, Change, Outcome, Wish};
use crate::bulk_changes::report::{self, Row};
use crate::bulk_changes::work;
use crate::customers::attributes;
use crate::customers::filter::{Filter, Standing};
use crate::customers::listing::{self, Order};
use crate::customers::model::{CustomerId, CustomerState};
use crate::kit::error::{Error, Result};
use crate::kit::page;
use crate::kit::tenant::TenantId;
use crate::labels::model as labels;
use crate::tasks::model as tasks;
use crate::users::model::{UserId, names};
use diesel::PgConnection;

/// Who wants to change whom.
pub struct Asked {
    pub id: BulkChangeId,
    pub wish: Wish,
    /// None: everybody whom the list shows.
    pub picked: Option<Vec<CustomerId>>,
    pub look: Look,
    pub is_confirmed: bool,
    pub by: UserId,
}

/// What became of asking.
pub enum Made {
    /// So many would be changed: that is to be confirmed first.
    Question(i64),
    Begun,
}

/// Somebody who wants to see a change, and may see others' or not.
#[derive(Debug, Clone, Copy)]
pub struct Seer {
    pub user: UserId,
    pub sees_all: bool,
    pub may_delete: bool,
}

impl Seer {
    /// # Errors
    /// `NotFound` for somebody else's.
    fn find(self, conn: &mut PgConnection, tenant: TenantId, id: BulkChangeId) -> Result<BulkChange> {
        let change = model::find(conn, tenant, id)?;
        if self.sees_all || change.created_by == self.user { Ok(change) } else { Err(Error::NotFound) }
    }
}

/// Begins a change, or asks whether it is meant; with the name of the label that it is about.
///
/// # Errors
/// `Refused` for a list that cannot be understood; `NotFound` for a label that there is not; `Taken` for a form that was
/// sent before.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, asked: Asked, asker: &Asker) -> Result<(Made, Option<String>)> {
    let change = asked.wish.change;
    let filter = match asked.picked {
        Some(picked) => Filter { picked: Some(picked), standing: any(change), ..Filter::default() },
        None => {
            let definitions = attributes::definitions(conn, tenant)?;
            let wrong = |_| Error::Refused("This list cannot be looked for. Please correct its filter.".into());
            asked.look.filter(&definitions, asker).map_err(wrong)?
        }
    };
    let label = label_name(conn, tenant, change)?;
    let is_grave = filter.picked.is_none() || change == Change::SetState(CustomerState::Deleted);
    if is_grave && !asked.is_confirmed {
        return Ok((Made::Question(listing::count(conn, tenant, &filter)?), label));
    }
    work::begin(conn, tenant, asked.id, asked.wish, &filter, &change.title(label.as_deref()), asked.by)?;
    Ok((Made::Begun, label))
}

/// Whoever was picked is meant, also when somebody else has moved them meanwhile: the report says what came of it.
fn any(change: Change) -> Standing {
    match change {
        Change::SetState(CustomerState::Active) => Standing::Any,
        _ => Standing::Present,
    }
}

fn label_name(conn: &mut PgConnection, tenant: TenantId, change: Change) -> Result<Option<String>> {
    match change {
        Change::AddLabel(label) | Change::RemoveLabel(label) => Ok(Some(labels::find(conn, tenant, label)?.name)),
        _ => Ok(None),
    }
}

/// What came of a change.
pub struct Report {
    pub change: BulkChange,
    pub label: Option<String>,
    pub by: String,
    pub undone_by: Option<String>,
    pub counts: Vec<(Outcome, i64)>,
    pub rows: Vec<Row>,
    pub names: Vec<(CustomerId, String)>,
    pub next: Option<CustomerId>,
    pub may_undo: bool,
    /// It is being taken back.
    pub is_working: bool,
}

/// # Errors
/// `NotFound`, also for somebody else's.
pub fn report(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: BulkChangeId,
    after: Option<CustomerId>,
    seer: Seer,
) -> Result<Report> {
    let change = seer.find(conn, tenant, id)?;
    let (rows, has_more) = page::cut(report::unchanged(conn, tenant, id, after, report::PAGE)?, report::PAGE);
    let picked = rows.iter().map(|row| row.customer_id).collect();
    let these = Filter { picked: Some(picked), standing: Standing::Any, ..Filter::default() };
    let customers = listing::page(conn, tenant, &these, Order::default(), None, report::PAGE)?;
    let people: Vec<UserId> = [Some(change.created_by), change.undone_by].into_iter().flatten().collect();
    let people = names(conn, tenant, &people)?;
    let name = |id: UserId| people.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone());
    let wish = change.wish()?.change;
    Ok(Report {
        label: label_name(conn, tenant, wish)?,
        by: name(change.created_by).unwrap_or_default(),
        undone_by: change.undone_by.and_then(name),
        counts: report::counts(conn, tenant, id)?,
        next: rows.last().filter(|_| has_more).map(|row| row.customer_id),
        names: customers.iter().map(|row| (row.id, row.name())).collect(),
        may_undo: seer.may_delete || !wish.is_about_deleting(),
        is_working: match change.undo_task_id {
            Some(task) => !tasks::find(conn, tenant, task)?.is_over(),
            None => false,
        },
        rows,
        change,
    })
}

/// Takes it back.
///
/// # Errors
/// `NotFound`, also for somebody else's; `Forbidden` where restoring or deleting is not theirs; `Refused` as
/// [`work::begin_undo`].
pub fn undo(conn: &mut PgConnection, tenant: TenantId, id: BulkChangeId, seer: Seer) -> Result<()> {
    let change = seer.find(conn, tenant, id)?.wish()?.change;
    if change.is_about_deleting() && !seer.may_delete {
        return Err(Error::Forbidden);
    }
    let label = label_name(conn, tenant, change)?;
    work::begin_undo(conn, tenant, id, &format!("Undo: {}", change.title(label.as_deref())), seer.user)
}
