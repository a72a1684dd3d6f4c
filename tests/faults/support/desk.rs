//! A process of the program under test.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output};
use std::time::{Duration, Instant};

use super::house::{House, SECRET_KEY, WAHA_KEY, free_port};
use super::until;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_switchboard");
/// How long anything that is not measured may take on a machine with much else to do.
pub const PATIENCE: u64 = 90;

/// The program with nothing of our own environment that it would read.
pub fn program() -> Command {
    let mut command = Command::new(PROGRAM);
    command.env_clear().envs(std::env::vars().filter(|(name, _)| ["PATH", "HOME", "TMPDIR"].contains(&name.as_str())));
    // Where there is no .env.
    command.current_dir(env!("CARGO_TARGET_TMPDIR"));
    command
}

/// Runs a command to its end.
pub fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    program().args(arguments).envs(variables.iter().copied()).output().unwrap()
}

/// Sends a signal to a process that this test started.
pub fn signal(pid: u32, name: &str) {
    assert!(Command::new("kill").args([format!("-{name}"), pid.to_string()]).status().unwrap().success());
}

/// Whether a process is there and no zombie.
pub fn lives(pid: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    status.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

/// How a process is to be started, as often as needed.
#[derive(Clone)]
pub struct Plan {
    pub port: u16,
    folder: PathBuf,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
}

/// A started process; killed when this goes.
pub struct Desk {
    child: Child,
    pub url: String,
    log: PathBuf,
}

impl Plan {
    pub fn new(house: &House) -> Self {
        let port = free_port();
        let plan = Self { port, folder: house.folder.clone(), arguments: vec!["serve".into()], variables: Vec::new() };
        plan.with("DATABASE_URL", house.url())
            .with("DATABASE_MAX_CONNECTIONS", "10")
            .with("SWITCHBOARD_SECRET_KEY", SECRET_KEY)
            .with("SWITCHBOARD_BIND", &format!("127.0.0.1:{port}"))
            .with("SWITCHBOARD_DATA_DIR", &house.folder.join("files").display().to_string())
            .with("SWITCHBOARD_SEND_GAP_MS", "0")
            .with("SWITCHBOARD_SETTLE_SECONDS", "4")
            .with("WAHA_URL", &format!("http://{}", house.waha))
            .with("WAHA_API_KEY", WAHA_KEY)
    }

    /// `program`, at a port that it is told in `arguments`.
    pub fn other(folder: &Path, port: u16, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(ToString::to_string).collect();
        Self { port, folder: folder.to_owned(), arguments, variables: Vec::new() }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    pub fn role(mut self, role: &str) -> Self {
        self.arguments.extend(["--role".into(), role.into()]);
        self
    }

    /// Starts it without waiting.
    pub fn launch(&self) -> Desk {
        let log = self.folder.join(format!("desk-{}-{}.log", self.port, uuid::Uuid::now_v7().simple()));
        let file = File::create(&log).unwrap();
        let mut command = program();
        command.args(&self.arguments).envs(self.variables.iter().cloned());
        let child = command.stdout(file.try_clone().unwrap()).stderr(file).spawn().unwrap();
        Desk { child, url: format!("http://127.0.0.1:{}", self.port), log }
    }

    /// Starts it and waits until it says that it is ready.
    pub async fn start(&self) -> Desk {
        let mut desk = self.launch();
        desk.ready().await;
        desk
    }
}

impl Desk {
    pub async fn ready(&mut self) {
        let begun = Instant::now();
        while !self.log().contains("Switchboard is ready") {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("it ended at once: {status}\n{}", self.log());
            }
            assert!(begun.elapsed().as_secs() < PATIENCE, "it does not become ready:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn address(&self) -> SocketAddr {
        self.url.trim_start_matches("http://").parse().unwrap()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        assert_eq!(self.child.wait().unwrap().signal(), Some(9), "it had ended before:\n{}", self.log());
    }

    /// Asks it to stop, and waits; how it ended and how long that took.
    pub async fn stop(&mut self) -> (ExitStatus, Duration) {
        signal(self.pid(), "TERM");
        self.ended().await
    }

    pub async fn ended(&mut self) -> (ExitStatus, Duration) {
        let mut status = None;
        let took = until("the process ends", PATIENCE, || {
            status = self.child.try_wait().unwrap();
            std::future::ready(status.is_some())
        });
        let took = took.await;
        (status.unwrap(), took)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<_> = log.lines().collect();
            println!("the last words of {}:\n{}", self.url, lines[lines.len().saturating_sub(25)..].join("\n"));
        }
    }
}
