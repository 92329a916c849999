//! Faults of the claims of a token.

use crate::profile::scope::ScopeFault;

/// Reason why claims are not accepted, with the name of the claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimFault {
    /// The claim is required.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// The claim has another value than the one expected here.
    #[error("{0} has another value than expected")]
    Mismatch(&'static str),
    /// The claim is longer than accepted or has characters it cannot have.
    #[error("{0} is not well formed")]
    Malformed(&'static str),
    /// The claim asks for something this server does not do (S07).
    #[error("{0} is not supported")]
    Unsupported(&'static str),
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` or `iat` lies in the future.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `nbf` or `iat` lies too far in the past, or `exp` too far ahead.
    #[error("the token is valid for too long or was made too long ago")]
    Lifetime,
    /// The scope is not acceptable.
    #[error("{0}")]
    Scope(ScopeFault),
}
