//! The keys in force at one moment, and the key set that publishes them.

use std::sync::Arc;

use ponte_fapi::jwe::DecryptionKey;
use ponte_fapi::jwk::{JwkFault, KeySet, PublicJwk, key_set_json};
use ponte_fapi::jws::{JwsFault, Signer};

/// The keys in force at a moment.
pub struct Keys {
    pub(super) signer: Arc<Signer>,
    decryption: Arc<Vec<DecryptionKey>>,
    published: KeySet,
    jwks: String,
}

/// Why keys do not fit together.
#[derive(Debug, thiserror::Error)]
pub enum KeyringFault {
    /// The published keys are no key set.
    #[error("published keys: {0}")]
    Keys(#[from] JwkFault),
    /// The published keys lack the one that signs, so nobody could verify a token.
    #[error("published keys lack the signing key")]
    NotPublished,
    /// The signing key does not sign.
    #[error("signing key: {0}")]
    Signer(#[from] JwsFault),
}

impl Keys {
    /// Checks that the keys fit together, warms the signing key and writes the key set.
    ///
    /// # Errors
    /// When they do not.
    pub fn new(
        signer: Signer,
        decryption: Vec<DecryptionKey>,
        published: &str,
    ) -> Result<Self, KeyringFault> {
        let mut keys: Vec<PublicJwk> = KeySet::parse(published)?.signature_keys().collect();
        if !keys.contains(&signer.public_jwk()) {
            return Err(KeyringFault::NotPublished);
        }
        signer.warm()?;
        keys.extend(decryption.first().map(DecryptionKey::public_jwk));
        Self::publishing(Arc::new(signer), Arc::new(decryption), &keys)
    }

    pub(super) fn publishing(
        signer: Arc<Signer>,
        decryption: Arc<Vec<DecryptionKey>>,
        keys: &[PublicJwk],
    ) -> Result<Self, KeyringFault> {
        let jwks = key_set_json(keys);
        Ok(Self { signer, decryption, published: KeySet::parse(&jwks)?, jwks })
    }

    pub(crate) fn signer(&self) -> &Signer {
        &self.signer
    }

    /// The keys that request objects may be encrypted for, the newest first.
    pub(crate) fn decryption(&self) -> &[DecryptionKey] {
        &self.decryption
    }

    /// The keys that verify our own tokens.
    pub(crate) fn published(&self) -> &KeySet {
        &self.published
    }

    pub(crate) fn jwks(&self) -> &str {
        &self.jwks
    }
}
