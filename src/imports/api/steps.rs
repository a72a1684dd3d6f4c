//! The steps of an import: checked, run, stopped, taken back. Each goes on in the background; the import says how far.

use super::shapes::{CustomerImport, ImportChange};
use super::{HERE, find, validated};
use crate::imports::model::{self, ImportId};
use crate::imports::steps::Step;
use crate::imports::{jobs, sample};
use crate::kit::access::{Client, ImportCustomers};
use crate::kit::error::Result;
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::web::Path;

/// Checks every row and changes nothing: the counts say what an import would do, and the rows what is wrong with them.
#[utoipa::path(
    post, path = "/api/v1/customers/imports/{import}/check", tag = "imports", operation_id = "checkImport",
    params(("import" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["customers:import"])), responses((status = 202, body = CustomerImport))
)]
pub async fn check(client: Client<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    let (id, by) = (*id, UserId::from(client.caller().user));
    let begun = client.run(move |conn, tenant| {
        let import = model::find(conn, tenant, id)?;
        import.must_be_open()?;
        // What was guessed, or chosen before a field or a label went, may make no sense.
        let sample = sample::of_import(conn, tenant, &import)?;
        validated(ImportChange::default().apply(&import)?, &import, &sample)?;
        jobs::begin(conn, tenant, id, Step::Checking, by)
    });
    begun.await?;
    answer(&client, id).await
}

/// Takes the rows over that were checked, or goes on with an import that was stopped; each row is done once.
#[utoipa::path(
    post, path = "/api/v1/customers/imports/{import}/run", tag = "imports", operation_id = "runImport",
    params(("import" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["customers:import"])), responses((status = 202, body = CustomerImport))
)]
pub async fn run(client: Client<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    begin(&client, *id, Step::Running).await
}

/// Deletes the customers that an import made within the last week, but for those somebody has worked with since.
#[utoipa::path(
    post, path = "/api/v1/customers/imports/{import}/undoing", tag = "imports", operation_id = "undoImport",
    params(("import" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["customers:import"])), responses((status = 202, body = CustomerImport))
)]
pub async fn undo(client: Client<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    begin(&client, *id, Step::Undoing).await
}

/// Stops what is done with an import at the moment; what was done until then stays.
#[utoipa::path(
    post, path = "/api/v1/customers/imports/{import}/cancellation", tag = "imports", operation_id = "cancelImport",
    params(("import" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["customers:import"])), responses((status = 202, body = CustomerImport))
)]
pub async fn cancel(client: Client<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    let id = *id;
    client.run(move |conn, tenant| jobs::cancel(conn, tenant, id)).await?;
    answer(&client, id).await
}

async fn begin(client: &Client<ImportCustomers>, id: ImportId, step: Step) -> Result<HttpResponse> {
    let by = UserId::from(client.caller().user);
    client.run(move |conn, tenant| jobs::begin(conn, tenant, id, step, by)).await?;
    answer(client, id).await
}

async fn answer(client: &Client<ImportCustomers>, id: ImportId) -> Result<HttpResponse> {
    let (import, task) = find(client, id).await?;
    client.accepted(&format!("{HERE}/{id}"), &CustomerImport::of(&import, task.as_ref(), None))
}
