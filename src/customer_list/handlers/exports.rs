//! Taking customers out as files.

use super::asker;
use crate::customer_exports::model::{self, Export, Made};
use crate::customer_list::form::ExportForm;
use crate::customer_list::look::Look;
use crate::customer_list::reading::own_columns;
use crate::customers::attributes;
use crate::customers::columns::Column;
use crate::kit::access::{Access, ExportCustomers, ViewAddresses};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::headers::attachment;
use crate::kit::vault::Vault;
use crate::tasks::view as tasks;
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::Data;
use chrono::Utc;

/// The file, or the way to the work that makes it.
pub async fn create(
    access: Access<ExportCustomers>,
    form: Form<ExportForm>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let format = form.0.format().ok_or_else(|| Error::Invalid("The format is csv or xlsx.".into()))?;
    let (look, picked) = (Look::parse(&form.0.query), form.0.picks());
    let (asker, user) = (asker(&access, &vault), UserId::from(access.who().user));
    let is_masked = !access.may::<ViewAddresses>();
    let made = access.run(move |conn, tenant| {
        let definitions = attributes::definitions(conn, tenant)?;
        let columns = own_columns(conn, tenant, user, &definitions)?.iter().map(Column::word).collect();
        let wrong = |_| Error::Invalid("This filter cannot be read. Please choose anew in the list.".into());
        let mut filter = look.filter(&definitions, &asker).map_err(wrong)?;
        filter.picked = picked;
        let export = Export { filter, order: look.order(), columns, format, is_masked };
        model::begin(conn, tenant, &export, user)
    });
    match made.await? {
        Made::Task(task) => access.leave(&tasks::href(task)),
        Made::File(file) => {
            let name = format!("customers-{}.{}", Utc::now().format("%Y-%m-%d"), format.word());
            Ok(HttpResponse::Ok()
                .content_type(format.content_type())
                .insert_header((CONTENT_DISPOSITION, attachment(Some(&name))))
                .insert_header((CACHE_CONTROL, "no-store"))
                .body(file))
        }
    }
}
