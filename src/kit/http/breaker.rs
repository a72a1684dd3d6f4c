//! Spares a neighbour that is down, and those who would wait for it: after some failures in a row nothing is tried for a
//! while, then one probe goes ahead of the others.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const FAILURES: u32 = 5;
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// While the probe is under way.
const SHORTEST_REST: Duration = Duration::from_secs(1);
/// Above this many neighbours the idle healthy ones are forgotten.
const KEPT: usize = 1024;

/// One neighbour's state, shared by all who talk to it.
#[derive(Debug)]
pub struct Breaker {
    failures: u32,
    first_wait: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    failed: u32,
    wait: Duration,
    /// Set while open: when the next probe may go.
    until: Option<Instant>,
    probing: bool,
}

/// The right to one call. Dropped without a verdict (the caller gave up) it changes nothing.
#[derive(Debug)]
pub struct Permit {
    breaker: Arc<Breaker>,
    probe: bool,
}

impl Breaker {
    pub fn new(failures: u32, first_wait: Duration) -> Arc<Self> {
        let state = State { failed: 0, wait: first_wait, until: None, probing: false };
        Arc::new(Self { failures, first_wait, state: Mutex::new(state) })
    }

    /// The breaker of that neighbour, the same one for the whole process.
    pub fn of(neighbour: &str) -> Arc<Self> {
        static ALL: LazyLock<Mutex<HashMap<String, Arc<Breaker>>>> = LazyLock::new(Mutex::default);
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT {
            all.retain(|_, breaker| Arc::strong_count(breaker) > 1 || breaker.is_open());
        }
        all.entry(neighbour.to_owned()).or_insert_with(|| Self::new(FAILURES, FIRST_WAIT)).clone()
    }

    /// Leave to call, or the time after which to ask again.
    pub fn enter(self: &Arc<Self>) -> Result<Permit, Duration> {
        let mut state = self.state();
        if let Some(rest) = state.rest() {
            return Err(rest);
        }
        let probe = state.until.is_some();
        state.probing |= probe;
        Ok(Permit { breaker: self.clone(), probe })
    }

    /// For how long nobody gets leave; None while somebody may try.
    pub fn rest(&self) -> Option<Duration> {
        self.state().rest()
    }

    pub fn is_open(&self) -> bool {
        self.state().until.is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn rest(&self) -> Option<Duration> {
        let left = self.until?.saturating_duration_since(Instant::now());
        (!left.is_zero() || self.probing).then(|| left.max(SHORTEST_REST))
    }
}

impl Permit {
    /// The neighbour answered, whatever it said.
    pub fn answered(self) {
        let mut state = self.breaker.state();
        (state.failed, state.until, state.wait) = (0, None, self.breaker.first_wait);
    }

    /// No answer, or one that came from something in between.
    pub fn failed(self) {
        let mut state = self.breaker.state();
        state.failed = state.failed.saturating_add(1);
        let opens = state.until.is_none() && state.failed >= self.breaker.failures;
        if opens || self.probe {
            state.until = Some(Instant::now() + state.wait);
            state.wait = (state.wait * 2).min(LONGEST_WAIT);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.probe {
            self.breaker.state().probing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAIT: Duration = Duration::from_millis(20);

    fn opened() -> Arc<Breaker> {
        let breaker = Breaker::new(2, WAIT);
        breaker.enter().unwrap().failed();
        breaker.enter().unwrap().failed();
        breaker
    }

    #[test]
    fn it_opens_after_failures_in_a_row_only() {
        let breaker = Breaker::new(2, WAIT);
        breaker.enter().unwrap().failed();
        breaker.enter().unwrap().answered();
        breaker.enter().unwrap().failed();

        assert!(!breaker.is_open());
        assert!(opened().is_open() && opened().enter().is_err());
    }

    #[test]
    fn one_probe_goes_ahead_and_its_answer_closes() {
        let breaker = opened();
        std::thread::sleep(WAIT);

        let probe = breaker.enter().unwrap();
        assert!(breaker.enter().is_err());
        probe.answered();
        assert!(!breaker.is_open() && breaker.enter().is_ok());
    }

    #[test]
    fn a_failed_probe_doubles_the_wait_and_an_abandoned_one_frees_its_place() {
        let breaker = opened();
        std::thread::sleep(WAIT);

        drop(breaker.enter().unwrap());
        breaker.enter().unwrap().failed();
        assert!(breaker.enter().is_err());
        assert_eq!(breaker.state().wait, WAIT * 4);
    }

    #[test]
    fn the_whole_process_shares_one_per_neighbour() {
        assert!(Arc::ptr_eq(&Breaker::of("http://a.test"), &Breaker::of("http://a.test")));
        assert!(!Arc::ptr_eq(&Breaker::of("http://a.test"), &Breaker::of("http://b.test")));
    }
}
