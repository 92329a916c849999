//! What is to be done next with a payment, told from what is stored of it and the time.

use std::time::Duration;

use ponte_ports::CLOCK_DIFFERENCE;
use ponte_values::{Date, Moment};

use super::execution::Execution;
use super::status::PaymentStatus;
use super::stored::Payment;

/// How long a payment that was never sent is tried to be sent: the core was down all the while.
pub const GIVE_UP_AFTER: Duration = Duration::from_hours(1);

/// How long a list of scheduled payments may take until all of it is SCHD (P22).
pub const SCHEDULING_LIMIT: Duration = Duration::from_hours(1);

/// Nothing is sent in the last seconds of a day: the core could execute it after them.
const LAST_CALL: Duration = Duration::from_secs(5);

/// How much later than the first the others of a list are looked at that is not scheduled yet.
const REST_OF_LIST: Duration = Duration::from_mins(10);

/// What is to be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Nothing, for good, or until somebody else says something.
    Nothing,
    /// Nothing until then.
    Wait(Moment),
    /// A scheduled payment that is RCVD: ask the core about the whole list of its consent; all of it becomes SCHD or RJCT (P22).
    Schedule,
    /// A list that was not scheduled in time: all of it becomes RJCT (P22).
    AbandonSchedule,
    /// Claim it, judge it once more if it was scheduled (P23), and send it.
    Send,
    /// Its day is over, and it never was sent: it is RJCT and never paid on another day.
    Missed,
    /// It could not be sent for too long: it is RJCT.
    GiveUp,
    /// It was sent, or may have been, and nobody knows: ask the core by our key.
    Ask,
    /// The core has it: ask for its status.
    Poll,
    /// It changed with a whole list, and its report is yet to be written (M51).
    Report,
}

impl Payment {
    /// What is to be done at `now`.
    #[must_use]
    pub fn next_step(&self, now: Moment) -> Step {
        if self.unreported {
            return Step::Report;
        }
        if self.status().is_final() {
            return Step::Nothing;
        }
        let until = |moment: Moment, step: Step| if now < moment { Step::Wait(moment) } else { step };
        match &self.execution {
            Execution::Idle { next, .. } => match (self.status(), self.day) {
                (PaymentStatus::Rcvd, Some(_)) if now >= self.created_at.plus(SCHEDULING_LIMIT) => {
                    Step::AbandonSchedule
                }
                (PaymentStatus::Rcvd, Some(_)) => until(*next, Step::Schedule),
                _ if self.is_too_late(now) => self.unsent(now),
                (_, Some(day)) => until(opens(day).max(*next), Step::Send),
                (_, None) => until(*next, Step::Send),
            },
            // Its worker is gone: another takes it over.
            Execution::Claimed { until: lease, earlier: None, .. } => {
                until(takeover(*lease), self.unsent(now))
            }
            Execution::Claimed { until: lease, earlier: Some(_), .. } => {
                until(takeover(*lease), self.sent_again(now))
            }
            Execution::Sent { until: over, .. } => until(*over, Step::Ask),
            Execution::Unknown { next, again: true, .. } => until(*next, self.sent_again(now)),
            Execution::Unknown { next, .. } => until(*next, Step::Ask),
            Execution::Done { next, .. } => until(*next, Step::Poll),
            Execution::Parked { .. } => Step::Nothing,
        }
    }

    /// When the next step is due; `None` if nothing is.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        if self.unreported {
            return Some(self.status_updated_at);
        }
        if self.status().is_final() {
            return None;
        }
        match &self.execution {
            Execution::Idle { next, .. } => Some(match (self.status(), self.day) {
                // The first of a list brings the whole list further; the others are looked at only if it did not.
                (PaymentStatus::Rcvd, Some(_)) if self.place > 0 => next.plus(REST_OF_LIST),
                (PaymentStatus::Rcvd, _) | (_, None) => *next,
                (_, Some(day)) => opens(day).max(*next),
            }),
            Execution::Claimed { until, .. } => Some(takeover(*until)),
            Execution::Sent { until, .. } => Some(*until),
            Execution::Unknown { next, .. } | Execution::Done { next, .. } => Some(*next),
            Execution::Parked { .. } => None,
        }
    }

    /// Whether its time to be sent is over: the day of a scheduled payment, an hour for others.
    pub(super) fn is_too_late(&self, now: Moment) -> bool {
        match self.day {
            Some(day) => now.plus(LAST_CALL).date_brasilia() > day,
            None => now >= self.created_at.plus(GIVE_UP_AFTER),
        }
    }

    /// When a call that begins at `now` is over: after `span`, and never after the day of a scheduled payment.
    #[must_use]
    pub fn call_until(&self, now: Moment, span: Duration) -> Moment {
        let end = now.plus(span);
        self.day.map_or(end, |day| end.min(Moment::start_of_day_brasilia(day.plus_days(1))))
    }

    /// What is to be done with what was never sent.
    fn unsent(&self, now: Moment) -> Step {
        match (self.is_too_late(now), self.day) {
            (false, _) => Step::Send,
            (true, Some(_)) => Step::Missed,
            (true, None) => Step::GiveUp,
        }
    }

    /// What is to be done with what the core does not have and recognises: money may still move by what was sent before, so that
    /// it is never rejected without asking.
    fn sent_again(&self, now: Moment) -> Step {
        if self.is_too_late(now) { Step::Ask } else { Step::Send }
    }
}

/// When another worker may take over what one has claimed: clocks may differ (T12).
fn takeover(lease: Moment) -> Moment {
    lease.plus(CLOCK_DIFFERENCE)
}

/// When scheduled payments of a day may go out: a clock that is ahead must not send them on the day before.
fn opens(day: Date) -> Moment {
    Moment::start_of_day_brasilia(day).plus(CLOCK_DIFFERENCE)
}
