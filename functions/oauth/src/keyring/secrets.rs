//! The three secrets that the keys come from.

use std::sync::Arc;

use ponte_ports::SecretVersions;

/// The secrets behind the keys.
pub struct KeySecrets {
    /// `SigningKeySecret`.
    pub signing: Arc<dyn SecretVersions>,
    /// `TokenKeysSecret`.
    pub published: Arc<dyn SecretVersions>,
    /// `DecryptionKeySecret`.
    pub decryption: Arc<dyn SecretVersions>,
}
