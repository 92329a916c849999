//! The faults of a key that does not open a route.

/// The reason why a key does not open a route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ApiKeyFault {
    /// The key is not accepted; the reason is for the log, the caller learns none.
    Unauthenticated(KeyMismatch),
    /// The key is valid and has none of the scopes that the route asks for.
    Scope,
}

/// The reason why a key is not accepted at all; for the log alone.
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
    /// The words of the log.
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
