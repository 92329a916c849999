//! The authorization server's own side: its names, addresses and policies. Built once, in INIT.

use ponte_authorization::grant::GrantPolicy;
use ponte_authorization::interaction::Assurance;
use ponte_values::ClientId;

use crate::scopes::Scopes;
use crate::settings::Settings;

/// The names, addresses and policies of the authorization server.
pub struct Server {
    issuer: String,
    policy: GrantPolicy,
    assurance: Assurance,
    scopes: Scopes,
    audiences: [String; 5],
    directory_keys: String,
    registrations: String,
}

impl Server {
    /// The server with these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            audiences: audiences(&settings),
            directory_keys: format!("{}/openbanking.jwks", settings.directory_url),
            registrations: format!("{}/auth/register", settings.mtls_url),
            issuer: settings.public_url,
            policy: settings.policy,
            assurance: settings.assurance,
            scopes: settings.scopes,
        }
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Lives of what is issued.
    pub(crate) fn policy(&self) -> GrantPolicy {
        self.policy
    }

    /// The strongest authentication that can be promised (S15).
    pub(crate) fn assurance(&self) -> Assurance {
        self.assurance
    }

    /// The scopes of what is served.
    pub(crate) fn scopes(&self) -> Scopes {
        self.scopes
    }

    /// Audiences a client assertion may name.
    pub(crate) fn assertion_audiences(&self) -> [&str; 5] {
        self.audiences.each_ref().map(String::as_str)
    }

    /// The address of the keys that sign software statements (S81).
    pub(crate) fn directory_keys(&self) -> &str {
        &self.directory_keys
    }

    /// The address where a registration is read, replaced and removed (RFC 7592 section 3).
    pub(crate) fn registration_url(&self, client: &ClientId) -> String {
        format!("{}/{client}", self.registrations)
    }
}

/// The issuer and every endpoint that authenticates clients (RFC 7523 section 3, RFC 9126 section 2).
fn audiences(settings: &Settings) -> [String; 5] {
    let endpoint = |name: &str| format!("{}/auth/{name}", settings.mtls_url);
    let issuer = settings.public_url.clone();
    [issuer, endpoint("token"), endpoint("par"), endpoint("introspect"), endpoint("revoke")]
}
