//! A received token whose header was accepted and whose signature is still to be verified.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::jose::base64url;
use crate::jose::header::Header;
use crate::jose::json;
use crate::jose::key::check_kid;

use super::fault::JwsFault;
use super::policy::Policy;
use super::verifying_key::VerifyingKey;

/// The three parts of a token, the header already judged.
pub struct CompactJws<'a> {
    signed: &'a str,
    payload: &'a str,
    signature: &'a str,
    kid: String,
}

impl<'a> CompactJws<'a> {
    /// Splits a token and judges its size and header by the policy of its kind.
    ///
    /// # Errors
    /// The first rule broken: size, shape, `alg`, forbidden members, `typ`, `kid`.
    pub fn parse(token: &'a str, policy: &Policy) -> Result<Self, JwsFault> {
        if token.len() > policy.bytes_max() {
            return Err(JwsFault::TooLarge);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(JwsFault::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(JwsFault::Malformed)?;
        if payload.contains('.') {
            return Err(JwsFault::Malformed);
        }
        let header = Header::parse(header).ok_or(JwsFault::Malformed)?;
        policy.check(&header)?;
        let kid = header.kid.ok_or(JwsFault::KeyIdMissing)?;
        check_kid(&kid).map_err(|_| JwsFault::KeyIdMissing)?;
        Ok(Self { signed, payload, signature, kid })
    }

    /// `kid` of the key that is said to have signed.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The `iss` the token claims before anything is verified: good for finding its keys, for nothing else.
    #[must_use]
    pub fn claimed_issuer(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Claimed {
            iss: String,
        }
        let payload = base64url::decode(self.payload)?;
        json::object::<Claimed>(&payload).map(|claimed| claimed.iss)
    }

    /// Checks the signature, then reads the claims.
    ///
    /// # Errors
    /// `Signature` when the key did not sign this, `Claims` when the content is not what `T` expects.
    pub fn verify<T: DeserializeOwned>(&self, key: &VerifyingKey) -> Result<T, JwsFault> {
        let signature = base64url::decode(self.signature).ok_or(JwsFault::Signature)?;
        key.verify(self.signed.as_bytes(), &signature)?;
        let payload = base64url::decode(self.payload).ok_or(JwsFault::Malformed)?;
        json::object(&payload).ok_or(JwsFault::Claims)
    }
}
