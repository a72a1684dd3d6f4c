//! Processes: that ours do not outlive us, and what they cost.

use anyhow::Context;
use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

/// However we end, the kernel ends the child. It must be started by a thread that lives on.
#[allow(unsafe_code)]
pub fn end_with_us(command: &mut Command) {
    // SAFETY: prctl is a bare system call, safe between fork and exec.
    unsafe {
        command.pre_exec(|| match libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error()),
        });
    }
}

/// User and system time of a process, all its threads.
pub fn cpu_of(pid: u32) -> anyhow::Result<Duration> {
    Ok(Stat::of(pid)?.own)
}

/// The same of a process and its children, those that have ended included.
pub fn cpu_of_family(parent: u32) -> anyhow::Result<Duration> {
    let stat = Stat::of(parent)?;
    let pids = fs::read_dir("/proc")?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let children = pids.filter_map(|pid| Stat::of(pid).ok()).filter(|child| child.parent == parent);
    Ok(stat.own + stat.ended_children + children.map(|child| child.own).sum::<Duration>())
}

struct Stat {
    parent: u32,
    own: Duration,
    ended_children: Duration,
}

impl Stat {
    fn of(pid: u32) -> anyhow::Result<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        // The second field is the name in brackets and may hold anything; those behind it are counted from here.
        let (_, fields) = stat.rsplit_once(')').context("/proc/<pid>/stat")?;
        let fields: Vec<i64> = fields.split_whitespace().map(|text| text.parse().unwrap_or(0)).collect();
        let time = |nth: usize| Duration::from_millis((fields[nth] + fields[nth + 1]).unsigned_abs() * 10); // hundredths
        Ok(Self { parent: fields[1] as u32, own: time(11), ended_children: time(13) })
    }
}
