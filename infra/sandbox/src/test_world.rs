//! What several test modules of the sandbox need.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::organisation::{EncryptionKey, Organisation};
use crate::pki::{Identity, RsaKey};

/// One of two keys that all tests of the process share: making one costs a tenth of a second, reading it nothing.
pub(crate) fn key(number: usize) -> RsaKey {
    static PEMS: OnceLock<[String; 2]> = OnceLock::new();
    let pems = PEMS.get_or_init(|| [(), ()].map(|()| RsaKey::generate().unwrap().private_pem().to_owned()));
    RsaKey::from_pem(&pems[number]).unwrap()
}

/// An organisation with real keys and no certificates.
pub(crate) fn organisation() -> Organisation {
    let identity = || Identity {
        chain_pem: String::new(),
        key: key(0),
        certificate_file: PathBuf::new(),
        key_file: PathBuf::new(),
    };
    Organisation {
        folder: "receiver",
        id: crate::clock::new_id(),
        name: "Receptora Exemplo".into(),
        cnpj: "12345678000195".into(),
        software_statement_id: crate::clock::new_id(),
        pcm_client_id: crate::clock::random_text::<16>(),
        roles: vec!["DADOS".into()],
        redirect_uris: vec!["https://localhost:1/callback".into()],
        webhook_uris: vec!["https://localhost:1/webhook".into()],
        transport: identity(),
        seal: identity(),
        encryption: EncryptionKey { key: key(1), file: PathBuf::new() },
    }
}
