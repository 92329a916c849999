//! Signing and decryption keys, read from their secrets and checked.

use std::sync::Arc;

use ponte_authorization::private_key::PrivateKey;
use ponte_fapi::jwe::DecryptionKey;
use ponte_fapi::jwk::PublicJwk;
use ponte_fapi::jws::Signer;
use ponte_ports::SecretVersion;
use ponte_ports::rotation::{InvalidSecret, VersionPair};
use ponte_values::Moment;

/// The key that signs and, while it may still have to, the one before it.
pub(super) struct SigningKeys {
    pub(super) current: Arc<Signer>,
    /// Names the current one.
    pub(super) version: String,
    /// Read only if the current one cannot sign yet.
    previous: Option<SecretVersion>,
}

impl SigningKeys {
    pub(super) fn read(versions: &VersionPair) -> Result<Self, InvalidSecret> {
        Ok(Self {
            current: signer(&versions.current)?,
            version: versions.current.id.clone(),
            previous: versions.previous.clone(),
        })
    }

    pub(super) fn previous(&self) -> Option<Arc<Signer>> {
        self.previous.as_ref().and_then(|version| signer(version).ok())
    }
}

fn signer(version: &SecretVersion) -> Result<Arc<Signer>, InvalidSecret> {
    PrivateKey::read(version)?.signer().map(Arc::new)
}

/// The keys that decrypt, the newest first: a client may still hold the key set with the one before.
pub(super) struct DecryptionKeys {
    pub(super) keys: Arc<Vec<DecryptionKey>>,
    /// When the newest is published.
    pub(super) known_everywhere_at: Moment,
}

impl DecryptionKeys {
    pub(super) fn read(versions: &VersionPair) -> Result<Self, InvalidSecret> {
        let mut keys = vec![decrypter(&versions.current)?];
        keys.extend(versions.previous.as_ref().and_then(|version| decrypter(version).ok()));
        Ok(Self { keys: Arc::new(keys), known_everywhere_at: versions.current.known_everywhere_at() })
    }

    /// The key to encrypt for: the one before, until everybody who decrypts has the new one.
    pub(super) fn published(&self, now: Moment) -> Option<PublicJwk> {
        let key = if now < self.known_everywhere_at { self.keys.last() } else { self.keys.first() };
        key.map(DecryptionKey::public_jwk)
    }
}

fn decrypter(version: &SecretVersion) -> Result<DecryptionKey, InvalidSecret> {
    PrivateKey::read(version)?.decrypter()
}
