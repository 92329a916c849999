//! A verified access token as values, and the reasons to refuse one.

use ponte_fapi::binding::Thumbprint;
use ponte_fapi::claims::AccessToken;
use ponte_fapi::scope::{DynamicScope, Scope};
use ponte_refusals::Refusal;
use ponte_values::{ClientId, ConsentId, Moment, OrganisationId, TargetKind};

use crate::caller::Client;
use crate::token_blocks::BlockListUnread;

/// Why an access token does not open an endpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AccessTokenFault {
    /// No token at all, or another way to authenticate (RFC 6750 section 3.1).
    Missing,
    /// A bad or expired token, or another certificate (S30, S32).
    Unauthenticated,
    /// The token lacks the scope of the endpoint, or names no target of its kind.
    Scope,
    /// Nobody knows for the moment whether its client is shut out (T60).
    BlockListUnread,
}

impl From<AccessTokenFault> for Refusal {
    fn from(fault: AccessTokenFault) -> Self {
        match fault {
            AccessTokenFault::Missing => Self::no_token(),
            AccessTokenFault::Unauthenticated => Self::unauthenticated(),
            AccessTokenFault::Scope => Self::insufficient_scope(),
            AccessTokenFault::BlockListUnread => BlockListUnread.into(),
        }
    }
}

impl From<BlockListUnread> for AccessTokenFault {
    fn from(_: BlockListUnread) -> Self {
        Self::BlockListUnread
    }
}

/// A token of ours: its signature, its time and its certificate have been checked.
#[derive(Debug)]
pub struct Token {
    subject: String,
    client: Client,
    scope: Scope,
    expires_at: Moment,
    thumbprint: Thumbprint,
}

impl Token {
    /// A token is tied to the consent its dynamic scope names, and to no other (S50).
    pub(crate) fn read(claims: AccessToken) -> Option<Self> {
        let scope = Scope::parse(&claims.scope).ok()?;
        let consent = |scope: &&DynamicScope| matches!(scope, DynamicScope::Consent(_));
        let named = scope.dynamic().iter().find(consent).map(DynamicScope::id);
        if claims.consent_id.as_deref() != named {
            return None;
        }
        let id = ClientId::parse(&claims.client_id).ok()?;
        let organisation = OrganisationId::parse(&claims.org_id).ok()?;
        let expires_at = Moment::from_seconds(i64::try_from(claims.exp.seconds()).ok()?);
        let client = Client { id, organisation };
        let thumbprint = claims.cnf.thumbprint;
        Some(Self { subject: claims.sub, client, scope, expires_at, thumbprint })
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

    /// The client, if it calls in its own name with `scope`; `customers` is what the token of a customer gets.
    pub(crate) fn of_client(
        self,
        scope: &str,
        customers: AccessTokenFault,
    ) -> Result<Client, AccessTokenFault> {
        if self.is_customers() {
            return Err(customers);
        }
        if self.scope.contains(scope) { Ok(self.client) } else { Err(AccessTokenFault::Scope) }
    }

    /// Its scope.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Whether it was issued for a customer: its scope names a consent or an enrolment (S50).
    #[must_use]
    pub fn is_customers(&self) -> bool {
        !self.scope.dynamic().is_empty()
    }

    /// The target of this kind in the scope; `None` if there is none (S50).
    #[must_use]
    pub fn target(&self, kind: TargetKind) -> Option<&ConsentId> {
        target(&self.scope, kind)
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

/// The target of a kind that a scope names (S50).
fn target(scope: &Scope, kind: TargetKind) -> Option<&ConsentId> {
    scope.dynamic().iter().find(|scope| scope.kind() == kind).map(DynamicScope::target)
}
