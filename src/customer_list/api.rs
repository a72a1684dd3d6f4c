//! `/api/v1/customers/exports`: customers taken out as files that are made in the background.

mod shapes;

use super::reading::own_columns;
use super::wish::Asker;
use crate::customer_exports::model::{self, Export};
use crate::customers::attributes::{self, Definition};
use crate::customers::columns::{self, Column};
use crate::customers::listing::{Order, Sort};
use crate::kit::access::{Client, ExportCustomers, ViewAddresses, ViewAllTasks};
use crate::kit::error::{Error, Result};
use crate::kit::form::Errors;
use crate::kit::headers::attachment;
use crate::kit::json::{Json, refused};
use crate::kit::problem::Problem;
use crate::kit::storage::Storage;
use crate::kit::vault::Vault;
use crate::tasks::model::{self as tasks, Task, TaskId};
use crate::tenants::days;
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH};
use actix_web::web::{Data, Path};
use shapes::{CustomerExport, NewExport, format};

/// Takes customers out: asks for a file of those whom the filter finds, oldest first, made in the background.
#[utoipa::path(
    post, path = "/api/v1/customers/exports", tag = "exports", operation_id = "createExport",
    request_body = NewExport,
    security(("bearer" = ["customers:export"])), responses((status = 202, body = CustomerExport))
)]
pub async fn create(
    client: Client<ExportCustomers>,
    body: Json<NewExport>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let NewExport { format: word, filter, columns } = body.0;
    let format = format(&word)?;
    let (user, sees_addresses) = (UserId::from(client.caller().user), client.may::<ViewAddresses>());
    let vault = vault.get_ref().clone();
    let asked = client.run(move |conn, tenant| {
        let definitions = attributes::definitions(conn, tenant)?;
        let chosen = match columns {
            Some(words) => known(&words, &definitions)?,
            None => own_columns(conn, tenant, user, &definitions)?,
        };
        let asker = Asker { sees_addresses, zone: days::zone(conn, tenant)?, vault };
        let filter = filter.look(&definitions)?.filter(&definitions, &asker).map_err(|errors| pointed(&errors))?;
        let order = Order { sort: Sort::Created, is_descending: false };
        let columns = chosen.iter().map(Column::word).collect();
        let export = Export { filter, order, columns, format, is_masked: !sees_addresses };
        let id = model::ask(conn, tenant, &export, user)?;
        model::asked(conn, tenant, id, None)
    });
    let (task, export) = asked.await?;
    client.accepted(&format!("/api/v1/customers/exports/{}", task.id), &CustomerExport::of(&task, &export))
}

/// # Errors
/// 422 for a column that there is not.
fn known(words: &[String], definitions: &[Definition]) -> Result<Vec<Column>> {
    let chosen = columns::chosen(Some(words), definitions);
    match words.iter().position(|word| chosen.iter().all(|column| column.word() != *word)) {
        Some(index) => Err(refused(&format!("columns/{index}"), "There is no such column.")),
        None => Ok(chosen),
    }
}

/// What the list's address says of its fields, at the members of the body.
fn pointed(errors: &Errors) -> Error {
    let mut moved = Errors::default();
    for (field, why) in errors.iter() {
        let place = field.strip_prefix("field.").and_then(|rest| rest.rsplit_once('.'));
        let place = place.map(|(key, how)| format!("filter/attributes/{key}/{how}"));
        moved.add(&place.unwrap_or_else(|| format!("filter/{field}")), why);
    }
    Problem::of_form(&moved).into()
}

/// Shows how far an export is, and until when its file can be taken; one's own, or everybody's with `tasks:read_all`.
#[utoipa::path(
    get, path = "/api/v1/customers/exports/{export}", tag = "exports", operation_id = "showExport",
    params(("export" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["customers:export"])), responses((status = 200, body = CustomerExport))
)]
pub async fn show(client: Client<ExportCustomers>, id: Path<TaskId>) -> Result<HttpResponse> {
    let (task, export) = find(&client, *id).await?;
    client.show(&CustomerExport::of(&task, &export))
}

/// Sends the file of an export, while it is offered; what was asked for with `customers:read_addresses` needs that here, too.
#[utoipa::path(
    get, path = "/api/v1/customers/exports/{export}/file", tag = "exports", operation_id = "showExportFile",
    params(("export" = Uuid, Path, description = "The export's id")),
    security(("bearer" = ["customers:export"])),
    responses((
        status = 200, description = "The table",
        content(
            (String = "text/csv; charset=utf-8"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )
    ))
)]
pub async fn file(client: Client<ExportCustomers>, id: Path<TaskId>, storage: Data<Storage>) -> Result<HttpResponse> {
    let (task, export) = find(&client, *id).await?;
    if !export.is_masked {
        client.must::<ViewAddresses>().await?;
    }
    let (name, file) = task.offered().ok_or(Error::NotFound)?;
    let (length, pieces) = storage.stream(file).await?;
    let header = attachment(Some(name));
    client.run(move |conn, tenant| tasks::downloaded(conn, tenant, task.id)).await?;
    Ok(HttpResponse::Ok()
        .content_type(export.format.content_type())
        .insert_header((CONTENT_DISPOSITION, header))
        .insert_header((CONTENT_LENGTH, length))
        .streaming(pieces))
}

/// As on the pages of tasks, somebody else's is not there.
async fn find(client: &Client<ExportCustomers>, id: TaskId) -> Result<(Task, Export)> {
    let by = (!client.may::<ViewAllTasks>()).then(|| UserId::from(client.caller().user));
    client.run(move |conn, tenant| model::asked(conn, tenant, id, by)).await
}
