//! A file comes in: its row first, so that one whose upload breaks off is found and thrown away.

use super::format::{Format, Kind, Sniffer};
use super::jobs;
use super::model::{self, Import, ImportId};
use super::steps::Step;
use crate::kit::access::Door;
use crate::kit::error::{Error, Result};
use crate::kit::storage::{Bytes, Storage};
use crate::kit::upload::Incoming;
use crate::users::model::UserId;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

/// Bytes of a file.
pub const MOST: u64 = 200 * 1_000_000;

/// What came of a file.
#[derive(Debug)]
pub enum Taken {
    /// It is here, and being read.
    In(ImportId),
    /// The same bytes came before.
    Known(Box<Import>),
    /// It is no table, or none of the kind that it was said to be: a sentence.
    NoTable(String),
}

/// Receives a file. `said`: what its sender says that it is.
///
/// # Errors
/// `TooLarge` over [`MOST`] bytes; what [`Incoming::read`] fails with. Then nothing is left of it.
pub async fn take_in(
    door: &impl Door,
    storage: &Storage,
    incoming: Incoming,
    said: Option<Kind>,
    by: UserId,
) -> Result<Taken> {
    let name = incoming.name.clone();
    let begun = door.run(move |conn, tenant| {
        let id = model::begin(conn, tenant, &name, by)?;
        Ok((id, model::storage_name(tenant, id)))
    });
    let (id, file) = begun.await?;
    let taken = match receive(incoming, storage, &file).await {
        Ok(received) => settle(door, id, received, said, by).await,
        Err(error) => Err(error),
    };
    if matches!(taken, Ok(Taken::In(_))) {
        return taken;
    }
    let given_up = give_up(door, storage, id, &file).await;
    // The first error is the one to tell.
    let taken = taken?;
    given_up.map(|()| taken)
}

/// A file that came to nothing leaves nothing.
async fn give_up(door: &impl Door, storage: &Storage, id: ImportId, file: &str) -> Result<()> {
    door.run(move |conn, tenant| model::delete(conn, tenant, id)).await?;
    storage.delete(file).await
}

/// A file that is here whole.
struct Received {
    bytes: u64,
    hash: Vec<u8>,
    format: Result<Format, &'static str>,
}

async fn receive(incoming: Incoming, storage: &Storage, file: &str) -> Result<Received> {
    let (mut sniffer, mut hash) = (Sniffer::default(), Sha256::new());
    let mut writer = storage.writer(file);
    let received = incoming.read(MOST, async |piece: Bytes| {
        sniffer.look(&piece);
        hash.update(&piece);
        writer.put(piece).await.map_err(Error::unexpected)
    });
    let received = received.await?;
    let format = sniffer.format();
    if format.is_ok() {
        writer.shutdown().await.map_err(Error::unexpected)?;
    }
    Ok(Received { bytes: received.bytes, hash: hash.finalize().to_vec(), format })
}

/// Lets the reading begin, unless the same file is here already.
async fn settle(door: &impl Door, id: ImportId, received: Received, said: Option<Kind>, by: UserId) -> Result<Taken> {
    let format = match received.format {
        Ok(format) if said.is_none_or(|said| said == format.kind) => format,
        Ok(format) => return Ok(Taken::NoTable(not_as_said(format.kind).into())),
        Err(why) => return Ok(Taken::NoTable(why.into())),
    };
    let begun = door.run(move |conn, tenant| {
        crate::kit::db::take_turns(conn, &format!("{tenant} imports"))?;
        if let Some(same) = model::same_content(conn, tenant, &received.hash)? {
            return Ok(Taken::Known(Box::new(same)));
        }
        model::received(conn, tenant, id, received.bytes, &received.hash, &format)?;
        jobs::begin(conn, tenant, id, Step::Reading, by)?;
        Ok(Taken::In(id))
    });
    begun.await
}

fn not_as_said(kind: Kind) -> &'static str {
    match kind {
        Kind::Xlsx => "This was sent as CSV, and is a workbook.",
        Kind::Csv => "This was sent as a workbook, and is none.",
    }
}
