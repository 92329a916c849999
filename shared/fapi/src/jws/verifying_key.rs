//! A public key that verifies, parsed once.

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PSS_2048_8192_SHA256};

use crate::key::{KeyFault, RsaNumbers};

use super::JwsFault;

/// A parsed RSA public key for PS256.
#[derive(Debug, Clone)]
pub struct VerifyingKey(ParsedPublicKey);

impl VerifyingKey {
    pub(crate) fn from_numbers(numbers: &RsaNumbers) -> Result<Self, KeyFault> {
        numbers
            .components()
            .to_parsed_public_key(&RSA_PSS_2048_8192_SHA256)
            .map(Self)
            .map_err(|_| KeyFault::NotRsa)
    }

    /// From the `n` and `e` members of a JWK.
    ///
    /// # Errors
    /// When they are not an RSA key of 2,048 to 4,096 bits.
    pub fn from_jwk_numbers(n: &str, e: &str) -> Result<Self, KeyFault> {
        Self::from_numbers(&RsaNumbers::from_jwk(n, e)?)
    }

    /// From a DER `SubjectPublicKeyInfo`, such as the one of a certificate.
    ///
    /// # Errors
    /// When it is not an RSA key of 2,048 to 4,096 bits.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyFault> {
        Self::from_numbers(&RsaNumbers::from_spki(der)?)
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), JwsFault> {
        self.0.verify_sig(message, signature).map_err(|_| JwsFault::Signature)
    }
}
