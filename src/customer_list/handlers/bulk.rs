//! Changes of many customers: asked for, reported, undone.

use super::{asker, page};
use crate::bulk_changes::model::{self, BulkChange, BulkChangeId, Change, Wish};
use crate::bulk_changes::{report, work};
use crate::customer_list::form::BulkForm;
use crate::customer_list::look::Look;
use crate::customer_list::screens::{Changed, Confirm};
use crate::customer_list::view::{self, Aside, HERE};
use crate::customers::attributes;
use crate::customers::filter::{Filter, Standing};
use crate::customers::listing::{self, Order};
use crate::customers::model::{CustomerId, CustomerState};
use crate::kit::access::{Access, DeleteCustomers, EditCustomers, Permission, ViewAllTasks};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::page as paging;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::labels::model as labels;
use crate::users::model::{UserId, names};
use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use diesel::PgConnection;
use serde::Deserialize;

/// What became of asking for a change.
enum Made {
    /// It is to be confirmed first.
    Asked(Box<Confirm>),
    Begun,
}

pub async fn create(access: Access<EditCustomers>, form: Form<BulkForm>, vault: Data<Vault>) -> Result<HttpResponse> {
    let typed = form.0.clone();
    let (id, change, form) = match form.0.validate() {
        Ok(valid) => valid,
        Err(form) => return rejected(&access, &vault, form).await,
    };
    if change == Change::SetState(CustomerState::Deleted) && !access.may::<DeleteCustomers>() {
        return Err(Error::Forbidden);
    }
    match begin(&access, &vault, id, change, form).await {
        Ok(Made::Asked(question)) => access.show(&*question),
        // Sent twice: it was made the first time.
        Ok(Made::Begun) | Err(Error::Taken(_)) => access.go(&format!("{HERE}/changes/{id}")),
        Err(Error::Refused(why)) => {
            let mut form = typed;
            form.errors.add("", why);
            rejected(&access, &vault, form).await
        }
        Err(error) => Err(error),
    }
}

async fn begin(
    access: &Access<EditCustomers>,
    vault: &Vault,
    id: BulkChangeId,
    change: Change,
    form: BulkForm,
) -> Result<Made> {
    let (look, asker, by) = (Look::parse(&form.query), asker(access, vault), UserId::from(access.who().user));
    let wish = Wish { change, may_restore: access.may::<DeleteCustomers>() };
    let picks = form.everyone.is_empty().then(|| form.picks());
    let is_confirmed = !form.confirmed.is_empty();
    let made = access.run(move |conn, tenant| {
        let filter = match picks {
            Some(picks) => Filter { picked: Some(picks), standing: any(change), ..Filter::default() },
            None => {
                let definitions = attributes::definitions(conn, tenant)?;
                let wrong = |_| Error::Refused("This list cannot be looked for. Please correct its filter.".into());
                look.filter(&definitions, &asker).map_err(wrong)?
            }
        };
        let label = label_name(conn, tenant, change)?;
        if !is_confirmed && (filter.picked.is_none() || change == Change::SetState(CustomerState::Deleted)) {
            return Ok((Some(listing::count(conn, tenant, &filter)?), label));
        }
        work::begin(conn, tenant, id, wish, &filter, &view::titled(change, label.as_deref()), by)?;
        Ok((None, label))
    });
    Ok(match made.await? {
        (Some(count), label) => Made::Asked(Box::new(view::confirm(access, &form, change, label.as_deref(), count))),
        (None, _) => Made::Begun,
    })
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

async fn rejected(access: &Access<EditCustomers>, vault: &Vault, form: BulkForm) -> Result<HttpResponse> {
    let problem = form.errors.iter().next().map(|(_, why)| why.to_owned());
    let aside = Aside { problem, picked: form.picks(), ..Aside::default() };
    let screen = page(access, Look::parse(&form.query), vault, aside).await?;
    access.show(&screen)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Place {
    after: String,
}

/// The report.
pub async fn show(
    access: Access<EditCustomers>,
    id: Path<BulkChangeId>,
    Query(place): Query<Place>,
) -> Result<HttpResponse> {
    let screen = report_of(&access, *id, place.after.parse().ok()).await?;
    access.show(&screen)
}

async fn report_of(access: &Access<EditCustomers>, id: BulkChangeId, after: Option<CustomerId>) -> Result<Changed> {
    let see = seer(access);
    let may_delete = access.may::<DeleteCustomers>();
    let found = access.run(move |conn, tenant| {
        let change = see(model::find(conn, tenant, id)?)?;
        let (rows, has_more) = paging::cut(report::unchanged(conn, tenant, id, after, report::PAGE)?, report::PAGE);
        let picked = Filter {
            picked: Some(rows.iter().map(|row| row.customer_id).collect()),
            standing: Standing::Any,
            ..Filter::default()
        };
        let customers = listing::page(conn, tenant, &picked, Order::default(), None, report::PAGE)?;
        let people: Vec<UserId> = [Some(change.created_by), change.undone_by].into_iter().flatten().collect();
        let people = names(conn, tenant, &people)?;
        let name = |id: UserId| people.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone());
        let wish = change.wish()?.change;
        Ok(view::Report {
            label: label_name(conn, tenant, wish)?,
            by: name(change.created_by).unwrap_or_default(),
            undone_by: change.undone_by.and_then(name),
            counts: report::counts(conn, tenant, id)?,
            next: rows.last().filter(|_| has_more).map(|row| row.customer_id),
            names: customers.iter().map(|row| (row.id, row.name())).collect(),
            may_undo: may_delete || !is_about_deleting(wish),
            is_working: is_working(conn, tenant, &change)?,
            rows,
            change,
        })
    });
    view::changed(access, found.await?)
}

fn is_about_deleting(change: Change) -> bool {
    matches!(change, Change::SetState(CustomerState::Deleted | CustomerState::Active))
}

fn is_working(conn: &mut PgConnection, tenant: TenantId, change: &BulkChange) -> Result<bool> {
    match change.undo_task_id {
        Some(task) => Ok(!crate::tasks::model::find(conn, tenant, task)?.is_over()),
        None => Ok(false),
    }
}

/// Takes it back.
pub async fn undo(access: Access<EditCustomers>, id: Path<BulkChangeId>) -> Result<HttpResponse> {
    let (id, by, see) = (*id, UserId::from(access.who().user), seer(&access));
    let may_delete = access.may::<DeleteCustomers>();
    let undone = access.run(move |conn, tenant| {
        let wish = see(model::find(conn, tenant, id)?)?.wish()?.change;
        if is_about_deleting(wish) && !may_delete {
            return Err(Error::Forbidden);
        }
        let title = format!("Undo: {}", view::titled(wish, label_name(conn, tenant, wish)?.as_deref()));
        work::begin_undo(conn, tenant, id, &title, by)
    });
    undone.await?;
    access.go(&format!("{HERE}/changes/{id}"))
}

/// Somebody else's is not there, but for administrators.
fn seer<P: Permission>(access: &Access<P>) -> impl FnOnce(BulkChange) -> Result<BulkChange> + Send + use<P> {
    let (user, sees_all) = (UserId::from(access.who().user), access.may::<ViewAllTasks>());
    move |change| if sees_all || change.created_by == user { Ok(change) } else { Err(Error::NotFound) }
}
