//! Makes the cluster on the first start.

use super::Durability;
use super::folders::{Folders, SUPERUSER};
use super::programs::Programs;
use anyhow::{Context, bail};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

/// Runs initdb unless there is a cluster. It works beside the final place, so that an interrupted one leaves none half made.
pub(super) fn ensure(programs: &Programs, folders: &Folders, durability: Durability) -> anyhow::Result<()> {
    if folders.data.join("PG_VERSION").exists() {
        return Ok(());
    }
    let unfinished = folders.root.join("data.new");
    for leftover in [&unfinished, &folders.data].into_iter().filter(|path| path.exists()) {
        fs::remove_dir_all(leftover).with_context(|| format!("cannot remove {}", leftover.display()))?;
    }
    fs::create_dir(&unfinished)?;
    fs::set_permissions(&unfinished, Permissions::from_mode(0o700))?;
    if let Some(account) = &programs.account {
        account.take(&unfinished)?;
    }
    let mut command = programs.command("initdb", &unfinished)?;
    command.args(["-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "--no-instructions"]);
    if durability == Durability::Fast {
        command.arg("--no-sync");
    }
    let output = command.output().context("cannot run initdb")?;
    if !output.status.success() {
        bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    fs::rename(&unfinished, &folders.data)?;
    Ok(())
}
