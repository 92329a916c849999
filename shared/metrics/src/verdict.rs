//! What the metrics platform says of one report.

/// What the platform said of one item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReportVerdict {
    /// Taken.
    Accepted,
    /// Refused for good, with the platform's message.
    Discarded(String),
}
