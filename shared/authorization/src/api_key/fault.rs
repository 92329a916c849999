//! The faults of a key that does not open a route.

/// Why a key does not open a route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ApiKeyFault {
    /// It counts for nothing here; the reason is for the log, the caller learns none.
    Unauthenticated(KeyMismatch),
    /// It is good and has none of the scopes asked for.
    Scope,
}

/// What is wrong with a key that counts for nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyMismatch {
    /// Neither its secret nor, during the grace of a rotation, the one before.
    Secret,
    /// The certificate is another caller's.
    Caller,
    /// It was revoked.
    Revoked,
    /// Its time is over.
    Expired,
}

impl KeyMismatch {
    /// For the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret wrong",
            Self::Caller => "certificate of another caller",
            Self::Revoked => "key revoked",
            Self::Expired => "key expired",
        }
    }
}
