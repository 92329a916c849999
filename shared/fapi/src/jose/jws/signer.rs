//! A private key that signs, parsed once.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair as _, RSA_PSS_SHA256, RsaKeyPair};
use serde::Serialize;

use crate::jose::base64url;
use crate::jose::jwk::PublicJwk;
use crate::jose::key::{KeyFault, RsaNumbers, check_kid, pkcs8_from_pem};

use super::fault::JwsFault;
use super::verifying_key::VerifyingKey;

/// `typ` of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenType {
    /// `JWT`: id_tokens, client assertions, signed messages (S60).
    Jwt,
    /// `at+jwt` (RFC 9068).
    AccessToken,
    /// `oauth-authz-req+jwt` (RFC 9101).
    RequestObject,
    /// `channel-call+jwt`: a call of the institution's channel.
    SignedCall,
}

impl TokenType {
    fn as_str(self) -> &'static str {
        match self {
            Self::Jwt => "JWT",
            Self::AccessToken => "at+jwt",
            Self::RequestObject => "oauth-authz-req+jwt",
            Self::SignedCall => "channel-call+jwt",
        }
    }
}

#[derive(Serialize)]
struct ProtectedHeader<'a> {
    alg: &'a str,
    kid: &'a str,
    typ: &'a str,
}

/// A parsed RSA private key and its id. The salt of each signature is drawn inside the cryptographic library.
pub struct Signer {
    key: RsaKeyPair,
    kid: String,
    public: RsaNumbers,
}

impl Signer {
    /// A signer from the PEM of a PKCS#8 key.
    ///
    /// # Errors
    /// When the text is not such a key, its size is not accepted or the id is not fit for a header.
    pub fn from_pkcs8_pem(pem: &str, kid: &str) -> Result<Self, KeyFault> {
        check_kid(kid)?;
        let pkcs8 = pkcs8_from_pem(pem)?;
        let key = RsaKeyPair::from_pkcs8(pkcs8.secret_pkcs8_der()).map_err(|_| KeyFault::NotRsa)?;
        let public = RsaNumbers::from_pkcs1(key.public_key().as_ref())?;
        Ok(Self { key, kid: kid.to_owned(), public })
    }

    /// `kid` of each header.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public side, for a key set.
    #[must_use]
    pub fn public_jwk(&self) -> PublicJwk {
        PublicJwk::signature(&self.kid, &self.public)
    }

    /// The public side, to verify what this key signs.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey::from_numbers(&self.public)
    }

    /// Signs once and drops the signature: the first signature of a key sets up its blinding, and Lambda INIT should
    /// pay for that instead of the first call.
    ///
    /// # Errors
    /// When the key refuses to sign.
    pub fn warm(&self) -> Result<(), JwsFault> {
        self.signature(b"warm").map(|_| ())
    }

    /// Signs claims into a token.
    ///
    /// # Errors
    /// When the claims cannot be written as JSON or the key refuses to sign.
    pub fn sign<T: Serialize>(&self, typ: TokenType, claims: &T) -> Result<String, JwsFault> {
        let header = ProtectedHeader { alg: "PS256", kid: &self.kid, typ: typ.as_str() };
        let header = serde_json::to_vec(&header).map_err(|_| JwsFault::Signing)?;
        let claims = serde_json::to_vec(claims).map_err(|_| JwsFault::Signing)?;
        let bytes = header.len() + claims.len() + self.key.public_modulus_len();
        let mut token = String::with_capacity(bytes * 4 / 3 + 8);
        base64url::append(header, &mut token);
        token.push('.');
        base64url::append(claims, &mut token);
        let signature = self.signature(token.as_bytes())?;
        token.push('.');
        base64url::append(signature, &mut token);
        Ok(token)
    }

    pub(super) fn signature(&self, message: &[u8]) -> Result<Vec<u8>, JwsFault> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(&RSA_PSS_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| JwsFault::Signing)?;
        Ok(signature)
    }
}
