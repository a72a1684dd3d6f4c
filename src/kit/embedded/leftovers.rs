//! What an earlier server may have left behind, and whether one still runs.
//!
//! Call these only while holding the cluster's lock: then a server found here has no owner.

use super::folders::{Folders, SOCKET};
use super::os::{self, Stop};
use anyhow::bail;
use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// A server whose owner was killed is on its way out, and backends of a killed server soon notice.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// Backends that are busy notice only when told.
const POLITE: Duration = Duration::from_secs(2);

/// What the server says of itself in postmaster.pid, the file that pg_ctl reads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) pid: u32,
    pub(super) is_ready: bool,
}

pub(super) fn state(data: &Path) -> Option<State> {
    let text = fs::read_to_string(data.join("postmaster.pid")).ok()?;
    let mut lines = text.lines().map(str::trim);
    let pid = lines.next()?.parse().ok()?;
    Some(State { pid, is_ready: lines.nth(6) == Some("ready") })
}

/// Whether a server of this cluster lives and takes connections.
pub(super) fn is_ready(folders: &Folders) -> bool {
    state(&folders.data).is_some_and(|state| state.is_ready && processes(&folders.data).contains(&state.pid))
}

/// Ends what still runs and makes the rest harmless for the next start.
pub(super) fn clear(folders: &Folders) -> anyhow::Result<()> {
    if state(&folders.data).is_some() {
        end_processes(&folders.data)?;
        disown(&folders.data)?;
    }
    // Unlike the data directory's, the socket's lock file is believed whatever its process has become. The directory
    // is private and we hold the lock, so both are ours to remove.
    for name in [SOCKET.to_owned(), format!("{SOCKET}.lock")] {
        match fs::remove_file(folders.socket.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

fn end_processes(data: &Path) -> anyhow::Result<()> {
    let since = Instant::now();
    let mut last = None;
    loop {
        let left = processes(data);
        if left.is_empty() {
            return Ok(());
        }
        if since.elapsed() > LONGEST_WAIT {
            bail!("old PostgreSQL processes {left:?} on {} do not end", data.display());
        }
        let server = state(data).map(|state| state.pid).filter(|pid| left.contains(pid));
        let (stop, whom) = match server {
            Some(server) => (Stop::Fast, vec![server]),
            None if since.elapsed() < POLITE => (Stop::Immediate, left),
            None => (Stop::Kill, left),
        };
        if last.replace(stop) != Some(stop) {
            whom.into_iter().for_each(|pid| os::send(pid, stop));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// PostgreSQL refuses to start over a pid file whose process lives, and after a crash that number may be anyone's. To
/// delete the file would switch off its check for old backends on the shared memory. But a file that names its own
/// parent it takes for stale, and checks the rest: so the file gets our number.
fn disown(data: &Path) -> anyhow::Result<()> {
    let path = data.join("postmaster.pid");
    let Ok(text) = fs::read_to_string(&path) else {
        return Ok(());
    };
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest).replace("ready", "stale");
    fs::write(path, format!("{}\n{rest}", std::process::id()))?;
    Ok(())
}

/// Every server process works in the data directory: the server, and backends that outlived one.
pub(super) fn processes(data: &Path) -> Vec<u32> {
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd == data))
        // Someone's shell may stand there too.
        .filter(|entry| fs::read_to_string(entry.path().join("comm")).is_ok_and(|name| name.trim() == "postgres"))
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}
