//! What a verified access token says, as values.

use ponte_fapi::binding::Thumbprint;
use ponte_fapi::claims::AccessToken;
use ponte_fapi::scope::{Parametrised, Scope};
use ponte_values::{ClientId, ConsentId, Moment, OrganisationId};

use crate::admitted::Client;

/// A token of ours: its signature, its time and its certificate have been checked.
#[derive(Debug)]
pub struct Token {
    subject: String,
    client: Client,
    scope: Scope,
    consent: Option<ConsentId>,
    expires_at: Moment,
    thumbprint: Thumbprint,
}

impl Token {
    /// A token is tied to the consent its parametrised scope names, and to no other (S50).
    pub(crate) fn read(claims: AccessToken) -> Option<Self> {
        let scope = Scope::parse(&claims.scope).ok()?;
        let consent = claims.consent_id.as_deref().map(ConsentId::parse).transpose().ok()?;
        let named = scope.parametrised().iter().find_map(|scope| match scope {
            Parametrised::Consent(id) => Some(id.as_str()),
            _ => None,
        });
        if consent.as_ref().map(ConsentId::as_str) != named {
            return None;
        }
        let id = ClientId::parse(&claims.client_id).ok()?;
        let organisation = OrganisationId::parse(&claims.org_id).ok()?;
        let expires_at = Moment::from_seconds(i64::try_from(claims.exp.seconds()).ok()?);
        let client = Client { id, organisation };
        let thumbprint = claims.cnf.thumbprint;
        Some(Self { subject: claims.sub, client, scope, consent, expires_at, thumbprint })
    }

    /// Pseudonym of the customer, or the `client_id` under client_credentials.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The client it was issued to.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn into_client(self) -> Client {
        self.client
    }

    /// What it opens.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Whether a customer stands behind it: some consent or enrolment is named in its scope (S50).
    #[must_use]
    pub fn is_customers(&self) -> bool {
        !self.scope.parametrised().is_empty()
    }

    /// The consent of the scope `consent:`, if it has one.
    #[must_use]
    pub const fn consent(&self) -> Option<&ConsentId> {
        self.consent.as_ref()
    }

    /// End of validity.
    #[must_use]
    pub const fn expires_at(&self) -> Moment {
        self.expires_at
    }

    /// The certificate it is bound to (S10).
    #[must_use]
    pub const fn thumbprint(&self) -> &Thumbprint {
        &self.thumbprint
    }
}
