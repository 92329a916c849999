//! The faults of a report that the platform would discard.

/// The reason why a report cannot be written; the platform would discard it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReportFault {
    /// A status outside 200 to 599 (M10).
    Status,
    /// A client's report without interaction id that must have one (M15).
    Interaction,
    /// A URL without host, or without the part that the endpoint names (M11).
    Url,
    /// A reason on a call that did not create a consent, or a second reason (M38).
    DropReason,
    /// More unique customers than active consents (M50).
    Customers,
    /// An id that the platform does not take (M51).
    PaymentId,
    /// A payment that ended badly without a reason, or a good one with a reason (M51).
    StatusReason,
    /// Not what a report of this kind looks like.
    Shape,
}
