//! What the authorization server keeps, and whom it knows.

use async_trait::async_trait;
use ponte_values::{ClientId, Moment};

use super::{CommitFault, PortError};
use crate::client::Client;
use crate::grant::{Code, PushedRequest, Redemption, RefreshToken};
use crate::interaction::Interaction;

/// Registered clients.
#[async_trait]
pub trait Clients: Send + Sync {
    /// Reads one.
    async fn find(&self, id: &ClientId) -> Result<Option<Client>, PortError>;
    /// Stores a registration, replacing one of the same id.
    async fn put(&self, client: &Client) -> Result<(), PortError>;
}

/// The directory's keystore.
#[async_trait]
pub trait Directory: Send + Sync {
    /// Fetches a JWKS document: at most 128 KiB, within 2 s, no redirects. Caching is the caller's policy.
    async fn jwks(&self, uri: &str) -> Result<String, PortError>;
}

/// Pushed requests, codes, refresh tokens and used `jti`s.
#[async_trait]
pub trait Grants: Send + Sync {
    /// Remembers a `jti` of `client` until `until`. False if it was seen before by another call than `owner` (S62).
    async fn claim_jti(
        &self,
        client: &ClientId,
        jti: &str,
        until: Moment,
        owner: &str,
    ) -> Result<bool, PortError>;
    /// Stores a pushed request.
    async fn push(&self, request: &PushedRequest) -> Result<(), PortError>;
    /// Reads a pushed request that was not consumed yet; reading does not consume (S05).
    async fn pushed(&self, request_uri: &str) -> Result<Option<PushedRequest>, PortError>;
    /// Ends a visit: the pushed request is consumed, the completed interaction stored, and the code, if the answer is
    /// yes, issued; all or nothing. A second time is a conflict.
    async fn conclude(&self, interaction: &Interaction, code: Option<&Code>) -> Result<(), CommitFault>;
    /// Reads a code by its hash, used or not.
    async fn code(&self, hash: &str) -> Result<Option<Code>, PortError>;
    /// Spends a code and stores the refresh token in one transaction; a second time revokes what the first one got.
    async fn redeem(&self, code: &Code, refresh: &RefreshToken) -> Result<Redemption, PortError>;
    /// Reads a refresh token by its hash; a revoked one is not there.
    async fn refresh_token(&self, hash: &str) -> Result<Option<RefreshToken>, PortError>;
}
