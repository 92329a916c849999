//! The one deadline of a call: what is not done by then is given up, so that the caller gets an answer.
//!
//! Participants wait 15 s (L02), the gateway 29 s and the function 28 s. Ours ends before theirs, with room for the report
//! after it ([`crate::report`]) and for the way back.

use std::future::Future;
use std::time::Duration;

use ponte_values::Moment;
use tokio::time::{Instant, timeout_at};

/// Time of a call from its arrival at the gateway to its answer.
pub(crate) const WHOLE: Duration = Duration::from_secs(12);
/// Longest start of an environment that a call can have waited for. The gateway has another clock than we: a greater
/// difference is one of the clocks.
const LONGEST_START: Duration = Duration::from_secs(5);

/// The deadline of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    /// The deadline of a call that arrived at the gateway and is begun now, and has `whole` from the one to its answer.
    pub(crate) fn of(whole: Duration, arrived: Moment, now: Moment) -> Self {
        Self(Instant::now() + time_left(whole, arrived, now))
    }

    /// Time until then.
    pub(crate) fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// The outcome of `work`, unless it takes longer. What it had begun is dropped: a transaction of the store happens
    /// whole or not at all, whoever waits for it.
    pub(crate) async fn limit<T>(self, work: impl Future<Output = T>) -> Option<T> {
        timeout_at(self.0, work).await.ok()
    }
}

fn time_left(whole: Duration, arrived: Moment, now: Moment) -> Duration {
    let waited = now.since(arrived);
    if waited <= LONGEST_START { whole.saturating_sub(waited) } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{call_limits, report};

    #[test]
    fn t64_the_time_of_a_call_begins_at_the_gateway_unless_the_clocks_differ() {
        let now = Moment::from_seconds(1_000);
        for (arrived, left) in [(1_000, 12), (998, 10), (995, 7), (994, 12), (0, 12), (4_600, 12)] {
            assert_eq!(
                time_left(WHOLE, Moment::from_seconds(arrived), now),
                Duration::from_secs(left),
                "arrived {arrived}"
            );
        }
    }

    #[tokio::test]
    async fn t64_work_ends_at_the_deadline() {
        let now = Moment::from_seconds(1_000);
        let over = Deadline::of(Duration::ZERO, now, now);
        assert_eq!(over.limit(std::future::pending::<()>()).await, None);
        assert_eq!(over.left(), Duration::ZERO);
        assert_eq!(Deadline::of(WHOLE, now, now).limit(std::future::ready(1)).await, Some(1));
    }

    #[test]
    fn t64_a_call_its_count_and_its_report_end_before_the_caller_the_function_and_the_gateway() {
        let whole = WHOLE + call_limits::PATIENCE + report::LONGEST;
        assert!(whole + Duration::from_secs(2) < Duration::from_secs(15), "L02, with the way back");
        let template = include_str!("../../../infra/template.yaml");
        assert!(template.contains("\n    Timeout: 28\n"), "of the functions");
    }
}
