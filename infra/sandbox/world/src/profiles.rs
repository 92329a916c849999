//! The organisations of the world: names and documents are invented, ids and keys are made at the first start.

use crate::pki::{Identity, RsaKey};

/// What is fixed about an organisation.
pub(crate) struct Profile {
    /// Folder of its keys.
    pub(crate) folder: &'static str,
    /// Name in directory and certificates.
    pub(crate) name: &'static str,
    /// CNPJ.
    pub(crate) cnpj: &'static str,
    /// Host name in its client certificate.
    pub(crate) host: &'static str,
    /// Active roles of its software statement (S85).
    pub(crate) roles: &'static [&'static str],
    /// Path of its webhooks at the other participant, where it has some (S87).
    pub(crate) webhook: Option<&'static str>,
}

/// The institution that Ponte runs for.
pub(crate) const INSTITUTION: Profile = Profile {
    folder: "institution",
    name: crate::bank::customers::BANK_NAME,
    cnpj: crate::bank::customers::BANK_CNPJ,
    host: "ponte.bank.example",
    roles: &["CONTA", "DADOS"],
    webhook: None,
};

/// Two other participants, both receivers.
pub(crate) const PARTICIPANTS: [Profile; 2] = [
    Profile {
        folder: "receiver",
        name: "Receptora Exemplo",
        cnpj: "12345678000195",
        host: "receptora.example",
        roles: &["DADOS"],
        webhook: Some("/webhook"),
    },
    Profile {
        folder: "other-receiver",
        name: "Outra Receptora Exemplo",
        cnpj: "22333444000181",
        host: "outra-receptora.example",
        roles: &["DADOS"],
        webhook: None,
    },
];

/// An organisation with one software statement, its ids and its keys.
pub(crate) struct Organisation {
    /// Folder of its keys.
    pub(crate) folder: &'static str,
    /// organisationId (UUID).
    pub(crate) id: String,
    /// Name.
    pub(crate) name: String,
    /// CNPJ.
    pub(crate) cnpj: String,
    /// Software statement id (UUID).
    pub(crate) software_statement_id: String,
    /// `client_id` at the metrics platform.
    pub(crate) pcm_client_id: String,
    /// Active roles of the software statement.
    pub(crate) roles: Vec<String>,
    /// Registered redirect URIs of the software statement.
    pub(crate) redirect_uris: Vec<String>,
    /// Registered webhook URIs of the software statement (S87).
    pub(crate) webhook_uris: Vec<String>,
    /// BRCAC.
    pub(crate) transport: Identity,
    /// BRSEAL: the key that signs.
    pub(crate) seal: Identity,
    /// The key others encrypt to: id_tokens for a receiver, request objects for the institution (S04, S14).
    pub(crate) encryption: EncryptionKey,
}

/// An encryption key and its file.
pub(crate) struct EncryptionKey {
    /// The key.
    pub(crate) key: RsaKey,
    /// File of the key, mode 0600.
    pub(crate) file: std::path::PathBuf,
}

impl Organisation {
    /// The public keys of the software statement, as the directory publishes them.
    pub(crate) fn key_set(&self) -> serde_json::Value {
        serde_json::json!({ "keys": [self.seal.key.signature_jwk(), self.encryption.key.encryption_jwk()] })
    }
}
