//! A key set as a directory or a secret delivers it.

use std::sync::OnceLock;

use jsonwebtoken::jwk::{CommonParameters, KeyAlgorithm, KeyOperations, PublicKeyUse, RSAKeyParameters};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::jose::json;
use crate::jose::jwe::EncryptionKey;
use crate::jose::jws::VerifyingKey;
use crate::jose::key::{RsaNumbers, check_kid};

use super::fault::JwkFault;
use super::public_jwk::{PublicJwk, key_set_json};

/// Longest document accepted, in bytes; directories put whole certificate chains beside their keys.
const BYTES_MAX: usize = 512 * 1_024;
/// Most keys accepted.
const KEYS_MAX: usize = 100;

/// The usable keys of a document, read once: keep the set. A key to encrypt for is parsed at its first use.
#[derive(Debug)]
pub struct KeySet {
    keys: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    kid: String,
    numbers: RsaNumbers,
    key: Key,
}

/// A key by its use. One to encrypt for is parsed at its first use; `None` inside means that aws-lc refused it.
#[derive(Debug)]
enum Key {
    Signature(VerifyingKey),
    Encryption(OnceLock<Option<EncryptionKey>>),
}

impl KeySet {
    /// Reads a key set. Entries that are not usable here are passed over as RFC 7517 section 5 asks: other key
    /// types, sizes outside 2,048 to 4,096 bits, another `alg`, no purpose, no `kid`, a private part in public, or a
    /// member of RFC 7517 section 4 that has another JSON type than there.
    ///
    /// # Errors
    /// When the document is too large or no key set at all.
    pub fn parse(text: &str) -> Result<Self, JwkFault> {
        #[derive(Deserialize)]
        struct Document<'a> {
            #[serde(borrow)]
            keys: Vec<&'a RawValue>,
        }
        if text.len() > BYTES_MAX {
            return Err(JwkFault::TooLarge);
        }
        let document: Document<'_> = json::object(text.as_bytes()).ok_or(JwkFault::Malformed)?;
        if document.keys.len() > KEYS_MAX {
            return Err(JwkFault::TooLarge);
        }
        let keys = document.keys.iter().filter_map(|raw| Entry::parse(raw.get())).collect();
        Ok(Self { keys })
    }

    /// The key that verifies signatures under this id.
    #[must_use]
    pub fn signature_key(&self, kid: &str) -> Option<&VerifyingKey> {
        self.keys.iter().filter(|entry| entry.kid == kid).find_map(|entry| match &entry.key {
            Key::Signature(key) => Some(key),
            Key::Encryption(_) => None,
        })
    }

    /// The first key to encrypt for (S14).
    #[must_use]
    pub fn encryption_key(&self) -> Option<&EncryptionKey> {
        self.keys.iter().find_map(|entry| match &entry.key {
            Key::Encryption(key) => {
                key.get_or_init(|| EncryptionKey::from_numbers(&entry.numbers, &entry.kid).ok()).as_ref()
            }
            Key::Signature(_) => None,
        })
    }

    /// The public keys that verify signatures, with the members we publish.
    pub fn signature_keys(&self) -> impl Iterator<Item = PublicJwk> {
        let signs = |entry: &&Entry| matches!(entry.key, Key::Signature(_));
        self.keys.iter().filter(signs).map(Entry::public_jwk)
    }

    /// Number of usable keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no key is usable.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The usable keys written out again with the members we publish.
    #[must_use]
    pub fn to_json(&self) -> String {
        let keys: Vec<_> = self.keys.iter().map(Entry::public_jwk).collect();
        key_set_json(&keys)
    }
}

/// The members that the library passes over or reads in a second spelling.
#[derive(Deserialize)]
struct Strict {
    /// A text; the library takes `{"RSA":null}` for it too.
    #[serde(rename = "kty")]
    _kty: String,
    /// A text; the library takes `{"PS256":null}` for it too.
    #[serde(default, rename = "alg")]
    _alg: Option<String>,
    /// The private exponent: a key published with it is compromised.
    #[serde(default)]
    d: Option<IgnoredAny>,
}

/// The numbers as a key of the declared use (RFC 7517 section 4), if `use` and `key_ops` agree and `alg` is absent or
/// ours.
fn key(common: &CommonParameters, numbers: &RsaNumbers) -> Option<Key> {
    let operations = |wanted: &[KeyOperations]| {
        common.key_operations.as_ref().map(|ops| ops.iter().any(|op| wanted.contains(op)))
    };
    let algorithm = |wanted| common.key_algorithm.is_none_or(|algorithm| algorithm == wanted);
    let verifies = operations(&[KeyOperations::Verify]);
    let encrypts = operations(&[KeyOperations::Encrypt, KeyOperations::WrapKey]);
    let (signature, encryption) = match &common.public_key_use {
        Some(PublicKeyUse::Signature) => (verifies != Some(false), false),
        Some(PublicKeyUse::Encryption) => (false, encrypts != Some(false)),
        Some(PublicKeyUse::Other(_)) => (false, false),
        None => (verifies == Some(true), encrypts == Some(true)),
    };
    if signature && algorithm(KeyAlgorithm::PS256) {
        Some(Key::Signature(VerifyingKey::from_numbers(numbers)))
    } else if encryption && algorithm(KeyAlgorithm::RSA_OAEP) {
        Some(Key::Encryption(OnceLock::new()))
    } else {
        None
    }
}

impl Entry {
    fn parse(text: &str) -> Option<Self> {
        // Part by part, because the library's `Jwk` copies every unknown member: 35 MB for a hostile document.
        let common: CommonParameters = json::object(text.as_bytes())?;
        let rsa: RSAKeyParameters = json::object(text.as_bytes())?;
        let strict: Strict = json::object(text.as_bytes())?;
        if strict.d.is_some() {
            return None;
        }
        let numbers = RsaNumbers::from_jwk(&rsa.n, &rsa.e).ok()?;
        let key = key(&common, &numbers)?;
        let kid = common.key_id?;
        check_kid(&kid).ok()?;
        Some(Self { kid, numbers, key })
    }

    fn public_jwk(&self) -> PublicJwk {
        match self.key {
            Key::Signature(_) => PublicJwk::signature(&self.kid, &self.numbers),
            Key::Encryption(_) => PublicJwk::encryption(&self.kid, &self.numbers),
        }
    }
}
