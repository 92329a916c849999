//! A key set as a directory or a secret delivers it.

use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::json;
use crate::jwe::EncryptionKey;
use crate::jws::VerifyingKey;
use crate::key::{RsaNumbers, check_kid};

use super::{JwkFault, PublicJwk, key_set_json};

/// Longest document accepted, in bytes; directories put whole certificate chains beside their keys.
const BYTES_MAX: usize = 512 * 1_024;
/// Most keys accepted.
const KEYS_MAX: usize = 100;

/// The usable keys of a document. Each key is parsed at its first use and then kept, so keep the set.
#[derive(Debug)]
pub struct KeySet {
    keys: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    kid: String,
    numbers: RsaNumbers,
    parsed: Parsed,
}

/// What a key is for, with the key itself once it was needed; none inside means the library refused it.
#[derive(Debug)]
enum Parsed {
    Signature(OnceLock<Option<VerifyingKey>>),
    Encryption(OnceLock<Option<EncryptionKey>>),
}

impl KeySet {
    /// Reads a key set. Entries that are not usable here are passed over as RFC 7517 section 5 asks: other key
    /// types, sizes outside 2,048 to 4,096 bits, another `alg`, no purpose, no `kid`, or a private part in public.
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
        self.keys.iter().filter(|entry| entry.kid == kid).find_map(|entry| match &entry.parsed {
            Parsed::Signature(key) => {
                key.get_or_init(|| VerifyingKey::from_numbers(&entry.numbers).ok()).as_ref()
            }
            Parsed::Encryption(_) => None,
        })
    }

    /// The first key to encrypt for (S14).
    #[must_use]
    pub fn encryption_key(&self) -> Option<&EncryptionKey> {
        self.keys.iter().find_map(|entry| match &entry.parsed {
            Parsed::Encryption(key) => {
                key.get_or_init(|| EncryptionKey::from_numbers(&entry.numbers, &entry.kid).ok()).as_ref()
            }
            Parsed::Signature(_) => None,
        })
    }

    /// The public keys that verify signatures, with the members we publish.
    pub fn signature_keys(&self) -> impl Iterator<Item = PublicJwk> {
        let signs = |entry: &&Entry| matches!(entry.parsed, Parsed::Signature(_));
        self.keys.iter().filter(signs).map(Entry::public_jwk)
    }

    /// How many keys are usable.
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

/// The members of a JWK that decide whether and for what it is used (RFC 7517 section 4, RFC 7518 section 6.3).
#[derive(Deserialize)]
struct Wire {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default, rename = "use")]
    usage: Option<String>,
    #[serde(default)]
    key_ops: Option<Vec<String>>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default)]
    n: Option<String>,
    #[serde(default)]
    e: Option<String>,
    /// The private exponent: a key that shows it is nobody's any more.
    #[serde(default)]
    d: Option<IgnoredAny>,
}

impl Wire {
    fn parsed(&self) -> Option<Parsed> {
        let operations = |wanted: &[&str]| {
            self.key_ops.as_ref().map(|ops| ops.iter().any(|op| wanted.contains(&op.as_str())))
        };
        let algorithm = |wanted: &str| self.alg.as_deref().is_none_or(|alg| alg == wanted);
        let verifies = operations(&["verify"]);
        let encrypts = operations(&["encrypt", "wrapKey"]);
        match self.usage.as_deref() {
            Some("sig") if verifies != Some(false) && algorithm("PS256") => {
                Some(Parsed::Signature(OnceLock::new()))
            }
            Some("enc") if encrypts != Some(false) && algorithm("RSA-OAEP") => {
                Some(Parsed::Encryption(OnceLock::new()))
            }
            None if verifies == Some(true) && algorithm("PS256") => Some(Parsed::Signature(OnceLock::new())),
            None if encrypts == Some(true) && algorithm("RSA-OAEP") => {
                Some(Parsed::Encryption(OnceLock::new()))
            }
            _ => None,
        }
    }
}

impl Entry {
    fn parse(text: &str) -> Option<Self> {
        let wire: Wire = json::object(text.as_bytes())?;
        if wire.kty != "RSA" || wire.d.is_some() {
            return None;
        }
        let parsed = wire.parsed()?;
        let numbers = RsaNumbers::from_jwk(wire.n.as_deref()?, wire.e.as_deref()?).ok()?;
        let kid = wire.kid?;
        check_kid(&kid).ok()?;
        Some(Self { kid, numbers, parsed })
    }

    fn public_jwk(&self) -> PublicJwk {
        match self.parsed {
            Parsed::Signature(_) => PublicJwk::signature(&self.kid, &self.numbers),
            Parsed::Encryption(_) => PublicJwk::encryption(&self.kid, &self.numbers),
        }
    }
}
