//! Faults of an encrypted token.

/// Reason why a token is not accepted, or could not be encrypted.
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
    /// Encrypted for another place.
    #[error("encrypted for another place")]
    Place,
    /// `cty` says that no JWT is inside, or says nothing and none is.
    #[error("content is not a JWT")]
    Content,
    /// Wrong key or changed content; which of the two is not told.
    #[error("token does not decrypt")]
    Decryption,
    /// The key refused to encrypt.
    #[error("token could not be encrypted")]
    Encryption,
}
