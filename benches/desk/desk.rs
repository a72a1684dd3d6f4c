//! `switchboard serve` as a process of its own, and what it costs.

use crate::ground::{Ground, PROGRAM, SECRET_KEY};
use crate::http::Connection;
use crate::process::{cpu_of, end_with_us};
use anyhow::{Context, bail};
use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// Longer than any start should take.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Desk {
    pub address: SocketAddr,
    /// From starting the process to its first 200 from /readyz.
    pub ready_after: Duration,
    child: Child,
}

impl Desk {
    /// Starts the desk on the ground's database, with `settings` in its environment besides.
    pub async fn start(ground: &Ground, role: &str, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        Self::start_at(ground, free_address()?, role, settings).await
    }

    /// The same at a known address.
    pub async fn start_at(
        ground: &Ground,
        address: SocketAddr,
        role: &str,
        settings: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        let log = File::create(ground.folder.join(format!("{role}.log")))?;
        let mut command = Command::new(PROGRAM);
        command
            .args(["serve", "--role", role])
            .current_dir(&ground.folder)
            .env("DATABASE_URL", ground.url())
            .env("SWITCHBOARD_SECRET_KEY", SECRET_KEY)
            .env("SWITCHBOARD_DATA_DIR", &ground.folder)
            .env("SWITCHBOARD_BIND", address.to_string())
            .env("RUST_LOG", "warn")
            .envs(settings.iter().copied())
            .stdout(log.try_clone()?)
            .stderr(log)
            .stdin(Stdio::null());
        end_with_us(&mut command);
        let begun = Instant::now();
        let child = command.spawn().with_context(|| format!("cannot run {PROGRAM}"))?;
        let mut desk = Self { address, child, ready_after: Duration::ZERO };
        if role != "worker" {
            desk.wait_until_ready(begun).await?;
        }
        Ok(desk)
    }

    async fn wait_until_ready(&mut self, begun: Instant) -> anyhow::Result<()> {
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                bail!("switchboard serve ended at once ({status}); its log is in target/bench-data");
            }
            if is_ready(self.address).await {
                self.ready_after = begun.elapsed();
                return Ok(());
            }
            sleep(Duration::from_millis(2)).await;
        }
        bail!("switchboard serve was not ready after {PATIENCE:?}")
    }

    /// User and system time so far, of all its threads.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        cpu_of(self.child.id())
    }

    /// Resident memory now and at its highest, in MiB.
    pub fn memory(&self) -> anyhow::Result<(f64, f64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let of = |name: &str| -> Option<f64> {
            let line = status.lines().find(|line| line.starts_with(name))?;
            let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
            Some(kib / 1024.0)
        };
        of("VmRSS:").zip(of("VmHWM:")).context("no memory in /proc/<pid>/status")
    }

    /// As systemd or Docker would end it.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        let begun = Instant::now();
        while self.child.try_wait()?.is_none() {
            if begun.elapsed() > Duration::from_secs(15) {
                bail!("switchboard serve does not end");
            }
            sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut connection) = Connection::open(address).await else { return false };
    let answer = connection.ask(b"GET /readyz HTTP/1.1\r\nHost: desk\r\n\r\n").await;
    answer.is_ok_and(|answer| answer.status == 200)
}

pub fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
