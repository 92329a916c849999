//! Grants of the authorization server: pushed requests, codes and refresh tokens (S03 to S12).
//!
//! Secrets (codes, refresh tokens, request URIs' random parts) are stored as SHA-256 only.

use std::time::Duration;

use ponte_values::{ClientId, Invalid, Moment};
use serde::{Deserialize, Serialize};

use crate::interaction::Assurance;
use crate::target::Target;

/// Life of an authorization code.
pub const CODE_LIFE: Duration = Duration::from_mins(1);
/// How long a `jti` of a client assertion is remembered (S62).
pub const JTI_MEMORY: Duration = Duration::from_hours(24);
/// Longest life of an access token (S09); a retired signing key stays published as long.
pub const ACCESS_TOKEN_LIFE_MAX: Duration = Duration::from_mins(15);

/// The lives of requests and tokens, as the institution sets them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GrantPolicy {
    request_uri_life: Duration,
    access_token_life: Duration,
}

impl GrantPolicy {
    /// Lives of a `request_uri`, 120 s (S05) to one hour, and of an access token, 300 to 900 s (S09).
    pub fn new(request_uri_life: Duration, access_token_life: Duration) -> Result<Self, Invalid> {
        if !(Duration::from_mins(2)..=Duration::from_hours(1)).contains(&request_uri_life) {
            return Err(Invalid("life of a request_uri, 120 to 3600 seconds"));
        }
        if !(Duration::from_mins(5)..=ACCESS_TOKEN_LIFE_MAX).contains(&access_token_life) {
            return Err(Invalid("life of an access token, 300 to 900 seconds"));
        }
        Ok(Self { request_uri_life, access_token_life })
    }

    /// Life of a `request_uri` (S05).
    #[must_use]
    pub const fn request_uri_life(self) -> Duration {
        self.request_uri_life
    }

    /// Life of an access token (S09).
    #[must_use]
    pub const fn access_token_life(self) -> Duration {
        self.access_token_life
    }
}

impl Default for GrantPolicy {
    /// Ten minutes for a `request_uri`, fifteen for an access token.
    fn default() -> Self {
        Self { request_uri_life: Duration::from_mins(10), access_token_life: ACCESS_TOKEN_LIFE_MAX }
    }
}

/// An authorization request pushed by a client (RFC 9126), already verified.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PushedRequest {
    /// `urn:ietf:params:oauth:request_uri:<random>`.
    pub request_uri: String,
    /// The client that pushed it; nobody else may use it.
    pub client: ClientId,
    /// Target that the customer is asked to authorise (S50).
    pub target: Target,
    /// The data consent that follows it in the optimised journey (S51).
    pub linked: Option<Target>,
    /// The weakest authentication the client insists on (S15).
    pub assurance: Assurance,
    /// Exact redirect URI.
    pub redirect_uri: String,
    /// Scopes asked for, joined by blanks.
    pub scope: String,
    /// `state` of the client, echoed and hashed into the `id_token`.
    pub state: Option<String>,
    /// `nonce` of the client.
    pub nonce: String,
    /// PKCE challenge, S256 (S06).
    pub code_challenge: String,
    /// When it ends (S05).
    pub expires_at: Moment,
}

/// An authorization code as stored, keyed by its hash.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Code {
    /// SHA-256 of the code, base64url.
    pub hash: String,
    /// Client it was issued to.
    pub client: ClientId,
    /// Redirect URI it was sent to.
    pub redirect_uri: String,
    /// PKCE challenge.
    pub code_challenge: String,
    /// `nonce` for the `id_token` of the token endpoint.
    pub nonce: String,
    /// What the grant covers.
    pub grant: Grant,
    /// When it ends.
    pub expires_at: Moment,
}

/// A grant: the target, scopes and login behind the tokens of a client.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// Pseudonym of the customer (S16).
    pub subject: String,
    /// The target that the tokens are bound to.
    pub target: Target,
    /// The data consent that follows it in the optimised journey (S13).
    pub linked: Option<Target>,
    /// Scopes granted, joined by blanks.
    pub scope: String,
    /// How strongly the customer was authenticated (S15).
    pub assurance: Assurance,
    /// When the customer was authenticated.
    pub authenticated_at: Moment,
}

/// A refresh token as stored, keyed by its hash; never rotated, without an end of its own (S11).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefreshToken {
    /// SHA-256 of the token, base64url.
    pub hash: String,
    /// Client it was issued to.
    pub client: ClientId,
    /// What the grant covers.
    pub grant: Grant,
    /// When it was issued.
    pub issued_at: Moment,
}

/// The outcome of redeeming a code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Redemption {
    /// First use: the code is now spent and the refresh token stored.
    First,
    /// The code was used before: what it brought has been taken back (RFC 6749 section 4.1.2).
    Replayed,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(request_uri: u64, access_token: u64) -> Result<GrantPolicy, Invalid> {
        GrantPolicy::new(Duration::from_secs(request_uri), Duration::from_secs(access_token))
    }

    #[test]
    fn s05_a_request_uri_lives_at_least_120_seconds() {
        assert!(policy(119, 900).is_err());
        assert_eq!(policy(120, 900).unwrap().request_uri_life(), Duration::from_mins(2));
        assert!(policy(3_601, 900).is_err());
    }

    #[test]
    fn s09_an_access_token_lives_300_to_900_seconds() {
        assert!(policy(600, 299).is_err());
        assert_eq!(policy(600, 300).unwrap().access_token_life(), Duration::from_mins(5));
        assert!(policy(600, 901).is_err());
        assert_eq!(policy(600, 900), Ok(GrantPolicy::default()));
    }
}
