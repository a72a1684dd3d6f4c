//! Reading a file into rows: a thread takes it apart while the database stores what it has found. When it is killed, the
//! next one reads from the beginning and passes over what is stored.

use super::choices::Choices;
use super::file::{self, Batch, Heading, Trouble};
use super::format::Format;
use super::guess;
use super::model::{Counts, Import, ImportId, ImportState, keep_progress, lock, of};
use super::steps::{self, Step};
use super::{remembered, rows};
use crate::customers::attributes;
use crate::kit::db::plan_anew;
use crate::kit::error::Result;
use crate::kit::phone::Region;
use crate::kit::storage::Bytes;
use crate::kit::tenant::TenantId;
use crate::schema::customer_imports as imports;
use crate::tenants::settings;
use diesel::prelude::*;
use std::io::{self, Read};
use tokio::sync::mpsc::{Receiver, Sender};

/// What the reading thread has to say.
pub enum Found {
    Rows(Heading, Batch),
    End(Box<Format>, Heading),
    Trouble(Trouble),
}

/// Takes the file that comes by `pieces` apart, past the row `after`. For a thread that may wait.
pub fn take_apart(pieces: Receiver<io::Result<Bytes>>, format: &Format, after: i64, found: &Sender<Found>) {
    let tell = |what| found.blocking_send(what).map_err(|_| Trouble::Stopped);
    let mut sink = file::Rows::new(format.has_header, |heading: &Heading, mut batch: Batch| {
        batch.retain(|(number, _)| *number > after);
        if batch.is_empty() { Ok(()) } else { tell(Found::Rows(heading.clone(), batch)) }
    });
    let read = file::read(Pieces { pieces, piece: Bytes::new() }, format, &mut sink);
    let read = read.and_then(|format| Ok((format, sink.finish()?)));
    let last = match read {
        Ok((format, (heading, _))) => Found::End(Box::new(format), heading),
        Err(trouble) => Found::Trouble(trouble),
    };
    // Nobody listens any more: then there is nothing to be told.
    let _ = tell(last);
}

/// What comes from an asynchronous source, for readers that wait.
struct Pieces {
    pieces: Receiver<io::Result<Bytes>>,
    piece: Bytes,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.pieces.blocking_recv() {
                Some(piece) => self.piece = piece?,
                None => return Ok(0),
            }
        }
        let length = buffer.len().min(self.piece.len());
        buffer[..length].copy_from_slice(&self.piece.split_to(length));
        Ok(length)
    }
}

/// Takes away some of what an earlier reading has stored, which was cut in another way. False: nothing is left.
pub fn forget(conn: &mut PgConnection, tenant: TenantId, id: ImportId) -> Result<bool> {
    let import = lock(conn, tenant, id)?;
    let is_anew = import.state == ImportState::Reading && import.through == 0;
    Ok(is_anew && rows::clear(conn, tenant, id, 10_000)? > 0)
}

/// The import that is read, past the row `through`. None: there is nothing to do.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, id: ImportId) -> Result<Option<Import>> {
    let import = lock(conn, tenant, id)?;
    let goes_on = import.state == ImportState::Reading
        && steps::progress(conn, tenant, &import, Step::Reading, &import.counts())?;
    Ok(goes_on.then_some(import))
}

/// Stores rows. False: nobody wants them any more.
pub fn store(conn: &mut PgConnection, tenant: TenantId, id: ImportId, heading: &Heading, batch: Batch) -> Result<bool> {
    let import = lock(conn, tenant, id)?;
    if import.state != ImportState::Reading {
        return Ok(false);
    }
    let (mut counts, width) = (import.counts(), heading.names.len());
    counts.rows += batch.len() as i64;
    counts.short += batch.iter().filter(|(_, cells)| cells.len() < width).count() as i64;
    let through = batch.last().map_or(import.through, |(number, _)| *number);
    plan_anew(conn)?;
    rows::add(conn, tenant, id, batch)?;
    keep_progress(conn, tenant, id, through, &counts)?;
    steps::progress(conn, tenant, &import, Step::Reading, &counts)
}

/// All rows are stored: what the columns probably are is chosen, as last time where such a file has come before.
pub fn finish(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ImportId,
    format: &Format,
    heading: &Heading,
) -> Result<()> {
    let import = lock(conn, tenant, id)?;
    if import.state != ImportState::Reading {
        return Ok(());
    }
    let remembered = remembered::find(conn, tenant, &Heading::signature(&heading.names))?;
    let remembered = remembered.filter(|known| known.columns.len() == heading.names.len() && heading.is_in_file);
    let choices = match remembered {
        Some(choices) => choices,
        None => guessed(conn, tenant, id, &heading.names)?,
    };
    let format = Format { has_header: Some(heading.is_in_file), ..format.clone() };
    diesel::update(of(tenant).filter(imports::id.eq(id)))
        .set((
            imports::format.eq(serde_json::to_value(&format)?),
            imports::headings.eq(serde_json::to_value(&heading.names)?),
            imports::choices.eq(serde_json::to_value(&choices)?),
        ))
        .execute(conn)?;
    let counts: Counts = import.counts();
    steps::complete(conn, tenant, &import, Step::Reading, &counts)
}

/// What a file's headings and first rows look like.
pub fn guessed(conn: &mut PgConnection, tenant: TenantId, id: ImportId, headings: &[String]) -> Result<Choices> {
    let definitions = attributes::definitions(conn, tenant)?;
    let region = settings::find(conn, tenant)?.region();
    let sample = rows::first(conn, tenant, id, 50)?;
    let cells: Vec<Vec<String>> =
        sample.iter().map(|row| row.cells().into_iter().map(str::to_owned).collect()).collect();
    let cells: Vec<&[String]> = cells.iter().map(Vec::as_slice).collect();
    Ok(guess::choices(guess::columns(headings, &cells, &definitions, region), region.map(Region::code)))
}
