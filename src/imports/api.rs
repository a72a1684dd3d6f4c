//! `/api/v1/customers/imports`: files, what their columns are, and how far they are. Its [`steps`] and [`rows`] follow.

pub mod rows;
mod shapes;
pub mod steps;

use super::form::ChoicesForm;
use super::format::Kind;
use super::model::{self, Import, ImportId};
use super::receiving::{self, Taken};
use super::{reading, remembered, sample};
use crate::kit::access::{Client, ImportCustomers};
use crate::kit::error::{Error, Result};
use crate::kit::form::Errors;
use crate::kit::json::{Json, List, Paging, Params, answers, refused};
use crate::kit::page::{self, Cursor};
use crate::kit::problem::{BLANK, Problem};
use crate::kit::storage::Storage;
use crate::kit::upload::{Incoming, Upload};
use crate::tasks::model as tasks;
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use shapes::{CustomerImport, ImportChange};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

pub(super) const HERE: &str = "/api/v1/customers/imports";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Lists imports, newest first.
#[utoipa::path(
    get, path = "/api/v1/customers/imports", tag = "imports", operation_id = "listImports", params(Paging),
    security(("bearer" = ["customers:import"])), responses((status = 200, body = List<CustomerImport>))
)]
pub async fn index(client: Client<ImportCustomers>, Params(paging): Params<Paging>) -> Result<HttpResponse> {
    let slice = paging.slice()?;
    let found = client
        .run(move |conn, tenant| Ok(page::cut(model::page(conn, tenant, slice.after, slice.size + 1)?, slice.size)));
    let place = |import: &Import| Cursor { at: import.created_at, id: import.id.get() };
    client.show(&List::of(found.await?, place, |import| CustomerImport::of(&import, None, None)))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileName {
    /// What the file is called, where the body is the file itself.
    #[param(example = "customers.csv", max_length = 255)]
    name: Option<String>,
}

/// A form with the file.
#[derive(ToSchema)]
#[allow(dead_code)]
pub struct ImportForm {
    #[schema(format = Binary)]
    file: String,
}

/// Takes a file in: CSV in any letters, or XLSX, at most 200 MB, as the body or as `file` of a form; it is read in the background.
#[utoipa::path(
    post, path = "/api/v1/customers/imports", tag = "imports", operation_id = "createImport", params(FileName),
    request_body(
        content(
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (ImportForm = "multipart/form-data"),
        ),
        description = "The file.",
    ),
    security(("bearer" = ["customers:import"])),
    responses(
        (status = 201, body = CustomerImport), (status = 409, response = answers::FileKnown),
        (status = 413, response = answers::FileTooLarge), (status = 415, response = answers::NoFile),
    )
)]
pub async fn create(
    client: Client<ImportCustomers>,
    Params(FileName { name }): Params<FileName>,
    upload: Upload,
    storage: Data<Storage>,
) -> Result<HttpResponse> {
    let (incoming, said) = incoming(upload, name).await?;
    let by = UserId::from(client.caller().user);
    match receiving::take_in(&client, &storage, incoming, said, by).await? {
        Taken::In(id) => {
            let (import, task) = find(&client, id).await?;
            client.created(&format!("{HERE}/{id}"), &CustomerImport::of(&import, task.as_ref(), None))
        }
        Taken::Known(same) => {
            let words = "This file is here already, or was within a day. Nothing was imported twice.";
            Err(Problem::new(StatusCode::CONFLICT, "file_known", words).with("import", same.id.to_string()).into())
        }
        Taken::NoTable(why) => Err(refused("file", &why)),
    }
}

