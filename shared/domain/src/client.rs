//! A client: another participant's software statement registered at this authorization server.

use ponte_values::{ClientId, OrganisationId, SoftwareStatementId};
use serde::{Deserialize, Serialize};

/// What a registration holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// `client_id` issued here.
    pub id: ClientId,
    /// Organisation that owns the software statement.
    pub organisation: OrganisationId,
    /// Software statement the client was registered for.
    pub software: SoftwareStatementId,
    /// Name shown to the customer.
    pub name: String,
    /// Where the directory publishes the client's keys (S82).
    pub jwks_uri: String,
    /// Exact redirect URIs (S83).
    pub redirect_uris: Vec<String>,
    /// Scopes the client's roles allow (S85).
    pub scopes: Vec<String>,
}

impl Client {
    /// Whether `uri` is registered, compared character by character (RFC 9126, FAPI 1.0).
    #[must_use]
    pub fn may_redirect_to(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|registered| registered == uri)
    }

    /// Whether the client's roles allow the static scope `scope` (S85).
    #[must_use]
    pub fn may_ask_for(&self, scope: &str) -> bool {
        self.scopes.iter().any(|allowed| allowed == scope)
    }
}
