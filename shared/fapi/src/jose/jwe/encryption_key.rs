//! A public key to encrypt for, parsed once.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PublicEncryptingKey};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::jose::base64url;
use crate::jose::key::{KeyFault, RsaNumbers, check_kid};

use super::fault::JweFault;
use super::format::{ALG, CONTENT_KEY_BYTES, ENC, IV_BYTES};

/// Fresh randomness for exactly one token: its content key and its initialization vector.
pub struct ContentSecret {
    key: Zeroizing<[u8; CONTENT_KEY_BYTES]>,
    iv: [u8; IV_BYTES],
}

impl ContentSecret {
    /// Bytes of randomness that one token needs.
    pub const BYTES: usize = CONTENT_KEY_BYTES + IV_BYTES;

    /// From bytes of a cryptographic random generator, never used before.
    #[must_use]
    pub fn from_random(bytes: [u8; Self::BYTES]) -> Self {
        let bytes = Zeroizing::new(bytes);
        let mut key = Zeroizing::new([0; CONTENT_KEY_BYTES]);
        let mut iv = [0; IV_BYTES];
        key.copy_from_slice(&bytes[..CONTENT_KEY_BYTES]);
        iv.copy_from_slice(&bytes[CONTENT_KEY_BYTES..]);
        Self { key, iv }
    }
}

#[derive(Serialize)]
struct ProtectedHeader<'a> {
    alg: &'a str,
    enc: &'a str,
    kid: &'a str,
    cty: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
}

/// A parsed RSA public key of use `enc` and its id.
#[derive(Debug)]
pub struct EncryptionKey {
    key: OaepPublicEncryptingKey,
    kid: String,
}

impl EncryptionKey {
    pub(crate) fn from_numbers(numbers: &RsaNumbers, kid: &str) -> Result<Self, KeyFault> {
        check_kid(kid)?;
        let key: PublicEncryptingKey = numbers.components().try_into().map_err(|_| KeyFault::NotRsa)?;
        let key = OaepPublicEncryptingKey::new(key).map_err(|_| KeyFault::NotRsa)?;
        Ok(Self { key, kid: kid.to_owned() })
    }

    /// The id that goes into each header (S14).
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Encrypts a signed token: sign first, then encrypt (S14).
    ///
    /// # Errors
    /// When the key refuses to encrypt.
    pub fn encrypt_jwt(&self, jwt: &str, secret: &ContentSecret) -> Result<String, JweFault> {
        self.encrypt(jwt, None, secret)
    }

    /// The same for a text that is good in one place alone, which the authenticated header names as `sub` (RFC 7519 section 5.3).
    ///
    /// # Errors
    /// When the key refuses to encrypt.
    pub fn encrypt_for(&self, text: &str, place: &str, secret: &ContentSecret) -> Result<String, JweFault> {
        self.encrypt(text, Some(place), secret)
    }

    fn encrypt(&self, jwt: &str, sub: Option<&str>, secret: &ContentSecret) -> Result<String, JweFault> {
        let header = ProtectedHeader { alg: ALG, enc: ENC, kid: &self.kid, cty: "JWT", sub };
        let header = serde_json::to_vec(&header).map_err(|_| JweFault::Encryption)?;
        let mut token =
            String::with_capacity((jwt.len() + header.len() + self.key.ciphertext_size()) * 4 / 3 + 64);
        base64url::append(header, &mut token);

        let mut wrapped = vec![0; self.key.ciphertext_size()];
        let wrapped = self
            .key
            .encrypt(&OAEP_SHA1_MGF1SHA1, secret.key.as_slice(), &mut wrapped, None)
            .map_err(|_| JweFault::Encryption)?;
        let content_key =
            UnboundKey::new(&AES_256_GCM, secret.key.as_slice()).map_err(|_| JweFault::Encryption)?;
        let mut content = jwt.as_bytes().to_vec();
        let tag = LessSafeKey::new(content_key)
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(secret.iv),
                Aad::from(token.as_bytes()),
                &mut content,
            )
            .map_err(|_| JweFault::Encryption)?;

        for part in [&*wrapped, &secret.iv, &content, tag.as_ref()] {
            token.push('.');
            base64url::append(part, &mut token);
        }
        Ok(token)
    }
}
