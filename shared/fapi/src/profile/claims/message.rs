//! Signed bodies of the payment APIs: every request body, every 2xx and 422 answer with a body (S60 to S64).
//!
//! The reader parses with [`Policy::SIGNED_MESSAGE`], finds the key in the directory's key set of the sender's
//! software statement (S64), verifies a [`SignedMessage`] and checks it; [`SignedMessage::open`] is all of that with
//! the key set at hand.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::jose::jwk::KeySet;
use crate::jose::jws::{CompactJws, JwsFault, Policy, Signer, TokenType};

use super::audience::Audience;
use super::check::{expect, required};
use super::fault::ClaimFault;
use super::time::NumericDate;

/// Difference granted between `iat` and our clock, in seconds, in both directions (S62).
const TOLERANCE: u64 = 60;
/// How long a `jti` counts once, in seconds (S62).
const JTI_SECONDS: u64 = 86_400;

/// The claims as they arrive; [`SignedMessage::check`] validates them. Each is typed only there, because
/// a wrong claim is another refusal than a wrong signature (S63).
#[derive(Debug, Deserialize)]
pub struct SignedMessage {
    #[serde(default)]
    aud: Option<Box<RawValue>>,
    #[serde(default)]
    iss: Option<Box<RawValue>>,
    #[serde(default)]
    jti: Option<Box<RawValue>>,
    #[serde(default)]
    iat: Option<Box<RawValue>>,
    #[serde(default)]
    data: Option<Box<RawValue>>,
}

/// The claims beside the body of a message (S61).
#[derive(Debug, Clone, Copy, Serialize)]
pub struct MessageClaims<'a> {
    /// Of a request: URL of the endpoint called. Of an answer: `organisationId` of the client.
    pub aud: &'a str,
    /// `organisationId` of the sender.
    pub iss: &'a str,
    /// A fresh UUIDv4 (S62).
    pub jti: &'a str,
    /// Moment of signing.
    pub iat: NumericDate,
}

/// A valid message. The caller still has to remember its `jti` for the sender, so that it counts once (S62).
#[derive(Debug, Clone)]
pub struct VerifiedMessage {
    /// Unique name of the message for its client, in lower case.
    pub jti: String,
    /// Until when the `jti` must be remembered, in seconds since 1970.
    pub remember_until: u64,
    /// The member `data` as it was written; `None` if there is none, or null. What it must be says the endpoint, with 422 (P30):
    /// an object, or a list where many payments come at once.
    pub data: Option<Box<RawValue>>,
}

/// Reason why a message is not accepted. The first is 400 on the wire, `Claims` and `Replayed` are 403 (S63).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MessageFault {
    /// Header, shape or signature.
    #[error("signed message: {0}")]
    Signature(#[from] JwsFault),
    /// `aud`, `iss`, `iat` or `jti`.
    #[error("signed message: {0}")]
    Claims(#[from] ClaimFault),
    /// The `jti` was used before; found by the caller, who remembers them.
    #[error("signed message: jti used before")]
    Replayed,
}

impl SignedMessage {
    /// Signs a body: a struct with `data`, or with `errors` and `meta`, whose members stand beside the claims.
    ///
    /// # Errors
    /// `Signing` when the `jti` is no UUIDv4, the body is no JSON object or the key refuses.
    pub fn sign<T: Serialize>(
        signer: &Signer,
        claims: &MessageClaims<'_>,
        body: &T,
    ) -> Result<String, JwsFault> {
        #[derive(Serialize)]
        struct Claims<'a, T> {
            #[serde(flatten)]
            claims: &'a MessageClaims<'a>,
            #[serde(flatten)]
            body: &'a T,
        }
        if !is_uuid_v4(claims.jti) {
            return Err(JwsFault::Signing);
        }
        signer.sign(TokenType::Jwt, &Claims { claims, body })
    }

    /// The message inside a token that `issuer` signed for `audience` within 60 seconds of `now`.
    ///
    /// # Errors
    /// The first rule broken.
    pub fn open(
        token: &str,
        keys: &KeySet,
        audience: &str,
        issuer: &str,
        now: u64,
    ) -> Result<VerifiedMessage, MessageFault> {
        let compact = CompactJws::parse(token, &Policy::SIGNED_MESSAGE)?;
        let key = keys.signature_key(compact.kid()).ok_or(JwsFault::UnknownKey)?;
        compact.verify::<Self>(key)?.check(&[audience], issuer, now)
    }

    /// Validates the claims: who it is for (any of `audiences`), who sent it, and when (S61, S62).
    ///
    /// # Errors
    /// The first claim that does not hold.
    pub fn check(self, audiences: &[&str], issuer: &str, now: u64) -> Result<VerifiedMessage, MessageFault> {
        let aud: Audience = claim(self.aud, "aud")?;
        if !audiences.iter().any(|audience| aud.contains(audience)) {
            return Err(ClaimFault::Mismatch("aud").into());
        }
        let iss: String = claim(self.iss, "iss")?;
        expect(Some(&iss), issuer, "iss")?;
        let iat: NumericDate = claim(self.iat, "iat")?;
        if iat.seconds() > now.saturating_add(TOLERANCE) {
            return Err(ClaimFault::NotYetValid.into());
        }
        if iat.seconds().saturating_add(TOLERANCE) < now {
            return Err(ClaimFault::Lifetime.into());
        }
        let jti: String = claim(self.jti, "jti")?;
        if !is_uuid_v4(&jti) {
            return Err(ClaimFault::Malformed("jti").into());
        }
        // A UUID in capitals is the same UUID.
        let jti = jti.to_ascii_lowercase();
        Ok(VerifiedMessage { jti, remember_until: now.saturating_add(JTI_SECONDS), data: self.data })
    }
}

/// A required claim of one JSON type.
fn claim<T: DeserializeOwned>(raw: Option<Box<RawValue>>, name: &'static str) -> Result<T, ClaimFault> {
    serde_json::from_str(required(raw, name)?.get()).map_err(|_| ClaimFault::Malformed(name))
}

/// A hyphenated UUID of version 4 and the variant of RFC 9562.
fn is_uuid_v4(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            14 => byte == b'4',
            19 => b"89abAB".contains(&byte),
            _ => byte.is_ascii_hexdigit(),
        })
}
