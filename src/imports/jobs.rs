//! The steps of imports in the background. A tenant's imports take turns: one job of them runs at a time.

use super::model::{self, Import, ImportId, ImportState};
use super::reading::{self, Found};
use super::running::{self, Ahead};
use super::steps::{self, Advance, Step as Kind};
use super::{checking, file, purging, undoing};
use crate::kit::error::{Error, Result};
use crate::kit::jobs::{Context, Job, Options, Outcome, PlatformJob, enqueue_with};
use crate::kit::storage::Storage;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::tenants::model as tenants;
use crate::users::model::UserId;
use chrono::Utc;
use diesel::PgConnection;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use std::io;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How long one run goes on before others have their turn.
const TURN: Duration = Duration::from_secs(2);
/// What people are told when it is our fault.
const OUR_FAULT: &str = "Something went wrong on our side. What was done until then stays; please try again.";

/// Brings an import further, wherever it is.
#[derive(Debug, Serialize, Deserialize)]
pub struct Step {
    pub import: ImportId,
}

/// Begins a step of an import, and asks for its work.
///
/// # Errors
/// `NotFound`; `Refused` where the step does not follow.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, id: ImportId, step: Kind, by: UserId) -> Result<()> {
    steps::begin(conn, tenant, id, step, by)?;
    go(conn, tenant, id)
}

/// Asks for what is under way to be stopped, and for the work to notice it.
///
/// # Errors
/// `NotFound`; `Refused` when nothing is under way.
pub fn cancel(conn: &mut PgConnection, tenant: TenantId, id: ImportId) -> Result<()> {
    steps::cancel(conn, tenant, id)?;
    go(conn, tenant, id)
}

/// Asks for it, in the transaction that makes it due.
pub fn go(conn: &mut PgConnection, tenant: TenantId, import: ImportId) -> Result<()> {
    let (key, queue) = (Some(format!("import/{import}")), Some("imports".to_owned()));
    enqueue_with(conn, tenant, &Step { import }, Options { key, queue, ..Options::default() })
}

impl Job for Step {
    const NAME: &'static str = "imports:step";
    const ATTEMPTS: i16 = 12;

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let id = self.import;
        let worked = match context.run(tenant, move |conn, tenant| model::find(conn, tenant, id)).await {
            Err(Error::NotFound) => return Ok(Outcome::Done),
            Err(error) => Err(error),
            Ok(import) if import.state == ImportState::Reading => read(context, tenant, id).await,
            Ok(_) => take_turn(context, tenant, id).await,
        };
        if worked.is_err() && context.is_last_attempt() {
            context.run(tenant, move |conn, tenant| steps::fail(conn, tenant, id, OUR_FAULT)).await?;
        }
        worked
    }
}

/// Some chunks of rows, each in a transaction of its own; while one is written, the next is read.
async fn take_turn(context: &Context, tenant: TenantId, id: ImportId) -> Result<Outcome> {
    let (vault, begun) = (context.get::<Vault>()?, Instant::now());
    let look =
        |after: Option<i64>| context.run(tenant, move |conn, tenant| running::look_ahead(conn, tenant, id, after));
    let mut ahead = look(None).await?;
    loop {
        let (vault, last) = (vault.clone(), ahead.last());
        let advance = context.run(tenant, move |conn, tenant| advance(conn, tenant, &vault, id, ahead));
        let (advanced, next) = tokio::join!(advance, look(last));
        ahead = next?;
        match advanced? {
            Advance::More if begun.elapsed() < TURN => {}
            Advance::More => return Ok(Outcome::Again(Duration::ZERO)),
            Advance::Over => break,
        }
    }
    let import = context.run(tenant, move |conn, tenant| model::find(conn, tenant, id)).await?;
    if let Some(file) = import.file.filter(|_| import.state == ImportState::Completed) {
        context.get::<Storage>()?.delete(&file).await?;
        context.run(tenant, move |conn, tenant| running::file_gone(conn, tenant, id)).await?;
    }
    Ok(Outcome::Done)
}

