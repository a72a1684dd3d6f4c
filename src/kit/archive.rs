//! ZIP archives that are written into the storage as they grow, and never held as a whole.

use super::error::{Error, Result};
use super::storage::Storage;
use actix_web::web::Bytes;
use anyhow::anyhow;
use object_store::buffered::BufWriter;
use std::io::{self, Write};
use tokio::io::AsyncWriteExt;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Parts that wait for the disk.
const WAITING: usize = 8;
/// Bytes that are handed to the storage at a time.
const PIECE: usize = 64 * 1024;

/// An archive under way. It is kept once [`Self::finish`] is done; dropped before, nothing is.
pub struct Archive {
    parts: mpsc::Sender<Part>,
    writer: JoinHandle<io::Result<()>>,
}

enum Part {
    File(String),
    Bytes(Bytes),
    End,
}

impl Archive {
    /// Begins one that will lie under `name`.
    pub fn create(storage: &Storage, name: &str) -> Self {
        let (parts, given) = mpsc::channel(WAITING);
        let sink = Sink { out: storage.writer(name), runtime: Handle::current() };
        Self { parts, writer: spawn_blocking(move || write(sink, given)) }
    }

    /// What is written from here on belongs to the file at `path`, which no earlier one has.
    pub async fn file(&mut self, path: impl Into<String>) -> Result<()> {
        self.send(Part::File(path.into())).await
    }

    pub async fn write(&mut self, bytes: impl Into<Bytes>) -> Result<()> {
        self.send(Part::Bytes(bytes.into())).await
    }

    /// # Errors
    /// Whatever went wrong while it was written; then there is no archive.
    pub async fn finish(mut self) -> Result<()> {
        self.send(Part::End).await?;
        self.writer.await.map_err(Error::unexpected)?.map_err(Error::unexpected)
    }

    /// The writer takes no more when it has failed, and then says why.
    async fn send(&mut self, part: Part) -> Result<()> {
        if self.parts.send(part).await.is_ok() {
            return Ok(());
        }
        let why = (&mut self.writer).await.map_err(Error::unexpected)?;
        Err(why.map_err(Error::unexpected).err().unwrap_or_else(|| Error::unexpected(anyhow!("the archive is closed"))))
    }
}

fn write(sink: Sink, mut given: mpsc::Receiver<Part>) -> io::Result<()> {
    let options = SimpleFileOptions::default().large_file(true);
    let mut zip = ZipWriter::new_stream(io::BufWriter::with_capacity(PIECE, sink));
    while let Some(part) = given.blocking_recv() {
        match part {
            Part::File(path) => zip.start_file(path, options).map_err(io::Error::other)?,
            Part::Bytes(bytes) => zip.write_all(&bytes)?,
            Part::End => {
                let mut out = zip.finish().map_err(io::Error::other)?.into_inner();
                out.flush()?;
                return out.into_inner().map_err(io::IntoInnerError::into_error)?.keep();
            }
        }
    }
    Ok(()) // dropped: what was written is thrown away
}

/// The storage's writer for a thread that may wait.
struct Sink {
    out: BufWriter,
    runtime: Handle,
}

impl Sink {
    fn keep(mut self) -> io::Result<()> {
        self.runtime.block_on(self.out.shutdown())
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.runtime.block_on(self.out.write_all(bytes)).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    async fn storage() -> Storage {
        let folder = std::env::temp_dir().join(format!("switchboard-archive-{}", uuid::Uuid::now_v7().simple()));
        Storage::open(&format!("file://{}", folder.display())).unwrap()
    }

    #[tokio::test]
    async fn what_was_written_can_be_unpacked() {
        let storage = storage().await;
        let mut archive = Archive::create(&storage, "a/b.zip");
        archive.file("one.txt").await.unwrap();
        archive.write("Hello ").await.unwrap();
        archive.write("you").await.unwrap();
        archive.file("folder/two.bin").await.unwrap();
        archive.write(vec![7; 300_000]).await.unwrap();
        archive.finish().await.unwrap();

        let bytes = storage.get("a/b.zip").await.unwrap();
        let mut zip = zip::ZipArchive::new(io::Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        zip.by_name("one.txt").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), zip.by_name("folder/two.bin").unwrap().size()), ("Hello you", 300_000));
    }

    #[tokio::test]
    async fn one_that_is_not_finished_is_not_there() {
        let storage = storage().await;
        let mut archive = Archive::create(&storage, "c.zip");
        archive.file("one.txt").await.unwrap();
        drop(archive);
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;

        assert!(matches!(storage.get("c.zip").await, Err(Error::NotFound)));
    }

    #[tokio::test]
    async fn two_files_of_one_name_are_an_error() {
        let storage = storage().await;
        let mut archive = Archive::create(&storage, "d.zip");
        archive.file("one.txt").await.unwrap();
        let _ = archive.file("one.txt").await;

        assert!(archive.finish().await.is_err());
    }
}
