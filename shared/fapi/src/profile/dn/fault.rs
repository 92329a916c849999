//! Faults of a distinguished name.

/// Reason why a distinguished name is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DnFault {
    /// Longer than 4 KiB, or of more parts than any certificate has.
    #[error("distinguished name too long")]
    TooLong,
    /// Not of the form of RFC 4514, empty, or a value that is no encoding.
    #[error("distinguished name malformed")]
    Malformed,
    /// An attribute name that is not in the table; its object identifier is accepted.
    #[error("attribute of a distinguished name unknown")]
    UnknownAttribute,
    /// The text holds no certificate.
    #[error("not a certificate")]
    Certificate,
}
