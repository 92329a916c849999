//! The keys of this authorization server: one that signs, those that decrypt, and the key set it publishes.
//!
//! Three secrets change on their own, in any order. A new signing key signs when everybody who verifies knows its
//! public half, and never before; a new decryption key is published when everybody who decrypts has it. Until then,
//! and when a new version does not check out, the last good key serves on.

mod private;
mod sources;

use std::sync::Arc;

use ponte_fapi::jwe::DecryptionKey;
use ponte_fapi::jwk::{JwkFault, KeySet, PublicJwk, key_set_json};
use ponte_fapi::jws::{JwsFault, Signer};
use ponte_ports::{Alarms, PortError, SecretVersions};
use ponte_values::Moment;

use sources::Sources;

/// The keys in force at a moment.
pub struct Keys {
    signer: Arc<Signer>,
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

    fn publishing(
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

/// The secrets behind the keys.
pub struct KeySecrets {
    /// `SigningKeySecret`.
    pub signing: Arc<dyn SecretVersions>,
    /// `TokenKeysSecret`.
    pub published: Arc<dyn SecretVersions>,
    /// `DecryptionKeySecret`.
    pub decryption: Arc<dyn SecretVersions>,
}

/// Where the keys in force are found.
pub struct Keyring(Kept);

enum Kept {
    Fixed(Arc<Keys>),
    Following(Box<Sources>),
}

impl Keyring {
    /// These keys, for good.
    #[must_use]
    pub fn new(keys: Keys) -> Self {
        Self(Kept::Fixed(Arc::new(keys)))
    }

    /// The keys of these secrets, as they change.
    ///
    /// # Errors
    /// When a secret cannot be read or no version of it can be used.
    pub async fn start(secrets: KeySecrets, alarms: Arc<dyn Alarms>, now: Moment) -> Result<Self, PortError> {
        let sources = Sources::start(secrets, alarms, now).await?;
        Ok(Self(Kept::Following(Box::new(sources))))
    }

    /// The keys in force at `now`.
    pub(crate) async fn at(&self, now: Moment) -> Arc<Keys> {
        match &self.0 {
            Kept::Fixed(keys) => Arc::clone(keys),
            Kept::Following(sources) => sources.at(now).await,
        }
    }
}

#[cfg(test)]
mod tests;
