//! The JWT with which the institution's back end signs one call of its channel, in the header of that call.

use serde::Deserialize;

use crate::profile::secret;

use super::check::{bounded, expect, required};
use super::fault::ClaimFault;
use super::time::{NumericDate, VerificationTime};

/// Longest `jti` read, in characters.
const JTI_MAX: usize = 128;

/// The claims as they arrive; [`SignedCall::check`] validates them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedCall {
    #[serde(default)]
    iat: Option<NumericDate>,
    #[serde(default)]
    jti: Option<String>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    body_hash: Option<String>,
}

/// A call as it came, to be held against what was signed.
#[derive(Debug, Clone, Copy)]
pub struct ReceivedCall<'a> {
    /// Method in capitals.
    pub method: &'a str,
    /// Path as the gateway gives it: percent-encodings decoded, without host and query.
    pub path: &'a str,
    /// The body, empty if there was none.
    pub body: &'a str,
}

/// A call that was signed now; its `jti` is still to be looked up among the used ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedCall {
    /// Good for one use.
    pub jti: String,
    /// When it was signed, seconds since 1970.
    pub signed_at: u64,
}

impl SignedCall {
    /// Validates the claims for the call that carried them: method, path, SHA-256 of the body in base64url, and an `iat`
    /// that differs from now by no more than the tolerance of `time`.
    ///
    /// # Errors
    /// The first claim that does not hold.
    pub fn check(self, call: ReceivedCall<'_>, time: VerificationTime) -> Result<VerifiedCall, ClaimFault> {
        let iat = required(self.iat, "iat")?;
        if time.ahead(iat) {
            return Err(ClaimFault::NotYetValid);
        }
        if time.older_than(iat, 0) {
            return Err(ClaimFault::Lifetime);
        }
        expect(self.method.as_deref(), call.method, "method")?;
        expect(self.path.as_deref(), call.path, "path")?;
        expect(self.body_hash.as_deref(), &secret::hash(call.body), "bodyHash")?;
        let jti = required(self.jti, "jti")?;
        bounded(&jti, JTI_MAX, "jti")?;
        Ok(VerifiedCall { jti, signed_at: iat.seconds() })
    }
}
