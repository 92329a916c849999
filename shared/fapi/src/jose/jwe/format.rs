//! The algorithms of the profile and the lengths that follow from them.

/// `alg` of the profile: RSAES-OAEP with SHA-1 and MGF1 (RFC 7518 section 4.3).
pub(super) const ALG: &str = "RSA-OAEP";
/// `enc` of the profile (RFC 7518 section 5.3).
pub(super) const ENC: &str = "A256GCM";
/// Length of the content key, in bytes.
pub(super) const CONTENT_KEY_BYTES: usize = 32;
/// Length of the initialization vector, in bytes.
pub(super) const IV_BYTES: usize = 12;
/// Length of the authentication tag, in bytes: a shorter one is refused, not compared shorter.
pub(super) const TAG_BYTES: usize = 16;
