//! Bearer secrets of the authorization server (codes, refresh tokens, tickets): only their hash is ever stored.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;

use crate::jose::base64url;

/// The hash to store of a secret: its SHA-256 in base64url. Secrets have 256 random bits, so no salt is needed.
#[must_use]
pub fn hash(secret: &str) -> String {
    base64url::encode(digest(&SHA256, secret.as_bytes()))
}

/// The code of a text that nobody makes without the key: its HMAC-SHA256 in base64url.
#[must_use]
pub fn authenticator(key: &str, text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    base64url::encode(hmac::sign(&key, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    /// RFC 4231 section 4.3.
    #[test]
    fn the_authenticator_is_the_hmac_of_the_text() {
        let made = super::authenticator("Jefe", "what do ya want for nothing?");
        assert_eq!(made, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM");
    }

    #[test]
    fn the_hash_is_the_sha256_of_the_text() {
        assert_eq!(super::hash("abc"), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    }
}
