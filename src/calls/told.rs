//! What a call has come to by what was told of it. The order in which it was told plays no part.

use super::model::CallStatus;
use chrono::{DateTime, TimeDelta, Utc};

/// A phone rings for less than a minute; a call that was neither taken nor refused by then was missed.
pub const RINGS: TimeDelta = TimeDelta::seconds(100);
/// A call that was taken and of whose end nothing was told is taken to be over after this.
pub const LASTS: TimeDelta = TimeDelta::hours(3);

/// The moments that were told, and the one at which the desk stopped waiting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    pub answered: Option<DateTime<Utc>>,
    pub rejected: Option<DateTime<Utc>>,
    pub given_up: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub status: CallStatus,
    pub ended: Option<DateTime<Utc>>,
    /// Seconds, where it is known.
    pub duration: Option<i32>,
}

impl Told {
    pub fn outcome(self) -> Outcome {
        let ended = self.rejected.or(self.given_up);
        let status = match (self.answered, ended) {
            (_, None) => CallStatus::Ongoing,
            (Some(_), Some(_)) => CallStatus::Completed,
            (None, Some(_)) => CallStatus::Failed,
        };
        // "Rejected" after it was taken is its end; that nothing was told any more says nothing of its length.
        let length = self.answered.zip(self.rejected).map(|(from, to)| (to - from).num_seconds());
        let duration =
            length.filter(|seconds| (0..=86_400).contains(seconds)).and_then(|seconds| seconds.try_into().ok());
        Outcome { status, ended, duration }
    }

    /// When to stop waiting for more; None: it is over.
    pub fn patience_ends(self, started: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let is_over = self.rejected.or(self.given_up).is_some();
        (!is_over).then(|| self.answered.map_or(started + RINGS, |answered| answered + LASTS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(1_795_000_000 + seconds, 0)
    }

    fn outcome(answered: Option<i64>, rejected: Option<i64>, given_up: Option<i64>) -> (CallStatus, Option<i32>) {
        let of = |seconds: Option<i64>| seconds.and_then(at);
        let told = Told { answered: of(answered), rejected: of(rejected), given_up: of(given_up) };
        let Outcome { status, duration, ended } = told.outcome();
        assert_eq!(ended.is_none(), status == CallStatus::Ongoing);
        (status, duration)
    }

    #[test]
    fn a_call_is_what_was_told_of_it() {
        assert_eq!(outcome(None, None, None), (CallStatus::Ongoing, None));
        assert_eq!(outcome(Some(5), None, None), (CallStatus::Ongoing, None));
        assert_eq!(outcome(None, Some(20), None), (CallStatus::Failed, None), "refused");
        assert_eq!(outcome(None, None, Some(100)), (CallStatus::Failed, None), "missed");
        assert_eq!(outcome(Some(5), Some(65), None), (CallStatus::Completed, Some(60)));
        assert_eq!(
            outcome(Some(5), Some(3), None),
            (CallStatus::Completed, None),
            "no length from clocks that disagree"
        );
        assert_eq!(outcome(Some(5), None, Some(9000)), (CallStatus::Completed, None), "taken, and no end was told");
    }

    #[test]
    fn waiting_ends_sooner_while_it_rings() {
        let started = at(0).unwrap();
        assert_eq!(Told::default().patience_ends(started), Some(started + RINGS));
        let taken = Told { answered: at(5), ..Told::default() };
        assert_eq!(taken.patience_ends(started), at(5).map(|at| at + LASTS));
        assert_eq!(Told { rejected: at(9), ..taken }.patience_ends(started), None);
    }
}
