//! Guessing is slowed down: failures count per address and per account, and each further try waits longer.
//!
//! Per account the count is kept together with the guesser's address, so that nobody can lock somebody else out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures that are free.
const FREE: u32 = 5;
/// An address behind which many people sit may fail more often.
const FREE_PER_ADDRESS: u32 = 50;
const FORGET: Duration = Duration::from_secs(15 * 60);
const LONGEST: u64 = 300;
const MOST: usize = 50_000;

#[derive(Default)]
pub struct Throttle(Mutex<HashMap<Key, Failures>>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(Option<IpAddr>),
    Account(Option<IpAddr>, String),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
}

impl Throttle {
    /// Seconds to wait before the next try; None when it may be made now.
    pub fn wait(&self, address: Option<IpAddr>, email: &str) -> Option<u64> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = |key: &Key, free| failures.get(key).and_then(|failures| failures.wait(free));
        let account = wait(&Key::Account(address, email.to_owned()), FREE);
        account.max(wait(&Key::Address(address), FREE_PER_ADDRESS))
    }

    pub fn failed(&self, address: Option<IpAddr>, email: &str) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= MOST {
            failures.retain(|_, failures| failures.last.elapsed() < FORGET);
        }
        for key in [Key::Account(address, email.to_owned()), Key::Address(address)] {
            let failures = failures.entry(key).or_insert(Failures { count: 0, last: Instant::now() });
            let is_old = failures.last.elapsed() > FORGET;
            *failures = Failures { count: if is_old { 1 } else { failures.count + 1 }, last: Instant::now() };
        }
    }

    pub fn succeeded(&self, address: Option<IpAddr>, email: &str) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.remove(&Key::Account(address, email.to_owned()));
    }
}

impl Failures {
    fn wait(&self, free: u32) -> Option<u64> {
        let over = self.count.checked_sub(free)?;
        let wait = Duration::from_secs((1_u64 << over.min(16)).min(LONGEST));
        let left = wait.checked_sub(self.last.elapsed())?;
        Some(left.as_secs() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_failure_has_to_wait_and_a_neighbour_has_not() {
        let (throttle, mine) = (Throttle::default(), "192.0.2.1".parse().ok());
        for _ in 0..FREE {
            assert_eq!(throttle.wait(mine, "ada@acme.test"), None);
            throttle.failed(mine, "ada@acme.test");
        }
        assert!(throttle.wait(mine, "ada@acme.test").is_some());
        assert_eq!(throttle.wait("192.0.2.2".parse().ok(), "ada@acme.test"), None, "the owner elsewhere");
        throttle.succeeded(mine, "ada@acme.test");
        assert_eq!(throttle.wait(mine, "ada@acme.test"), None);
    }
}
