//! JSON Web Keys (RFC 7517): key sets of clients and of the institution itself.

mod key_set;
mod public_jwk;

#[cfg(test)]
mod tests;

pub use key_set::KeySet;
pub use public_jwk::{PublicJwk, key_set_json};

/// Why a document is not a key set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwkFault {
    /// Longer than 512 KiB or with more than 100 keys.
    #[error("key set too large")]
    TooLarge,
    /// Not a JSON object with an array `keys`.
    #[error("not a key set")]
    Malformed,
}
