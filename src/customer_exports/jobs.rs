//! Files of many customers, made in the background. One run makes the whole file; one that is interrupted begins anew,
//! and nothing of the first is left.

use super::model::{self, BATCH, Batch, Export, Frame};
use super::sheets::Sheet;
use crate::kit::error::{Error, Result};
use crate::kit::jobs::{Context, Job, Outcome};
use crate::kit::page::TextCursor;
use crate::kit::storage::Storage;
use crate::kit::tenant::TenantId;
use crate::tasks::model::{self as tasks, MadeFile, Progress, TaskId};
use chrono::{TimeDelta, Utc};
use object_store::buffered::BufWriter;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::io::Write;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;

/// How long the file can be taken.
const OFFERED: TimeDelta = TimeDelta::hours(24);

/// Writes the file of an export.
#[derive(Debug, Serialize, Deserialize)]
pub struct WriteExport {
    pub task: TaskId,
}

impl Job for WriteExport {
    const NAME: &'static str = "customer_exports:write";

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let id = self.task;
        let begun = context.run(tenant, move |conn, tenant| {
            let task = tasks::find(conn, tenant, id)?;
            let export: Export = serde_json::from_value(task.params.clone())?;
            let frame = model::frame(conn, tenant, &export)?;
            Ok((task, export, frame))
        });
        let (task, export, frame) = begun.await?;
        if task.is_over() {
            return Ok(Outcome::Done);
        }
        let file = format!("tasks/{tenant}/{id}/customers.{}", export.format.word());
        let mut writer = context.get::<Storage>()?.writer(&file);
        let mut work = Work { export: Arc::new(export), frame: Arc::new(frame), task: id, total: task.total };
        match work.write(context, tenant, &mut writer).await {
            Ok(Some(counts)) => {
                writer.shutdown().await.map_err(Error::unexpected)?;
                let name = format!("customers-{}.{}", Utc::now().format("%Y-%m-%d"), work.export.format.word());
                let made = MadeFile { file, name, until: Utc::now() + OFFERED };
                let result = counts.told();
                let progress = counts.progress(work.total);
                let told = context.run(tenant, move |conn, tenant| {
                    tasks::progress(conn, tenant, id, progress)?;
                    tasks::complete(conn, tenant, id, &result, Some(&made))
                });
                told.await?;
            }
            Ok(None) => {
                writer.abort().await.map_err(Error::unexpected)?;
                context.run(tenant, move |conn, tenant| tasks::cancelled(conn, tenant, id, &json!({}))).await?;
            }
            Err(error) => {
                let _ = writer.abort().await; // the first error is the one to tell
                if context.is_last_attempt() {
                    let why = "The file could not be written. Please try again later.";
                    context.run(tenant, move |conn, tenant| tasks::fail(conn, tenant, id, why)).await?;
                }
                return Err(error);
            }
        }
        Ok(Outcome::Done)
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    exported: i64,
    restricted: i64,
}

impl Counts {
    fn progress(self, total: Option<i64>) -> Progress {
        Progress { total, done: self.exported + self.restricted, refused: self.restricted }
    }

    fn told(self) -> serde_json::Value {
        match self.restricted {
            0 => json!({ "exported": self.exported }),
            restricted => json!({ "exported": self.exported, "left_out_because_restricted": restricted }),
        }
    }
}

struct Work {
    export: Arc<Export>,
    frame: Arc<Frame>,
    task: TaskId,
    total: Option<i64>,
}

impl Work {
    /// None when somebody stopped it.
    async fn write(&mut self, context: &Context, tenant: TenantId, writer: &mut BufWriter) -> Result<Option<Counts>> {
        let mut sheet = Sheet::new(self.export.format, self.frame.head())?;
        let (mut counts, mut place) = (Counts::default(), None);
        loop {
            let Some(batch) = self.batch(context, tenant, place, counts).await? else { return Ok(None) };
            counts.exported += batch.rows.len() as i64;
            counts.restricted += batch.restricted as i64;
            sheet.add(batch.rows)?;
            writer.write_all(&sheet.take()).await.map_err(Error::unexpected)?;
            place = batch.next;
            if place.is_none() {
                break;
            }
        }
        finish(sheet, writer).await?;
        Ok(Some(counts))
    }

    /// The next rows; tells how far it is.
    async fn batch(
        &self,
        context: &Context,
        tenant: TenantId,
        place: Option<TextCursor>,
        counts: Counts,
    ) -> Result<Option<Batch>> {
        let (export, frame, id, total) = (self.export.clone(), self.frame.clone(), self.task, self.total);
        let work = move |conn: &mut diesel::PgConnection, tenant: TenantId| {
            if !tasks::progress(conn, tenant, id, counts.progress(total))? {
                return Ok(None);
            }
            model::batch(conn, tenant, &export, &frame, place, BATCH).map(Some)
        };
        context.run(tenant, work).await
    }
}

/// Packs the rest on a thread of its own, and writes it away as it comes.
async fn finish(sheet: Sheet, writer: &mut BufWriter) -> Result<()> {
    let (sender, mut pieces) = mpsc::channel(4);
    let packing = tokio::task::spawn_blocking(move || sheet.finish(Pipe(sender)));
    while let Some(piece) = pieces.recv().await {
        let piece: Vec<u8> = piece;
        writer.write_all(&piece).await.map_err(Error::unexpected)?;
    }
    packing.await.map_err(Error::unexpected)?
}

/// From a thread that writes to one that writes away.
struct Pipe(mpsc::Sender<Vec<u8>>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let gone = |_| std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        self.0.blocking_send(bytes.to_vec()).map_err(gone)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
