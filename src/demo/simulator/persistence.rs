//! The state file: written beside and renamed, so that there is always a whole one.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;

use super::gateway::Gateway;
use super::world::World;

/// The world as it was left, if there is a file of it.
pub fn load(path: &Path) -> anyhow::Result<Option<World>> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let mut world: World = serde_json::from_slice(&text)
        .with_context(|| format!("{} is not the simulator's state; remove it to begin anew", path.display()))?;
    world.reindex();
    Ok(Some(world))
}

/// Saves after each change, gathering those that come close together.
pub fn keep(gateway: &Arc<Gateway>, path: PathBuf) {
    let house = gateway.clone();
    let mut bell = gateway.watch();
    gateway.spawn(async move {
        while bell.changed().await.is_ok() {
            tokio::time::sleep(house.timing.save_after).await;
            bell.mark_unchanged();
            let (saver, path) = (house.clone(), path.clone());
            let saved = tokio::task::spawn_blocking(move || save(&saver, &path)).await;
            if let Ok(Err(error)) = saved {
                tracing::warn!(%error, "the simulator's state could not be saved");
            }
        }
    });
}

pub fn save(gateway: &Gateway, path: &Path) -> anyhow::Result<()> {
    let text = gateway.read(serde_json::to_vec)?;
    let draft = path.with_extension("new");
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    write_private(&draft, &text).with_context(|| format!("cannot write {}", draft.display()))?;
    std::fs::rename(&draft, path).with_context(|| format!("cannot write {}", path.display()))
}

/// For us alone: the configurations hold the keys of the webhooks.
fn write_private(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text)
}
