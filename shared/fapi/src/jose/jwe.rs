//! JSON Web Encryption in compact form, RSA-OAEP with A256GCM around a signed token, and nothing else (S14, S04).

mod decryption_key;
mod encryption_key;

#[cfg(test)]
mod tests;

pub use decryption_key::DecryptionKey;
pub use encryption_key::{ContentSecret, EncryptionKey};

/// `alg` of the profile: RSAES-OAEP with SHA-1 and MGF1 (RFC 7518 section 4.3).
const ALG: &str = "RSA-OAEP";
/// `enc` of the profile (RFC 7518 section 5.3).
const ENC: &str = "A256GCM";
/// Length of the content key, in bytes.
const CONTENT_KEY_BYTES: usize = 32;
/// Length of the initialization vector, in bytes.
const IV_BYTES: usize = 12;
/// Length of the authentication tag, in bytes: a shorter one is refused, not compared shorter.
const TAG_BYTES: usize = 16;
/// Longest token accepted, in bytes.
const BYTES_MAX: usize = 65_536;

/// Why a token is not accepted, or could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JweFault {
    /// Longer than 64 KiB.
    #[error("encrypted token too long")]
    TooLarge,
    /// Not five base64url parts with a JSON object in front, or a part of the wrong length.
    #[error("not a compact JWE")]
    Malformed,
    /// `alg` or `enc` is not the one of the profile.
    #[error("algorithm other than RSA-OAEP with A256GCM")]
    Algorithm,
    /// A header member of this name is not allowed (S14).
    #[error("header member {0} not allowed")]
    ForbiddenHeader(&'static str),
    /// Encrypted for another key.
    #[error("encrypted for another key")]
    KeyId,
    /// `cty` does not say that a JWT is inside.
    #[error("content is not a JWT")]
    Content,
    /// Wrong key or changed content; which of the two is not told.
    #[error("token does not decrypt")]
    Decryption,
    /// The key refused to encrypt.
    #[error("token could not be encrypted")]
    Encryption,
}
