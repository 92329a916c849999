//! Faults that were reported already, so that each is reported once.

use std::fmt;

use ponte_values::Moment;

use crate::error::{PortError, chain};

use super::interval::INTERVAL;

/// Failed reads in a row that are reported: a single one may pass by itself.
const FAILURES: u32 = 2;

/// Faults reported since the last good read.
#[derive(Default)]
pub(super) struct FaultLog {
    reported: Option<ReportedFault>,
    failures: u32,
    warned_at: Option<Moment>,
}

/// A fault that somebody was told of.
#[derive(PartialEq, Eq)]
pub(super) enum ReportedFault {
    /// The version of this id does not pass its check.
    Version(String),
    Missing,
    Unreadable,
}

/// A report that follows from a read.
pub(super) enum Report {
    Raise(String),
    Warn(String),
}

impl FaultLog {
    /// A log in which `reported` already stands.
    pub(super) fn of(reported: Option<ReportedFault>) -> Self {
        Self { reported, ..Self::default() }
    }

    /// A report of `fault`, unless it was reported already.
    pub(super) fn once(&mut self, fault: ReportedFault, reason: &impl fmt::Display) -> Option<Report> {
        self.failures = 0;
        if self.reported.as_ref() == Some(&fault) {
            return None;
        }
        self.reported = Some(fault);
        Some(Report::Raise(reason.to_string()))
    }

    /// A warning at the first failed read, an alarm at a row of them.
    pub(super) fn failed(&mut self, error: &PortError, now: Moment) -> Option<Report> {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES && self.reported.is_none() {
            self.reported = Some(ReportedFault::Unreadable);
            return Some(Report::Raise(chain(error)));
        }
        if self.warned_at.is_some_and(|at| now.is_within(INTERVAL, at)) {
            return None;
        }
        self.warned_at = Some(now);
        Some(Report::Warn(chain(error)))
    }
}
