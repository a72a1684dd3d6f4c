//! One server process: how it is started, when it counts as started, how it ends.

use super::Durability;
use super::folders::Folders;
use super::leftovers;
use super::os::{self, Stop};
use super::programs::Programs;
use anyhow::{Context, bail};
use std::fs::OpenOptions;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Crash recovery after a long run may take its time.
const START: Duration = Duration::from_secs(120);
/// We have 10 seconds to end; after this much a checkpoint is not waited for, and the next start replays the log.
const FAST_STOP: Duration = Duration::from_secs(6);
const IMMEDIATE_STOP: Duration = Duration::from_secs(2);

const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "logging_collector=off",
    "log_destination=stderr",
    "lc_messages=C",
];
/// Checkpoints further apart write each changed page to the log less often.
const FULL: &[&str] = &["max_connections=100", "max_wal_size=2GB", "checkpoint_timeout=15min"];
const FAST: &[&str] =
    &["max_connections=300", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=128MB"];
/// MiB of the server's own cache: an eighth of the machine's memory, within these bounds.
const SMALLEST_CACHE: u64 = 128;
const LARGEST_CACHE: u64 = 1024;

pub(super) struct Server {
    pub(super) programs: Programs,
    pub(super) folders: Folders,
    pub(super) durability: Durability,
}

impl Server {
    /// Starts the server as a child that ends with the calling thread, and waits until it takes connections.
    pub(super) fn launch(&self) -> anyhow::Result<Child> {
        let mut command = self.command()?;
        os::end_with_this_thread(&mut command);
        self.start(command)
    }

    /// Starts the server so that it outlives us.
    pub(super) fn launch_detached(&self) -> anyhow::Result<()> {
        self.start(self.command()?).map(drop)
    }

    fn command(&self) -> anyhow::Result<Command> {
        let mut command = self.programs.command("postgres", &self.folders.data)?;
        let more = if self.durability == Durability::Fast { FAST } else { FULL };
        for setting in SETTINGS.iter().chain(more) {
            command.args(["-c", setting]);
        }
        if self.durability == Durability::Full {
            let cache = (os::memory() / 8 / 1024 / 1024).clamp(SMALLEST_CACHE, LARGEST_CACHE);
            command.arg("-c").arg(format!("shared_buffers={cache}MB"));
        }
        command.arg("-c").arg(format!("unix_socket_directories={}", self.folders.socket.display()));
        let log = OpenOptions::new().create(true).append(true).open(&self.folders.log);
        let log = log.with_context(|| format!("cannot write {}", self.folders.log.display()))?;
        // In a group of its own: a Ctrl-C at the terminal is for us, who stop the server last.
        command.stdout(log.try_clone()?).stderr(log).process_group(0);
        Ok(command)
    }

    fn start(&self, mut command: Command) -> anyhow::Result<Child> {
        let mut child = command.spawn().context("cannot run postgres")?;
        let since = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                bail!("PostgreSQL ended at once ({status}):\n{}", self.folders.last_words());
            }
            if leftovers::state(&self.folders.data).is_some_and(|state| state.is_ready && state.pid == child.id()) {
                return Ok(child);
            }
            if since.elapsed() > START {
                stop(&mut child)?;
                bail!("PostgreSQL was not ready after {START:?}; its log is {}", self.folders.log.display());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Ends the server as gently as the time allows. Whatever happens, committed data is safe.
pub(super) fn stop(child: &mut Child) -> anyhow::Result<()> {
    for (how, patience) in [(Stop::Fast, FAST_STOP), (Stop::Immediate, IMMEDIATE_STOP)] {
        os::send(child.id(), how);
        let since = Instant::now();
        while since.elapsed() < patience {
            if child.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        tracing::warn!(?how, "PostgreSQL takes long to stop");
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}
