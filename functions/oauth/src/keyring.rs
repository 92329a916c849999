//! The keys of this authorization server: one that signs, those that decrypt, and the key set it publishes.
//!
//! Three secrets change on their own, in any order. A new signing key signs when everybody who verifies knows its
//! public half, and never before; a new decryption key is published when everybody who decrypts has it. Until then,
//! and when a new version does not check out, the last good key serves on.

mod keys;
mod private;
mod secrets;
mod sources;

use std::sync::Arc;

use ponte_ports::{Alarms, PortError};
use ponte_values::Moment;

use sources::Sources;

pub use keys::{KeyringFault, Keys};
pub use secrets::KeySecrets;

/// The keys of this server as they change.
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
