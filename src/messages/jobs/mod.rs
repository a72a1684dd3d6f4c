//! Background work on messages: working a number's queue, finding out what became of lost answers, and fetching what
//! belongs to a message.

mod count;
mod deliver;
mod fetch;
mod purge;
mod settle;

pub use count::{COUNT_EVERY, CountDays};
pub use deliver::{Deliver, SWEEP_EVERY, Sweep};
pub use fetch::{FetchMedia, LearnGroup, LearnPhone, SendSeen};
pub use purge::PurgeAttachments;
pub use settle::Settle;

use std::time::Duration as Pause;

/// How fast messages go out, and how patiently lost answers are looked for. Tests hurry it.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Between two messages of one number.
    pub gap: Pause,
    /// After a clear failure: doubled each time, to a minute.
    pub backoff: Pause,
    /// Between two looks for a lost message.
    pub look: Pause,
    /// Absent for this long, a message was not sent: engines themselves try for 75 s.
    pub settled: Pause,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            gap: Pause::from_millis(1000),
            backoff: Pause::from_secs(2),
            look: Pause::from_secs(3),
            settled: Pause::from_secs(90),
        }
    }
}
