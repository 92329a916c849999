//! A public key that verifies, through `jsonwebtoken`.

use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm, DecodingKey};

use crate::jose::key::{KeyFault, RsaNumbers};

use super::fault::JwsFault;

/// An RSA public key for PS256, read once and kept as the library keeps it: its two numbers, of which it makes aws-lc's
/// form at each signature. That costs a seventh of a verification (`tests/ratios.rs`).
#[derive(Debug, Clone)]
pub struct VerifyingKey(DecodingKey);

impl VerifyingKey {
    pub(crate) fn from_numbers(numbers: &RsaNumbers) -> Self {
        Self(DecodingKey::from_rsa_raw_components(&numbers.modulus, &numbers.exponent))
    }

    /// From the `n` and `e` members of a JWK.
    ///
    /// # Errors
    /// When they are not an RSA key of 2,048 to 4,096 bits.
    pub fn from_jwk_numbers(n: &str, e: &str) -> Result<Self, KeyFault> {
        Ok(Self::from_numbers(&RsaNumbers::from_jwk(n, e)?))
    }

    /// From a DER `SubjectPublicKeyInfo`, such as the one of a certificate.
    ///
    /// # Errors
    /// When it is not an RSA key of 2,048 to 4,096 bits.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyFault> {
        Ok(Self::from_numbers(&RsaNumbers::from_spki(der)?))
    }

    pub(super) fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), JwsFault> {
        // The provider by name, because the one of the process follows the features of everything it is built with.
        let verifier = (DEFAULT_PROVIDER.verifier_factory)(&Algorithm::PS256, &self.0);
        let verifier = verifier.map_err(|_| JwsFault::Signature)?;
        verifier.verify(message, signature).map_err(|_| JwsFault::Signature)
    }
}
