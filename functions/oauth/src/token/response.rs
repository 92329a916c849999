//! The answer of the token endpoint, with an access token for the customer's grant or for the client alone.

use ponte_authorization::grant::Grant;
use ponte_authorization::target::Target;
use ponte_fapi::scope::Scope;
use ponte_values::{Moment, TargetKind};
use serde::Serialize;

use crate::access_token::{self, AccessTokenClaims};
use crate::client_authentication::AuthenticatedClient;
use crate::fault::{Fault, OAuthError};
use crate::ports::Ports;
use crate::time::seconds;

/// The body of RFC 6749 section 5.1 and OpenID Connect Core section 3.1.3.3.
#[derive(Serialize)]
pub(super) struct TokenResponse {
    pub(super) access_token: String,
    pub(super) token_type: &'static str,
    pub(super) expires_in: u64,
    pub(super) scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id_token: Option<String>,
}

/// The scopes of a grant that the client has registered now: it may have replaced its registration since (S89).
pub(super) fn registered(
    ports: &Ports,
    client: &AuthenticatedClient,
    scope: &str,
) -> Result<String, OAuthError> {
    let scope = Scope::parse(scope).map_err(|fault| OAuthError::invalid_scope(fault.to_string()))?;
    let left = ports.server.scopes().left_for(&client.registration, &scope);
    let none_left = || OAuthError::invalid_scope("no scope left that this client may have");
    left.map(|left| left.to_string()).ok_or_else(none_left)
}

/// An access token for all or some scopes of a customer's grant.
pub(super) async fn for_grant(
    ports: &Ports,
    client: &AuthenticatedClient,
    grant: &Grant,
    scope: String,
    now: Moment,
) -> Result<TokenResponse, Fault> {
    let consents = |target: &&Target| matches!(target.kind, TargetKind::Consent | TargetKind::PaymentConsent);
    let consent = [&grant.target].into_iter().chain(&grant.linked).find(consents).map(|target| &target.id);
    let claims = AccessTokenClaims { subject: &grant.subject, scope: &scope, consent };
    let token = access_token::issue(ports, client, claims, now).await?;
    Ok(response(ports, token, scope))
}

/// An access token for the client in its own name.
pub(super) async fn for_client(
    ports: &Ports,
    client: &AuthenticatedClient,
    scope: String,
    now: Moment,
) -> Result<TokenResponse, Fault> {
    let subject = client.registration.id.as_str();
    let claims = AccessTokenClaims { subject, scope: &scope, consent: None };
    let token = access_token::issue(ports, client, claims, now).await?;
    Ok(response(ports, token, scope))
}

fn response(ports: &Ports, access_token: String, scope: String) -> TokenResponse {
    TokenResponse {
        access_token,
        token_type: "Bearer",
        expires_in: seconds(ports.server.policy().access_token_life()),
        scope,
        refresh_token: None,
        id_token: None,
    }
}
