//! Stores of the authorization server: grants and the targets they cover; and the directory.

use async_trait::async_trait;
use ponte_values::{ClientId, Moment};

use crate::grant::{Code, PushedRequest, Redemption, RefreshToken};
use crate::interaction::Interaction;
use crate::target::{Target, TargetState};
use ponte_ports::{CommitFault, PortError};

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
    /// Ends an interaction in one transaction: consumes the pushed request, stores the completed interaction and issues the
    /// code, if the customer authorised. A second time is a conflict.
    async fn conclude(&self, interaction: &Interaction, code: Option<&Code>) -> Result<(), CommitFault>;
    /// Reads a code by its hash, used or not.
    async fn code(&self, hash: &str) -> Result<Option<Code>, PortError>;
    /// Spends a code and stores the refresh token in one transaction. A second time takes back what the first one got, also
    /// in one transaction and once: its refresh token, its access tokens by the block list, with an audit row.
    async fn redeem(&self, code: &Code, refresh: &RefreshToken) -> Result<Redemption, PortError>;
    /// Reads a refresh token by its hash; a revoked one is not there.
    async fn refresh_token(&self, hash: &str) -> Result<Option<RefreshToken>, PortError>;
    /// Revokes a refresh token; one that is not there is revoked already (RFC 7009).
    async fn revoke(&self, hash: &str) -> Result<(), PortError>;
}

/// The targets that customers authorise, of every kind.
#[async_trait]
pub trait Targets: Send + Sync {
    /// The state of a target at `now`, read strongly consistent.
    async fn find(&self, target: &Target, now: Moment) -> Result<Option<TargetState>, PortError>;
}
