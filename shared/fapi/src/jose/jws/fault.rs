//! Faults of a signed token.

/// Reason why a token is not accepted, or could not be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwsFault {
    /// Longer than its policy allows.
    #[error("token too long")]
    TooLarge,
    /// Not three parts, a payload that is not base64url, or a header that is too long or no object of the expected members.
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
    /// `kid` is missing, or is not 1 to 256 printable ASCII characters (S60).
    #[error("key id missing")]
    KeyIdMissing,
    /// The issuer's key set has no signature key with this `kid`.
    #[error("key id unknown")]
    UnknownKey,
    /// The signature is not base64url, or not of this key over this content.
    #[error("signature does not verify")]
    Signature,
    /// The claims are not JSON, or one of them has the wrong JSON type (T36).
    #[error("claims malformed")]
    Claims,
    /// The claims could not be written or the key refused to sign.
    #[error("token could not be signed")]
    Signing,
}
