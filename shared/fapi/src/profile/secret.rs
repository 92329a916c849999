//! Bearer secrets of the authorization server (codes, refresh tokens, tickets): only their hash is ever stored.

use aws_lc_rs::digest::{SHA256, digest};

use crate::jose::base64url;

/// The hash to store of a secret: its SHA-256 in base64url. Secrets have 256 random bits, so no salt is needed.
#[must_use]
pub fn hash(secret: &str) -> String {
    base64url::encode(digest(&SHA256, secret.as_bytes()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_hash_is_the_sha256_of_the_text() {
        assert_eq!(super::hash("abc"), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    }
}
