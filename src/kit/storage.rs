//! Files: in a folder of the data directory, under names that we make.

use super::error::{Error, Result};
pub use actix_web::web::Bytes;
use anyhow::Context;
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use std::ops::Range;
use std::sync::Arc;

/// Bytes of a large file that are written at a time; two of them are in memory at once.
const PIECE: usize = 5 * 1024 * 1024;

#[derive(Clone)]
pub struct Storage(Arc<dyn ObjectStore>);

impl Storage {
    /// Opens `file:///absolute/folder`, which is made when it is missing.
    pub fn open(url: &str) -> anyhow::Result<Self> {
        let folder = url.strip_prefix("file://").context("it must begin with file://")?;
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {folder}"))?;
        Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))))
    }

    /// Keeps `bytes` under `name`: parts of our own making joined by `/`.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.0.put(&Path::from(name), PutPayload::from(bytes)).await.map_err(Error::unexpected)?;
        Ok(())
    }

    /// Where to write what is too large to be held: kept under `name` once it is shut down, and not before.
    pub fn writer(&self, name: &str) -> BufWriter {
        BufWriter::with_capacity(self.0.clone(), Path::from(name), PIECE).with_max_concurrency(2)
    }

    /// How many bytes lie under `name`.
    ///
    /// # Errors
    /// `NotFound` when there is nothing of that name.
    pub async fn length(&self, name: &str) -> Result<u64> {
        match self.0.head(&Path::from(name)).await {
            Err(object_store::Error::NotFound { .. }) => Err(Error::NotFound),
            found => Ok(found.map_err(Error::unexpected)?.size),
        }
    }

    /// These bytes of what lies under `name`.
    ///
    /// # Errors
    /// `NotFound` when there is nothing of that name.
    pub async fn part(&self, name: &str, range: Range<u64>) -> Result<Bytes> {
        match self.0.get_range(&Path::from(name), range).await {
            Err(object_store::Error::NotFound { .. }) => Err(Error::NotFound),
            found => found.map_err(Error::unexpected),
        }
    }

    /// What lies under `name`, piece by piece, and its length in bytes.
    ///
    /// # Errors
    /// `NotFound` when there is nothing of that name.
    pub async fn stream(&self, name: &str) -> Result<(u64, BoxStream<'static, Result<Bytes>>)> {
        let found = match self.0.get(&Path::from(name)).await {
            Err(object_store::Error::NotFound { .. }) => return Err(Error::NotFound),
            found => found.map_err(Error::unexpected)?,
        };
        let length = found.meta.size;
        Ok((length, found.into_stream().map_err(Error::unexpected).boxed()))
    }

    /// Throws away what lies under `name`; nothing there is fine.
    pub async fn delete(&self, name: &str) -> Result<()> {
        match self.0.delete(&Path::from(name)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            deleted => deleted.map_err(Error::unexpected),
        }
    }

    /// # Errors
    /// `NotFound` when there is nothing of that name.
    pub async fn get(&self, name: &str) -> Result<Vec<u8>> {
        let found = self.0.get(&Path::from(name)).await;
        let bytes = match found {
            Err(object_store::Error::NotFound { .. }) => return Err(Error::NotFound),
            found => found.map_err(Error::unexpected)?.bytes().await.map_err(Error::unexpected)?,
        };
        Ok(bytes.to_vec())
    }
}
