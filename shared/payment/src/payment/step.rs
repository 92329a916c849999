//! What is to be done next with a payment, told from what is stored of it and the time.

use std::time::Duration;

use ponte_ports::CLOCK_DIFFERENCE;
use ponte_values::Moment;

use super::execution::Execution;
use super::status::PaymentStatus;
use super::stored::Payment;

/// How long a payment that was never sent is tried to be sent: the core was down all the while.
pub const GIVE_UP_AFTER: Duration = Duration::from_hours(1);

/// How long a list of scheduled payments may take until all of it is SCHD (P22).
pub const SCHEDULING_LIMIT: Duration = Duration::from_hours(1);

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
}

impl Payment {
    /// What is to be done at `now`.
    #[must_use]
    pub fn next_step(&self, now: Moment) -> Step {
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
                (_, Some(day)) => until(Moment::start_of_day_brasilia(day).max(*next), Step::Send),
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
        if self.status().is_final() {
            return None;
        }
        match &self.execution {
            Execution::Idle { next, .. } => Some(match (self.status(), self.day) {
                (PaymentStatus::Rcvd, _) | (_, None) => *next,
                (_, Some(day)) => Moment::start_of_day_brasilia(day).max(*next),
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
            Some(day) => now.date_brasilia() > day,
            None => now >= self.created_at.plus(GIVE_UP_AFTER),
        }
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
