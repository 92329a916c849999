//! `client_assertion` of `private_key_jwt` (S02, RFC 7523 section 3).

use serde::Deserialize;

use super::audience::Audience;
use super::check::{bounded, expect, required};
use super::fault::ClaimFault;
use super::time::{NumericDate, VerificationTime};

/// Furthest `exp` accepted, in seconds ahead: as long must its `jti` be remembered.
const EXP_AHEAD_MAX: u64 = 3_600;
/// Oldest `iat` accepted, in seconds.
const AGE_MAX: u64 = 3_600;
/// Longest `jti` accepted, in characters.
const JTI_MAX: usize = 256;

/// The claims as they arrive; [`ClientAssertion::check`] validates them.
#[derive(Debug, Deserialize)]
pub struct ClientAssertion {
    #[serde(default)]
    iss: Option<String>,
    #[serde(default)]
    sub: Option<String>,
    #[serde(default)]
    aud: Option<Audience>,
    #[serde(default)]
    exp: Option<NumericDate>,
    #[serde(default)]
    iat: Option<NumericDate>,
    #[serde(default)]
    nbf: Option<NumericDate>,
    #[serde(default)]
    jti: Option<String>,
}

/// A valid assertion. The caller still has to remember its `jti`, so that it counts once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedAssertion {
    /// Unique name of the assertion for its client.
    pub jti: String,
    /// When it stops being acceptable, tolerance included: until then the `jti` must be remembered.
    pub remember_until: u64,
}

impl ClientAssertion {
    /// Validates the claims for this client and any of these audiences (issuer, token endpoint, PAR endpoint).
    ///
    /// # Errors
    /// The first claim that does not hold.
    pub fn check(
        self,
        client_id: &str,
        audiences: &[&str],
        time: VerificationTime,
    ) -> Result<VerifiedAssertion, ClaimFault> {
        expect(self.iss.as_deref(), client_id, "iss")?;
        expect(self.sub.as_deref(), client_id, "sub")?;
        let aud = required(self.aud, "aud")?;
        if !audiences.iter().any(|audience| aud.contains(audience)) {
            return Err(ClaimFault::Mismatch("aud"));
        }
        let exp = required(self.exp, "exp")?;
        if time.expired(exp) {
            return Err(ClaimFault::Expired);
        }
        if exp.seconds() > time.now.saturating_add(EXP_AHEAD_MAX).saturating_add(time.skew) {
            return Err(ClaimFault::Lifetime);
        }
        if [self.iat, self.nbf].into_iter().flatten().any(|date| time.ahead(date)) {
            return Err(ClaimFault::NotYetValid);
        }
        if self.iat.is_some_and(|iat| time.older_than(iat, AGE_MAX)) {
            return Err(ClaimFault::Lifetime);
        }
        let jti = required(self.jti, "jti")?;
        bounded(&jti, JTI_MAX, "jti")?;
        Ok(VerifiedAssertion { jti, remember_until: exp.seconds().saturating_add(time.skew) })
    }
}
