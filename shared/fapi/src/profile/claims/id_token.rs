//! The id_token, by which the authorization server certifies a login (S14 to S17, OpenID Connect Core 3.3.2.11).

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::jose::base64url;

use super::acr::Acr;
use super::fault::ClaimFault;
use super::time::{NumericDate, VerificationTime};

/// Oldest `iat` a client accepts, in seconds.
const AGE_MAX: u64 = 600;

/// The claims, as they are signed and as a client reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdToken {
    /// Issuer.
    pub iss: String,
    /// Pseudonym of the customer at this issuer, never changed, never given to another (S16).
    pub sub: String,
    /// `client_id`.
    pub aud: String,
    /// End of validity.
    pub exp: NumericDate,
    /// Moment of signing.
    pub iat: NumericDate,
    /// When the customer logged in.
    pub auth_time: NumericDate,
    /// As in the request object.
    pub nonce: String,
    /// Always there (S15).
    pub acr: Acr,
    /// [`half_hash`] of the code; there when the token travels beside one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub c_hash: Option<String>,
    /// [`half_hash`] of the state; there when the token travels beside one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub s_hash: Option<String>,
    /// [`half_hash`] of the access token; there at the token endpoint.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at_hash: Option<String>,
}

/// Values that a client expects in an id_token. For those given as `Some`, it must contain the hash.
#[derive(Debug, Clone, Copy)]
pub struct ExpectedIdToken<'a> {
    /// The server the request was sent to.
    pub issuer: &'a str,
    /// The client itself.
    pub client_id: &'a str,
    /// As sent in the request object.
    pub nonce: &'a str,
    /// The code that came along.
    pub code: Option<&'a str>,
    /// The state that came along.
    pub state: Option<&'a str>,
    /// The access token that came along.
    pub access_token: Option<&'a str>,
}

impl IdToken {
    /// Validates the claims on the side of the client.
    ///
    /// # Errors
    /// The first claim that does not hold.
    pub fn check(&self, expected: &ExpectedIdToken<'_>, time: VerificationTime) -> Result<(), ClaimFault> {
        for (name, value, wanted) in [
            ("iss", &self.iss, expected.issuer),
            ("aud", &self.aud, expected.client_id),
            ("nonce", &self.nonce, expected.nonce),
        ] {
            if value != wanted {
                return Err(ClaimFault::Mismatch(name));
            }
        }
        for (name, hash, value) in [
            ("c_hash", &self.c_hash, expected.code),
            ("s_hash", &self.s_hash, expected.state),
            ("at_hash", &self.at_hash, expected.access_token),
        ] {
            let Some(value) = value else { continue };
            match hash {
                None => return Err(ClaimFault::Missing(name)),
                Some(hash) if *hash == half_hash(value) => {}
                Some(_) => return Err(ClaimFault::Mismatch(name)),
            }
        }
        if time.expired(self.exp) {
            return Err(ClaimFault::Expired);
        }
        if time.ahead(self.iat) {
            return Err(ClaimFault::NotYetValid);
        }
        if time.older_than(self.iat, AGE_MAX) {
            return Err(ClaimFault::Lifetime);
        }
        Ok(())
    }
}

/// base64url of the left half of the SHA-256 of a value: the form of `c_hash`, `s_hash` and `at_hash` under PS256.
#[must_use]
pub fn half_hash(value: &str) -> String {
    let hash = digest(&SHA256, value.as_bytes());
    base64url::encode(&hash.as_ref()[..16])
}