fn advance(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, id: ImportId, ahead: Ahead) -> Result<Advance> {
    match Kind::of(model::find(conn, tenant, id)?.state) {
        Some(Kind::Checking) => checking::advance(conn, tenant, vault, id),
        Some(Kind::Running) => running::advance(conn, tenant, vault, id, ahead),
        Some(Kind::Undoing) => undoing::advance(conn, tenant, id),
        Some(Kind::Reading) | None => Ok(Advance::Over),
    }
}

/// Reads the whole file: to begin in its midst, everything before would have to be read again.
async fn read(context: &Context, tenant: TenantId, id: ImportId) -> Result<Outcome> {
    while context.run(tenant, move |conn, tenant| reading::forget(conn, tenant, id)).await? {}
    let begun = context.run(tenant, move |conn, tenant| reading::begin(conn, tenant, id)).await?;
    let Some(import) = begun else { return Ok(Outcome::Done) };
    let mut found = match take_apart(context, &import).await {
        Err(Error::NotFound) => return give_up(context, tenant, id, "The file is gone. Please choose it again.").await,
        found => found?,
    };
    while let Some(found) = found.recv().await {
        match found {
            Found::Rows(heading, batch) => {
                let stored =
                    context.run(tenant, move |conn, tenant| reading::store(conn, tenant, id, &heading, batch)).await?;
                if !stored {
                    return Ok(Outcome::Done);
                }
            }
            Found::End(format, heading) => {
                let end = move |conn: &mut PgConnection, tenant| reading::finish(conn, tenant, id, &format, &heading);
                context.run(tenant, end).await?;
                return Ok(Outcome::Done);
            }
            Found::Trouble(file::Trouble::Told(why)) => return give_up(context, tenant, id, &why).await,
            Found::Trouble(file::Trouble::Stopped) => return Ok(Outcome::Done),
            Found::Trouble(file::Trouble::Unexpected(cause)) => return Err(Error::Unexpected(cause)),
        }
    }
    Err(Error::unexpected(anyhow::anyhow!("the reading of a file ended without a word")))
}

async fn give_up(context: &Context, tenant: TenantId, id: ImportId, why: &str) -> Result<Outcome> {
    let why = why.to_owned();
    context.run(tenant, move |conn, tenant| steps::fail(conn, tenant, id, &why)).await?;
    Ok(Outcome::Done)
}

/// The file flows to a thread of its own, and what is found in it back.
async fn take_apart(context: &Context, import: &Import) -> Result<mpsc::Receiver<Found>> {
    let file = import.file.as_deref().ok_or(Error::NotFound)?;
    let (_, mut stream) = context.get::<Storage>()?.stream(file).await?;
    let (send, pieces) = mpsc::channel(4);
    tokio::spawn(async move {
        while let Some(piece) = stream.next().await {
            if send.send(piece.map_err(io::Error::other)).await.is_err() {
                return; // enough was read
            }
        }
    });
    let (tell, found) = mpsc::channel(2);
    let (format, after) = (import.format(), import.through);
    tokio::task::spawn_blocking(move || reading::take_apart(pieces, &format, after, &tell));
    Ok(found)
}

/// Clears away files and rows that are no longer needed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purge {}

impl PlatformJob for Purge {
    const NAME: &'static str = "imports:purge";

    async fn run(self, context: &Context) -> Result<Outcome> {
        let storage = context.get::<Storage>()?;
        for tenant in context.platform().run(tenants::every).await? {
            loop {
                let due = |conn: &mut PgConnection, tenant| purging::due(conn, tenant, Utc::now());
                let due = context.platform().enter(tenant.get(), due).await?;
                if due.is_empty() {
                    break;
                }
                for rest in due {
                    let id = rest.id;
                    let clear = move |conn: &mut PgConnection, tenant| purging::clear(conn, tenant, id);
                    while context.platform().enter(tenant.get(), clear).await? {}
                    if let Some(file) = &rest.file {
                        storage.delete(file).await?;
                    }
                    let settle = move |conn: &mut PgConnection, tenant| purging::settle(conn, tenant, &rest);
                    context.platform().enter(tenant.get(), settle).await?;
                }
            }
        }
        Ok(Outcome::Done)
    }
}
