//! Faults of a key set.

/// Reason why a document is not accepted as a key set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwkFault {
    /// Longer than 512 KiB or with more than 100 keys.
    #[error("key set too large")]
    TooLarge,
    /// Not a JSON object with an array `keys`.
    #[error("not a key set")]
    Malformed,
}
