//! What the authorization server remembers: pushed requests, codes and refresh tokens (S03 to S12).
//!
//! Secrets (codes, refresh tokens, request URIs' random parts) are stored as SHA-256 only.

use std::time::Duration;

use ponte_values::{ClientId, ConsentId, Moment};
use serde::{Deserialize, Serialize};

/// Life of a `request_uri`: at least 120 s (S05).
pub const REQUEST_URI_LIFE: Duration = Duration::from_mins(10);
/// Life of an authorization code.
pub const CODE_LIFE: Duration = Duration::from_mins(1);
/// Life of an access token, 300 to 900 s (S09).
pub const ACCESS_TOKEN_LIFE: Duration = Duration::from_mins(15);
/// How long a `jti` of a client assertion is remembered (S62).
pub const JTI_MEMORY: Duration = Duration::from_hours(24);

/// An authorization request pushed by a client (RFC 9126), already verified.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PushedRequest {
    /// `urn:ietf:params:oauth:request_uri:<random>`.
    pub request_uri: String,
    /// The client that pushed it; nobody else may use it.
    pub client: ClientId,
    /// The consent of the dynamic scope (S50).
    pub consent: ConsentId,
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

/// What a customer granted to a client.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// Pseudonym of the customer (S16).
    pub subject: String,
    /// The consent the tokens are tied to.
    pub consent: ConsentId,
    /// Scopes granted, joined by blanks.
    pub scope: String,
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

/// What came of presenting a code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Redemption {
    /// First use: the code is now spent and the refresh token stored.
    First,
    /// The code was used before: its refresh token has been revoked (RFC 6749 section 4.1.2).
    Replayed,
}
