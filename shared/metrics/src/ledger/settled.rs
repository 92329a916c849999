//! A row with the verdict of the platform, as the archive keeps it.

use std::time::Duration;

use ponte_values::{Date, Moment};
use serde::{Deserialize, Serialize};

use super::counts::Counts;
use super::day;
use crate::outbox::PendingRow;
use crate::verdict::ReportVerdict;

/// How long a batch stays in the archive after it was settled: longer than a report may be sent (M22).
pub const ARCHIVE_KEPT: Duration = Duration::from_hours(9 * 24);

/// An item with the platform's verdict, as the archive keeps it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SettledRow {
    /// The row as it was sent.
    #[serde(flatten)]
    pub row: PendingRow,
    /// Message of the platform that discarded it; `None` when it was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discarded: Option<String>,
}

impl SettledRow {
    /// A row with its verdict.
    #[must_use]
    pub fn new(row: PendingRow, verdict: ReportVerdict) -> Self {
        let discarded = match verdict {
            ReportVerdict::Accepted => None,
            ReportVerdict::Discarded(message) => Some(message),
        };
        Self { row, discarded }
    }

    /// The counts it adds to its line at `now`.
    #[must_use]
    pub fn counts(&self, day: Date, now: Moment) -> Counts {
        let mut counts = Counts { sent: 1, ..Counts::default() };
        match (&self.discarded, self.row.repeat) {
            (Some(_), _) => counts.discarded = 1,
            (None, true) => counts.repeated = 1,
            (None, false) => {
                counts.accepted = 1;
                counts.late = u64::from(now > day::first_deadline(day));
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m22_the_archive_keeps_a_report_longer_than_it_may_be_sent() {
        let oldest = Moment::from_millis(0).date_brasilia();
        let last = oldest.plus_days(day::OLDEST_DAYS + 1);
        let kept = day::begins(oldest).plus(ARCHIVE_KEPT);
        assert!(day::begins(last) < kept && kept < day::begins(last.plus_days(2)));
    }

    #[test]
    fn m60_an_acceptance_counts_once_and_late_after_eight() {
        let day = Date::parse("2026-03-01").unwrap();
        let in_time = Moment::parse("2026-03-02T08:00:00-03:00").unwrap();
        let settled =
            |verdict, repeat| SettledRow::new(PendingRow { repeat, ..PendingRow::default() }, verdict);
        let counts = settled(ReportVerdict::Accepted, false).counts(day, in_time);
        assert_eq!((counts.sent, counts.accepted, counts.late), (1, 1, 0));
        let late =
            settled(ReportVerdict::Accepted, false).counts(day, Moment::from_millis(in_time.millis() + 1));
        assert_eq!((late.accepted, late.late), (1, 1));
        let again = settled(ReportVerdict::Accepted, true).counts(day, in_time);
        assert_eq!((again.sent, again.accepted, again.repeated), (1, 0, 1));
        let refused = settled(ReportVerdict::Discarded("m".to_owned()), false).counts(day, in_time);
        assert_eq!((refused.sent, refused.accepted, refused.discarded), (1, 0, 1));
    }
}
