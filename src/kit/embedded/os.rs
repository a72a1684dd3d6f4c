//! The few calls to the operating system that std does not offer. The only unsafe code of the program.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

/// What a PostgreSQL server understands by a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Roll back what is open, write everything down, end.
    Fast = libc::SIGINT as isize,
    /// End at once; the next start replays the log.
    Immediate = libc::SIGQUIT as isize,
    Kill = libc::SIGKILL as isize,
}

/// The user we run as; 0 is root.
pub(super) fn user() -> u32 {
    // SAFETY: geteuid has no preconditions and cannot fail.
    unsafe { libc::geteuid() }
}

/// Bytes of the machine's memory; 0 where it does not say.
pub(super) fn memory() -> u64 {
    // SAFETY: sysconf takes plain numbers, and answers -1 to what it does not know.
    let (pages, size) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    u64::try_from(pages).unwrap_or(0) * u64::try_from(size).unwrap_or(0)
}

/// Asks process `pid` to stop. That it has gone meanwhile is no error.
pub(super) fn send(pid: u32, stop: Stop) {
    // SAFETY: kill takes plain numbers. `pid` is a process's number, so neither 0 nor negative (a group).
    unsafe { libc::kill(pid as libc::pid_t, stop as libc::c_int) };
}

/// The program gets a fast stop from the kernel when the *thread* that started it ends, by kill -9 of the process too.
/// The kernel forgets this at a change of user, so it is asked for after that (std runs `pre_exec` last).
#[cfg(target_os = "linux")]
pub(super) fn end_with_this_thread(command: &mut Command) {
    let parent = std::process::id();
    let tie = move || {
        // SAFETY: both calls are async-signal-safe and take plain numbers.
        let (tied, now) = unsafe { (libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGINT), libc::getppid()) };
        match tied {
            0 if now as u32 == parent => Ok(()),
            0 => Err(io::Error::from_raw_os_error(libc::ESRCH)), // the parent died before it could be told
            _ => Err(io::Error::last_os_error()),
        }
    };
    // SAFETY: between fork and exec `tie` neither allocates nor locks.
    unsafe { command.pre_exec(tie) };
}

/// Other systems have no such signal: a server left by kill -9 must be stopped by hand there.
#[cfg(not(target_os = "linux"))]
pub(super) fn end_with_this_thread(_: &mut Command) {}

/// Hands an open directory to the program and returns the path by which it can use it, even where it may not
/// enter the directories above. Only Linux has such paths.
pub(super) fn hand_over(command: &mut Command, directory: File) -> PathBuf {
    let path = PathBuf::from(format!("/proc/self/fd/{}", directory.as_raw_fd()));
    let keep_open = move || {
        // SAFETY: fcntl is async-signal-safe; the closure owns `directory`, so its descriptor is open.
        match unsafe { libc::fcntl(directory.as_raw_fd(), libc::F_SETFD, 0) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    };
    // SAFETY: between fork and exec `keep_open` neither allocates nor locks.
    unsafe { command.pre_exec(keep_open) };
    path
}
