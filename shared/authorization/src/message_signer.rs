//! The key that signs what this institution says in payments: answers to clients and requests to its own core (S60, S64).
//!
//! Its public half is in the directory, under the institution's software statement, and not in the key set of the authorization
//! server. `MessageKeySecret` has `{"kid": "..", "private_key": "PKCS#8 PEM", "certificate": "PEM of the BRSEAL"}`; `kid` is the
//! one that the directory gave the certificate. The certificate may be missing; where it is there, a version is used only while it
//! is valid. A new key is registered in the directory first, and becomes the secret's version when readers of the key set know it.

use std::sync::Arc;

use ponte_fapi::certificate;
use ponte_fapi::jws::Signer;
use ponte_ports::rotation::{InvalidSecret, Rotating, VersionPair, WatchedSecret};
use ponte_ports::{Alarms, PortError, SecretVersions};
use ponte_values::Moment;

use crate::private_key::PrivateKey;

/// The key as it changes. Clones share it.
#[derive(Clone)]
pub struct MessageSigner(Arc<Rotating<Signer>>);

impl MessageSigner {
    /// Follows `MessageKeySecret`. A version that cannot sign is not used and reported.
    ///
    /// # Errors
    /// When the secret cannot be read or no version of it can be used.
    pub async fn start(
        versions: Arc<dyn SecretVersions>,
        alarms: Arc<dyn Alarms>,
        now: Moment,
    ) -> Result<Self, PortError> {
        let secret = WatchedSecret { name: "MessageKeySecret", versions, alarms };
        Rotating::start(secret, Box::new(read), now).await.map(|signer| Self(Arc::new(signer)))
    }

    /// The key that signs at `now`.
    pub async fn at(&self, now: Moment) -> Arc<Signer> {
        self.0.at(now).await
    }
}

/// A key that never changes.
impl From<Signer> for MessageSigner {
    fn from(signer: Signer) -> Self {
        Self(Arc::new(signer.into()))
    }
}

fn read(versions: &VersionPair, now: Moment) -> Result<Signer, InvalidSecret> {
    let key = PrivateKey::read(&versions.current)?;
    if let Some(pem) = key.certificate() {
        let validity = certificate::validity(pem).map_err(InvalidSecret::new)?;
        if !validity.contains(&now.seconds()) {
            return Err(InvalidSecret::new("its certificate is not valid now"));
        }
    }
    key.signer()
}
