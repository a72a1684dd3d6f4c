//! What the columns of a file are, and how it is read.

use crate::imports::columns::view as columns_view;
use crate::imports::form::{ChoicesForm, FormatForm};
use crate::imports::model::{self, Import, ImportId};
use crate::imports::sample::{self, Sample};
use crate::imports::steps::{self, Step};
use crate::imports::{jobs, remembered, view};
use crate::kit::access::{Access, ImportCustomers};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::web::Path;
use uuid::Uuid;

/// GET …/columns: those of an import that was checked already, to choose anew.
pub async fn edit(access: Access<ImportCustomers>, id: Path<ImportId>) -> Result<HttpResponse> {
    let (import, sample) = find(&access, *id).await?;
    access.show(&columns_view::mapping(&access, &import, &sample, None))
}

/// POST …/columns: and then the rows are checked.
pub async fn update(
    access: Access<ImportCustomers>,
    id: Path<ImportId>,
    form: Form<ChoicesForm>,
) -> Result<HttpResponse> {
    let id = *id;
    let (import, sample) = find(&access, id).await?;
    let labels: Vec<Uuid> = sample.labels.iter().map(|(id, _)| *id).collect();
    let choices = match form.0.validate(import.headings().len(), &sample.definitions, &labels) {
        Ok(choices) => choices,
        Err(form) => return access.show(&columns_view::mapping(&access, &import, &sample, Some(&form))),
    };
    let by = UserId::from(access.who().user);
    let begun = access.run(move |conn, tenant| {
        remembered::choose(conn, tenant, &import, &choices)?;
        jobs::begin(conn, tenant, id, Step::Checking, by)
    });
    begun.await?;
    access.go(&view::href(id))
}

/// POST …/reading: once more, in another way.
pub async fn read_again(
    access: Access<ImportCustomers>,
    id: Path<ImportId>,
    form: Form<FormatForm>,
) -> Result<HttpResponse> {
    let (id, by) = (*id, UserId::from(access.who().user));
    let begun = access.run(move |conn, tenant| {
        let import = model::find(conn, tenant, id)?;
        let format = form.0.validate(&import.format());
        let format = format.ok_or_else(|| Error::Refused("Choose what the lists offer.".into()))?;
        steps::begin(conn, tenant, id, Step::Reading, by)?;
        model::set_format(conn, tenant, id, &format)?;
        jobs::go(conn, tenant, id)
    });
    begun.await?;
    access.go(&view::href(id))
}

/// An import whose columns can be chosen.
async fn find(access: &Access<ImportCustomers>, id: ImportId) -> Result<(Import, Sample)> {
    let found = access.run(move |conn, tenant| {
        let import = model::find(conn, tenant, id)?;
        import.must_be_open()?;
        Ok((sample::of_import(conn, tenant, &import)?, import))
    });
    let (sample, import) = found.await?;
    Ok((import, sample))
}
