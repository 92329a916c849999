//! Faults of a signed token.

/// Reason why a token is not accepted, or could not be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwsFault {
    /// Longer than its policy allows.
    #[error("token too long")]
    TooLarge,
    /// Not three base64url parts with a JSON object in front.
    #[error("not a compact JWS")]
    Malformed,
    /// `alg` is not PS256.
    #[error("algorithm other than PS256")]
    Algorithm,
    /// `typ` or `cty` does not fit this kind of token.
    #[error("type of token not accepted here")]
    Type,
    /// A header member of this name is not allowed (S14).
    #[error("header member {0} not allowed")]
    ForbiddenHeader(&'static str),
    /// No usable `kid` (S60).
    #[error("key id missing")]
    KeyIdMissing,
    /// The signer has no such key.
    #[error("key id unknown")]
    UnknownKey,
    /// The signature is not of this key over this content.
    #[error("signature does not verify")]
    Signature,
    /// The claims are not JSON, or one of them has the wrong JSON type (T36).
    #[error("claims malformed")]
    Claims,
    /// The claims could not be written or the key refused to sign.
    #[error("token could not be signed")]
    Signing,
}
