//! Access tokens: signed by the authorization server, verified at each call, bound to a certificate (S09, S10, S32).

use serde::{Deserialize, Serialize};

use crate::jose::jwk::KeySet;
use crate::jose::jws::{CompactJws, JwsFault, Policy, Signer, TokenType};
use crate::profile::binding::Thumbprint;

use super::fault::ClaimFault;
use super::time::{NumericDate, VerificationTime};

/// Lifetimes allowed, in seconds (S09).
const LIFETIME: std::ops::RangeInclusive<u64> = 300..=900;
/// How far `iat` may lie ahead, in seconds: the environment that signed has a clock of its own (T12).
const IAT_AHEAD_MAX: u64 = 60;

/// The claims of an access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// Issuer, which is also the audience: the institution's own APIs.
    pub iss: String,
    /// Same as `iss`.
    pub aud: String,
    /// Pseudonym of the customer, or the `client_id` under client_credentials.
    pub sub: String,
    /// The client it was issued to.
    pub client_id: String,
    /// `organisationId` of that client in the directory.
    pub org_id: String,
    /// Software statement id of that client in the directory.
    pub ss_id: String,
    /// Scopes, separated by blanks.
    pub scope: String,
    /// The consent that it is for; absent under client_credentials.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub consent_id: Option<String>,
    /// Moment of signing.
    pub iat: NumericDate,
    /// End of validity, 300 to 900 seconds later (S09).
    pub exp: NumericDate,
    /// Unique name.
    pub jti: String,
    /// The certificate that it is bound to (S10).
    pub cnf: ConfirmationClaim,
}

/// `cnf` of RFC 8705 section 3.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmationClaim {
    /// SHA-256 thumbprint of the client certificate.
    #[serde(rename = "x5t#S256")]
    pub thumbprint: Thumbprint,
}

/// Reason why an access token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// Not a token, or not one of ours.
    #[error("access token: {0}")]
    Jws(#[from] JwsFault),
    /// One of ours, but not now or not here.
    #[error("access token: {0}")]
    Claims(#[from] ClaimFault),
    /// Presented over another certificate than the one it is bound to (S10, T39).
    #[error("access token bound to another certificate")]
    Binding,
}

impl AccessToken {
    /// Signs the claims.
    ///
    /// # Errors
    /// `Lifetime` outside 300 to 900 seconds (S09); `Jws` when the key refuses to sign.
    pub fn mint(&self, signer: &Signer) -> Result<String, TokenFault> {
        if !LIFETIME.contains(&self.exp.seconds().saturating_sub(self.iat.seconds())) {
            return Err(ClaimFault::Lifetime.into());
        }
        Ok(signer.sign(TokenType::AccessToken, self)?)
    }

    /// The claims of a token that is ours, in force, and presented over the certificate it is bound to. It may have been
    /// signed up to 60 s from now, by another clock of ours; its end is not stretched (T12).
    ///
    /// # Errors
    /// The first rule broken.
    pub fn verify(
        token: &str,
        keys: &KeySet,
        issuer: &str,
        certificate: &Thumbprint,
        time: VerificationTime,
    ) -> Result<Self, TokenFault> {
        let claims = Self::read(token, keys, issuer, time)?;
        if claims.cnf.thumbprint.is(certificate) { Ok(claims) } else { Err(TokenFault::Binding) }
    }

    /// The claims of a token that is ours and in force, for introspection (RFC 7662). An endpoint opens only after
    /// [`AccessToken::verify`].
    ///
    /// # Errors
    /// The first rule broken.
    pub fn read(
        token: &str,
        keys: &KeySet,
        issuer: &str,
        time: VerificationTime,
    ) -> Result<Self, TokenFault> {
        let compact = CompactJws::parse(token, &Policy::ACCESS_TOKEN)?;
        let key = keys.signature_key(compact.kid()).ok_or(JwsFault::UnknownKey)?;
        let claims: Self = compact.verify(key)?;
        claims.check(issuer, time)?;
        Ok(claims)
    }

    fn check(&self, issuer: &str, time: VerificationTime) -> Result<(), ClaimFault> {
        if self.iss != issuer {
            return Err(ClaimFault::Mismatch("iss"));
        }
        if self.aud != issuer {
            return Err(ClaimFault::Mismatch("aud"));
        }
        if time.expired(self.exp) {
            return Err(ClaimFault::Expired);
        }
        if time.ahead_by_more_than(self.iat, IAT_AHEAD_MAX) {
            return Err(ClaimFault::NotYetValid);
        }
        // We sign no such token: one that lives longer was made by somebody else with our key, or by a mistake.
        if self.exp.seconds().saturating_sub(self.iat.seconds()) > *LIFETIME.end() {
            return Err(ClaimFault::Lifetime);
        }
        Ok(())
    }
}
