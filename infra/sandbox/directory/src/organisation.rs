//! An organisation as the directory knows it.

use ponte_pki::{Identity, RsaKey};

/// An organisation with one software statement, its ids and its keys.
pub struct Organisation {
    /// Folder of its keys.
    pub folder: &'static str,
    /// organisationId (UUID).
    pub id: String,
    /// Name.
    pub name: String,
    /// CNPJ.
    pub cnpj: String,
    /// Software statement id (UUID).
    pub software_statement_id: String,
    /// `client_id` at the metrics platform.
    pub pcm_client_id: String,
    /// Active roles of the software statement.
    pub roles: Vec<String>,
    /// Registered redirect URIs of the software statement.
    pub redirect_uris: Vec<String>,
    /// Registered webhook URIs of the software statement (S87).
    pub webhook_uris: Vec<String>,
    /// BRCAC.
    pub transport: Identity,
    /// BRSEAL: the key that signs.
    pub seal: Identity,
    /// BRSEAL that signs messages about payments, where it is another one than `seal`.
    pub messages: Option<Identity>,
    /// The key others encrypt to: id_tokens for a receiver, request objects for the institution (S04, S14).
    pub encryption: EncryptionKey,
}

/// An encryption key and its file.
pub struct EncryptionKey {
    /// The key.
    pub key: RsaKey,
    /// File of the key, mode 0600.
    pub file: std::path::PathBuf,
}

impl Organisation {
    /// The public keys of the software statement, as the directory publishes them.
    #[must_use]
    pub fn key_set(&self) -> serde_json::Value {
        let signing = std::iter::once(&self.seal).chain(&self.messages).map(|one| one.key.signature_jwk());
        let keys: Vec<_> = signing.chain([self.encryption.key.encryption_jwk()]).collect();
        serde_json::json!({ "keys": keys })
    }
}