/// # Errors
/// 415 for what is neither a file of a kind that can be read nor a form; 422 for a form without one.
async fn incoming(upload: Upload, name: Option<String>) -> Result<(Incoming, Option<Kind>)> {
    let or = |name: Option<String>, otherwise: &str| name.unwrap_or_else(|| otherwise.to_owned());
    match upload.kind().as_str() {
        "text/csv" => Ok((upload.whole(&or(name, "import.csv")), Some(Kind::Csv))),
        XLSX => Ok((upload.whole(&or(name, "import.xlsx")), Some(Kind::Xlsx))),
        "multipart/form-data" => {
            let incoming = upload.begin("file").await?;
            Ok((incoming.ok_or_else(|| refused("file", "Send a file, with its name."))?, None))
        }
        _ => {
            let words = format!("Send the file as text/csv, as {XLSX}, or as `file` of a form, and not compressed.");
            Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, BLANK, words).into())
        }
    }
}

/// Shows an import: how far it is, what its columns are taken for, and what came of its rows.
#[utoipa::path(
    get, path = "/api/v1/customers/imports/{import}", tag = "imports", operation_id = "showImport",
    params(("import" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["customers:import"])), responses((status = 200, body = CustomerImport))
)]
pub async fn show(client: Client<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    let id = *id;
    let found = client.run(move |conn, tenant| {
        let import = model::find(conn, tenant, id)?;
        let task = import.task().map(|task| tasks::find(conn, tenant, task)).transpose()?;
        let guess = reading::guessed(conn, tenant, id, &import.headings())?;
        Ok((import, task, guess))
    });
    let (import, task, guess) = found.await?;
    client.show(&CustomerImport::of(&import, task.as_ref(), Some(&guess)))
}

/// Says what the columns are and what shall be done; what was checked already has to be checked anew.
#[utoipa::path(
    patch, path = "/api/v1/customers/imports/{import}", tag = "imports", operation_id = "updateImport",
    request_body = ImportChange, params(("import" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["customers:import"])), responses((status = 200, body = CustomerImport))
)]
pub async fn update(
    client: Client<ImportCustomers>,
    id: Path<ImportId>,
    body: Json<ImportChange>,
) -> Result<HttpResponse> {
    let (id, change) = (*id, body.0);
    let changed = client.run(move |conn, tenant| {
        let import = model::find(conn, tenant, id)?;
        import.must_be_open()?;
        let sample = sample::of_import(conn, tenant, &import)?;
        let choices = validated(change.apply(&import)?, &import, &sample)?;
        remembered::choose(conn, tenant, &import, &choices)?;
        Ok((model::find(conn, tenant, id)?, reading::guessed(conn, tenant, id, &import.headings())?))
    });
    let (import, guess) = changed.await?;
    client.show(&CustomerImport::of(&import, None, Some(&guess)))
}

/// Takes an import off the list, with its file and rows; the customers that it made stay.
#[utoipa::path(
    delete, path = "/api/v1/customers/imports/{import}", tag = "imports", operation_id = "deleteImport",
    params(("import" = Uuid, Path, description = "Its id")),
    security(("bearer" = ["customers:import"])), responses((status = 204, description = "It is gone"))
)]
pub async fn delete(client: Client<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    let id = *id;
    client.run(move |conn, tenant| model::delete(conn, tenant, id)).await?;
    client.done()
}

async fn find(client: &Client<ImportCustomers>, id: ImportId) -> Result<(Import, Option<tasks::Task>)> {
    let found = client.run(move |conn, tenant| {
        let import = model::find(conn, tenant, id)?;
        let task = import.task().map(|task| tasks::find(conn, tenant, task)).transpose()?;
        Ok((import, task))
    });
    found.await
}

/// The form's rules, with its messages at the members of a body.
fn validated(form: ChoicesForm, import: &Import, sample: &sample::Sample) -> Result<super::choices::Choices> {
    let labels: Vec<Uuid> = sample.labels.iter().map(|(id, _)| *id).collect();
    form.validate(import.headings().len(), &sample.definitions, &labels).map_err(|form| {
        let mut errors = Errors::default();
        for (field, why) in form.errors.iter() {
            let place = match field.strip_prefix("column.") {
                Some(index) => format!("columns/{index}"),
                None if field == "row" => "columns".to_owned(),
                None => field.to_owned(),
            };
            errors.add(&place, why);
        }
        Error::from(Problem::of_form(&errors))
    })
}
