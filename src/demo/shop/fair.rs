//! A list from a fair, as people are: some rows cannot be taken. Imported in the background like any other.

use crate::imports::choices::Choices;
use crate::imports::format::Sniffer;
use crate::imports::model::{self as imports, Import, ImportId, ImportState};
use crate::imports::steps::{self, Step};
use crate::imports::{form::ChoicesForm, jobs};
use crate::kit::db::Db;
use crate::kit::error::{Error, Result};
use crate::kit::storage::Storage;
use crate::kit::tenant::TenantId;
use crate::users::model::{self as users, UserId};
use diesel::PgConnection;
use sha2::{Digest, Sha256};
use std::time::Duration;
use uuid::Uuid;

const NAME: &str = "spring-fair.csv";
const FILE: &[u8] = include_bytes!("spring-fair.csv");
const COLUMNS: &[&str] = &["full_name", "phone", "email", "company", "consent:marketing:email"];
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Far more than a dozen rows take.
const LOOKS: usize = 300;

/// Takes the list over once there are workers; one that a stop has interrupted is brought to its end.
///
/// # Errors
/// Those of the database and of the storage.
pub async fn import(db: &Db, storage: &Storage, tenant: Uuid, is_new: bool) -> Result<()> {
    let mut id = db.platform().enter(tenant, unfinished).await?;
    if id.is_none() && is_new {
        id = begin(db, storage, tenant).await?;
    }
    let Some(id) = id else { return Ok(()) };
    for _ in 0..LOOKS {
        if db.platform().enter(tenant, move |conn, tenant| go_on(conn, tenant, id)).await? {
            return Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

fn unfinished(conn: &mut PgConnection, tenant: TenantId) -> Result<Option<ImportId>> {
    let known = imports::page(conn, tenant, None, 50)?;
    let is_ours = |import: &&Import| import.file_name == NAME && (import.is_busy() || import.ended_at.is_none());
    Ok(known.iter().find(is_ours).map(|import| import.id))
}

async fn begin(db: &Db, storage: &Storage, tenant: Uuid) -> Result<Option<ImportId>> {
    let mut sniffer = Sniffer::default();
    sniffer.look(FILE);
    let format = sniffer.format().map_err(|why| Error::unexpected(anyhow::anyhow!("{NAME}: {why}")))?;
    let platform = db.platform();
    let begun = platform.enter(tenant, |conn, tenant| {
        let Some(by) = users::by_email(conn, tenant, "manager@acme.test")? else { return Ok(None) };
        let id = imports::begin(conn, tenant, NAME, by)?;
        Ok(Some((id, imports::storage_name(tenant, id))))
    });
    let Some((id, name)) = begun.await? else { return Ok(None) };
    storage.put(&name, FILE.to_vec()).await?;
    let received = platform.enter(tenant, move |conn, tenant| {
        imports::received(conn, tenant, id, FILE.len() as u64, &Sha256::digest(FILE), &format)?;
        step(conn, tenant, id, Step::Reading)
    });
    received.await.map(|()| Some(id))
}

/// The next step, when its turn has come; whether there is none.
fn go_on(conn: &mut PgConnection, tenant: TenantId, id: ImportId) -> Result<bool> {
    let import = imports::find(conn, tenant, id)?;
    match import.state {
        ImportState::Mapping => {
            imports::choose(conn, tenant, id, &choices()?)?;
            step(conn, tenant, id, Step::Checking)?;
        }
        ImportState::Checked => step(conn, tenant, id, Step::Running)?,
        _ => return Ok(!import.is_busy()),
    }
    Ok(false)
}

fn step(conn: &mut PgConnection, tenant: TenantId, id: ImportId, step: Step) -> Result<()> {
    let by: UserId = imports::find(conn, tenant, id)?.created_by;
    steps::begin(conn, tenant, id, step, by)?;
    jobs::go(conn, tenant, id)
}

/// What somebody would choose on the page of the columns.
fn choices() -> Result<Choices> {
    let columns = COLUMNS.iter().enumerate().map(|(at, word)| (format!("column.{at}"), (*word).to_owned()));
    let form = ChoicesForm {
        mode: "create".into(),
        region: "DE".into(),
        empty: "keep".into(),
        rest: columns.collect(),
        ..ChoicesForm::default()
    };
    let chosen = form.validate(COLUMNS.len(), &[], &[]);
    chosen.map_err(|form| Error::unexpected(anyhow::anyhow!("the columns of {NAME}: {:?}", form.errors)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::choices::Target;

    #[test]
    fn the_columns_of_the_list_can_be_chosen() {
        assert_eq!(choices().unwrap().columns.len(), COLUMNS.len());
        assert!(COLUMNS.iter().all(|word| Target::of_word(word).is_some_and(|target| target != Target::Ignore)));
    }
}
