//! The verdict of the metrics platform (PCM) on a report.

/// The verdict on one item of a batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReportVerdict {
    /// The platform has it.
    Accepted,
    /// The platform discarded it as it was sent, with this message; it must be mended before it is sent again.
    Discarded(String),
}
