//! RSA 2048 keys (S95): generated in parallel at the first start, read from their files afterwards.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_machine::{SandboxError, files};
use serde_json::{Value, json};
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::RSAPublicKey;

/// An RSA 2048 key pair. No `Debug`: it is a private key.
pub struct RsaKey {
    pair: rcgen::KeyPair,
    pem: String,
    modulus: String,
    exponent: String,
    kid: String,
}

impl RsaKey {
    /// Makes a new key; about a tenth of a second.
    pub fn generate() -> Result<Self, SandboxError> {
        Self::from_pair(
            rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).map_err(SandboxError::unusable)?,
        )
    }

    /// Reads a PKCS#8 PEM.
    pub fn from_pem(pem: &str) -> Result<Self, SandboxError> {
        Self::from_pair(
            rcgen::KeyPair::from_pkcs8_pem_and_sign_algo(pem, &rcgen::PKCS_RSA_SHA256)
                .map_err(SandboxError::unusable)?,
        )
    }

    fn from_pair(pair: rcgen::KeyPair) -> Result<Self, SandboxError> {
        use rcgen::PublicKeyData as _;
        let (_, public) = RSAPublicKey::from_der(pair.der_bytes()).map_err(SandboxError::unusable)?;
        // DER integers carry a leading zero byte when the first bit is set; JWK numbers do not (RFC 7518 2).
        let number = |bytes: &[u8]| {
            let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
            URL_SAFE_NO_PAD.encode(&bytes[start..])
        };
        let (modulus, exponent) = (number(public.modulus), number(public.exponent));
        // The members of RFC 7638, in its order.
        let thumbprint = format!(r#"{{"e":"{exponent}","kty":"RSA","n":"{modulus}"}}"#);
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, thumbprint.as_bytes());
        Ok(Self { pem: pair.serialize_pem(), kid: URL_SAFE_NO_PAD.encode(digest), pair, modulus, exponent })
    }

    /// Key id: the JWK thumbprint (RFC 7638), as the directory does it.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The private key as PKCS#8 PEM.
    #[must_use]
    pub fn private_pem(&self) -> &str {
        &self.pem
    }

    /// The private key as PKCS#8 DER.
    #[must_use]
    pub fn private_der(&self) -> &[u8] {
        self.pair.serialized_der()
    }

    /// Public JWK for verifying PS256 signatures.
    #[must_use]
    pub fn signature_jwk(&self) -> Value {
        self.jwk("sig", "PS256")
    }

    /// Public JWK for encrypting to the owner (S14: RSA-OAEP).
    #[must_use]
    pub fn encryption_jwk(&self) -> Value {
        self.jwk("enc", "RSA-OAEP")
    }

    pub(crate) fn pair(&self) -> &rcgen::KeyPair {
        &self.pair
    }

    fn jwk(&self, usage: &str, algorithm: &str) -> Value {
        json!({
            "kty": "RSA", "use": usage, "alg": algorithm, "kid": self.kid,
            "n": self.modulus, "e": self.exponent,
        })
    }
}

/// The keys of the world, one PEM file each.
pub struct KeyStore {
    keys: BTreeMap<PathBuf, RsaKey>,
}

impl KeyStore {
    /// Reads the keys of `files` (paths below `folder`); those that do not exist yet are made, all cores at work.
    pub fn open(folder: &Path, names: &[String]) -> Result<Self, SandboxError> {
        let queue = Mutex::new(names.iter());
        let made = Mutex::new(Ok(BTreeMap::new()));
        let workers = thread::available_parallelism().map_or(2, usize::from).min(names.len());
        thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    while let Some(name) = lock(&queue).next() {
                        let path = folder.join(name);
                        let result = read_or_make(&path);
                        let mut made = lock(&made);
                        match (result, made.as_mut()) {
                            (Ok(key), Ok(keys)) => {
                                keys.insert(path, key);
                            }
                            (Err(problem), Ok(_)) => *made = Err(problem),
                            (_, Err(_)) => return,
                        }
                    }
                });
            }
        });
        let keys = made.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)?;
        Ok(Self { keys })
    }

    /// Takes one key out.
    pub fn take(&mut self, path: &Path) -> Result<RsaKey, SandboxError> {
        self.keys.remove(path).ok_or_else(|| SandboxError::unusable(format!("no key {}", path.display())))
    }
}

fn read_or_make(path: &Path) -> Result<RsaKey, SandboxError> {
    if let Some(pem) = files::read(path)? {
        return RsaKey::from_pem(&pem).map_err(|problem| SandboxError::damaged(path, problem));
    }
    let key = RsaKey::generate()?;
    files::write_private(path, key.private_pem())?;
    Ok(key)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
