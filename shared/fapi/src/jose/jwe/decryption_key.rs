//! A private key that decrypts, parsed once.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use zeroize::Zeroizing;

use crate::jose::header::same_media_type;
use crate::jose::jwk::PublicJwk;
use crate::jose::key::{KeyFault, RsaNumbers, check_kid, pkcs8_from_pem};

use super::compact::CompactJwe;
use super::fault::JweFault;
use super::format::CONTENT_KEY_BYTES;

/// Accepted values of `cty`: any JWT, or, as some clients send it, a request object (RFC 9101 section 9.4.1).
const CONTENTS: [&str; 2] = ["JWT", "oauth-authz-req+jwt"];

/// A parsed RSA private key of use `enc` and its id.
pub struct DecryptionKey {
    key: OaepPrivateDecryptingKey,
    kid: String,
    public: RsaNumbers,
}

impl DecryptionKey {
    /// From the PEM of a PKCS#8 key.
    ///
    /// # Errors
    /// When the text is not such a key, its size is not accepted or the id is not fit for a header.
    pub fn from_pkcs8_pem(pem: &str, kid: &str) -> Result<Self, KeyFault> {
        check_kid(kid)?;
        let pkcs8 = pkcs8_from_pem(pem)?;
        let key = PrivateDecryptingKey::from_pkcs8(pkcs8.secret_pkcs8_der()).map_err(|_| KeyFault::NotRsa)?;
        let spki = key.public_key().as_der().map_err(|_| KeyFault::NotRsa)?;
        let public = RsaNumbers::from_spki(spki.as_ref())?;
        let key = OaepPrivateDecryptingKey::new(key).map_err(|_| KeyFault::NotRsa)?;
        Ok(Self { key, kid: kid.to_owned(), public })
    }

    /// The public side, for a key set.
    #[must_use]
    pub fn public_jwk(&self) -> PublicJwk {
        PublicJwk::encryption(&self.kid, &self.public)
    }

    /// Decrypts to the signed token inside, whose signature is still to be verified. A token need not say that a JWT is
    /// inside (RFC 7516 section 4.1.12); then the content must have the form of one.
    ///
    /// # Errors
    /// The first rule broken; a wrong key and a changed content give the same fault.
    pub fn decrypt_jwt(&self, token: &str) -> Result<String, JweFault> {
        let parts = CompactJwe::parse(token)?;
        if parts.header.cty.is_some() {
            return self.decrypt(parts);
        }
        let opened = String::from_utf8(self.open(parts)?).map_err(|_| JweFault::Content)?;
        if is_compact_jws(&opened) { Ok(opened) } else { Err(JweFault::Content) }
    }

    /// The text that was encrypted for this place.
    ///
    /// # Errors
    /// The same, and for a token of another place or of none.
    pub fn decrypt_for(&self, token: &str, place: &str) -> Result<String, JweFault> {
        let parts = CompactJwe::parse(token)?;
        if parts.header.sub.as_deref() != Some(place) {
            return Err(JweFault::Place);
        }
        self.decrypt(parts)
    }

    fn decrypt(&self, parts: CompactJwe<'_>) -> Result<String, JweFault> {
        let known = |cty: &str| CONTENTS.iter().any(|content| same_media_type(cty, content));
        if !parts.header.cty.as_deref().is_some_and(known) {
            return Err(JweFault::Content);
        }
        String::from_utf8(self.open(parts)?).map_err(|_| JweFault::Content)
    }

    pub(super) fn open(&self, mut parts: CompactJwe<'_>) -> Result<Vec<u8>, JweFault> {
        if parts.header.kid.as_deref().is_some_and(|kid| kid != self.kid) {
            return Err(JweFault::KeyId);
        }
        let mut unwrapped = Zeroizing::new(vec![0; self.key.min_output_size()]);
        let content_key = self
            .key
            .decrypt(&OAEP_SHA1_MGF1SHA1, &parts.wrapped, unwrapped.as_mut_slice(), None)
            .ok()
            .filter(|key| key.len() == CONTENT_KEY_BYTES);
        // RFC 7516 section 11.5: an unusable content key goes the same long way as a wrong one.
        let usable = content_key.is_some();
        let mut key = Zeroizing::new([0; CONTENT_KEY_BYTES]);
        if let Some(content_key) = content_key {
            key.copy_from_slice(content_key);
        }
        let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| JweFault::Decryption)?;
        let opened = LessSafeKey::new(key).open_in_place_separate_tag(
            Nonce::assume_unique_for_key(parts.iv),
            Aad::from(parts.protected.as_bytes()),
            &parts.tag,
            &mut parts.content,
        );
        if opened.is_err() || !usable {
            return Err(JweFault::Decryption);
        }
        Ok(parts.content)
    }
}

/// Whether a text has the three parts of a signed token (RFC 7515 section 7.1).
fn is_compact_jws(text: &str) -> bool {
    let encoded = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    text.split('.').count() == 3 && text.split('.').all(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc7516_4_1_12_three_encoded_parts_alone_are_a_token_when_nobody_says_so() {
        assert!(is_compact_jws("eyJhIjoxfQ.e30.A-_9"));
        for other in ["", "a", "a.b", "a.b.c.d", "a..c", ".b.c", "a.b.", "a.b=.c", "a b.c.d", "{\"a\":1}.b.c"]
        {
            assert!(!is_compact_jws(other), "{other}");
        }
    }
}
