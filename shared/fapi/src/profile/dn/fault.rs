//! Faults of a distinguished name.

/// Why there is no distinguished name in something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DnFault {
    /// Longer than 4 KiB, or of more parts than any certificate has.
    #[error("distinguished name too long")]
    TooLong,
    /// Not of the form of RFC 4514, empty, or a value that is no encoding.
    #[error("distinguished name malformed")]
    Malformed,
    /// An attribute name that nobody knows here; its object identifier would do.
    #[error("attribute of a distinguished name unknown")]
    UnknownAttribute,
    /// The certificate it should come from is none.
    #[error("not a certificate")]
    Certificate,
}
