//! The verdict of the metrics platform on a report.

/// The verdict of the platform on one item of a batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReportVerdict {
    /// Taken.
    Accepted,
    /// Refused for good, with the platform's message.
    Discarded(String),
}
