//! The thread that owns the server: starts it, starts it again should it die, stops it.
//!
//! The kernel ends the server with the thread that started it, so that thread is ours and lives as long as the
//! cluster, wherever `Cluster::start` was called from.

use super::leftovers;
use super::server::{self, Server};
use anyhow::{Context, anyhow};
use std::process::Child;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// How often the keeper looks whether the server lives.
const LOOK: Duration = Duration::from_millis(500);

pub(super) struct Keeper {
    stop: Sender<()>,
    thread: JoinHandle<anyhow::Result<()>>,
}

impl Keeper {
    /// Returns once the server takes connections.
    pub(super) fn start(server: Server) -> anyhow::Result<Self> {
        let (stop, told_to_stop) = channel();
        let (tell, started) = channel();
        let work = move || match server.launch() {
            Ok(child) => tell.send(Ok(())).map_or(Ok(()), |()| keep(&server, child, &told_to_stop)),
            Err(error) => tell.send(Err(error)).map_err(|_| anyhow!("nobody waits for PostgreSQL")),
        };
        let thread = Builder::new().name("postgres".into()).spawn(work)?;
        started.recv().context("the thread that starts PostgreSQL died")??;
        Ok(Self { stop, thread })
    }

    pub(super) fn stop(self) -> anyhow::Result<()> {
        drop(self.stop);
        self.thread.join().map_err(|_| anyhow!("the thread that keeps PostgreSQL died"))?
    }
}

fn keep(server: &Server, child: Child, told_to_stop: &Receiver<()>) -> anyhow::Result<()> {
    let mut child = Some(child);
    while told_to_stop.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
        let has_ended = match &mut child {
            Some(child) => child.try_wait()?,
            None => None,
        };
        if let Some(status) = has_ended {
            tracing::error!(%status, log = %server.folders.log.display(), "PostgreSQL died; starting it again");
            child = None;
        }
        if child.is_none() {
            child = revive(server).inspect_err(|error| tracing::error!(%error, "PostgreSQL does not start")).ok();
        }
    }
    child.map_or(Ok(()), |mut child| server::stop(&mut child))
}

fn revive(server: &Server) -> anyhow::Result<Child> {
    leftovers::clear(&server.folders)?;
    server.launch()
}
