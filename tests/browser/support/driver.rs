//! chromedriver, on a port that it chooses, for as long as a test runs.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// What it says when it listens.
const STARTED: &str = "started successfully on port ";

pub struct Driver {
    process: Child,
    pub url: String,
}

impl Driver {
    pub fn start() -> Self {
        let program = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".into());
        // A group of its own, so that its browsers can be ended with it.
        let mut process = Command::new(&program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap_or_else(|cause| panic!("cannot run {program}, which bin/test installs: {cause}"));
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| port(&line)).expect("chromedriver listens");
        // What else it says must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, url: format!("http://127.0.0.1:{port}") }
    }
}

fn port(line: &str) -> Option<u16> {
    let (_, port) = line.split_once(STARTED)?;
    port.trim_end_matches('.').trim().parse().ok()
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = -i32::try_from(self.process.id()).unwrap();
        end(group);
        let _ = self.process.wait();
    }
}

/// The driver and every browser that it started.
#[allow(unsafe_code)]
fn end(group: i32) {
    // SAFETY: a signal to a group that this process made and has not waited for yet.
    unsafe { libc::kill(group, libc::SIGKILL) };
}
