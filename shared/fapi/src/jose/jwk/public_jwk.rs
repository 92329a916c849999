//! One public key as it is written into a key set.

use aws_lc_rs::digest::{SHA256, digest};
use serde::Serialize;

use crate::jose::base64url;
use crate::jose::key::RsaNumbers;

/// An RSA public key with the members we publish, and no others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicJwk {
    kty: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    alg: &'static str,
    kid: String,
    n: String,
    e: String,
}

impl PublicJwk {
    /// A key that verifies PS256 signatures.
    pub(crate) fn signature(kid: &str, numbers: &RsaNumbers) -> Self {
        Self::new("sig", "PS256", kid, numbers)
    }

    /// A key to encrypt for with RSA-OAEP (S14).
    pub(crate) fn encryption(kid: &str, numbers: &RsaNumbers) -> Self {
        Self::new("enc", "RSA-OAEP", kid, numbers)
    }

    fn new(usage: &'static str, alg: &'static str, kid: &str, numbers: &RsaNumbers) -> Self {
        let n = base64url::encode(&numbers.modulus);
        let e = base64url::encode(&numbers.exponent);
        Self { kty: "RSA", usage, alg, kid: kid.to_owned(), n, e }
    }

    /// The key id.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// SHA-256 thumbprint in base64url (RFC 7638).
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let canonical = format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, self.e, self.n);
        base64url::encode(digest(&SHA256, canonical.as_bytes()))
    }
}

/// A key set of these keys, ready to publish.
#[must_use]
pub fn key_set_json(keys: &[PublicJwk]) -> String {
    serde_json::json!({ "keys": keys }).to_string()
}
