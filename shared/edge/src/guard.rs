//! The guard: token, certificate binding, scope and consent of a call to a catalog row, in one pass.
//!
//! No authorizer in front does this: its refusals could not carry the Open Finance body, and its cache would serve
//! a revoked consent.

use std::sync::Arc;

use ponte_catalog::{Access, Row};
use ponte_domain::consent::Standing;
use ponte_domain::ports::Consents;
use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::claims::{self, AccessToken};
use ponte_fapi::jwk::KeySet;
use ponte_fapi::scope::{Parametrised, Scope};
use ponte_values::{ClientId, ConsentId, Moment, OrganisationId};

use crate::admitted::{Caller, Client};
use crate::refusal::Refusal;
use crate::request::Request;

/// Why a token does not open a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenFault {
    /// No token, a bad or expired one, another certificate, or a consent that is not AUTHORISED (S30, S32).
    Unauthenticated,
    /// The token lacks the scope of the row.
    Scope,
    /// The consent lacks the permission of the row (C22).
    Permission,
}

/// Verifies callers against the authorization server's public keys and the consents.
pub struct Guard {
    issuer: String,
    keys: KeySet,
    consents: Arc<dyn Consents>,
}

impl Guard {
    /// A guard for tokens of `issuer` signed with one of `keys`.
    #[must_use]
    pub fn new(issuer: String, keys: KeySet, consents: Arc<dyn Consents>) -> Self {
        Self { issuer, keys, consents }
    }

    /// Who calls `row`, or why not. The consent is read once, so a revocation counts from the next call on.
    pub(crate) async fn admit(&self, row: &Row, request: &Request, now: Moment) -> Result<Caller, Refusal> {
        let token = self.token(request, now)?;
        match row.access {
            Access::Client(scope) => {
                if token.consent.is_some() || !token.scope.contains(scope) {
                    return Err(TokenFault::Scope.into());
                }
                Ok(Caller::Client(token.client))
            }
            Access::Customer(scope, permission) => {
                let id = token
                    .consent
                    .as_ref()
                    .filter(|_| token.scope.contains(scope))
                    .ok_or(TokenFault::Scope)?;
                let consent =
                    self.consents.find(id).await?.filter(|consent| consent.client == token.client.id);
                let consent = consent.ok_or(TokenFault::Unauthenticated)?;
                if !matches!(consent.at(now), Standing::Authorised(_)) {
                    return Err(TokenFault::Unauthenticated.into());
                }
                if !consent.permits(permission) {
                    return Err(TokenFault::Permission.into());
                }
                Ok(Caller::Customer(token.client, Box::new(consent)))
            }
        }
    }

    /// The verified token of a call, bound to the certificate of its connection (S10, S32).
    fn token(&self, request: &Request, now: Moment) -> Result<Token, TokenFault> {
        let refused = TokenFault::Unauthenticated;
        let token = request.bearer().ok_or(refused)?;
        let certificate = request.certificate.as_deref().ok_or(refused)?;
        let certificate = ClientCertificate::from_pem(certificate).map_err(|_| refused)?;
        // Our own tokens, checked against our own clock: no difference is granted.
        let clock = claims::Clock { now: u64::try_from(now.seconds()).unwrap_or(0), skew: 0 };
        certificate.check(clock.now).map_err(|_| refused)?;
        let claims = AccessToken::verify(token, &self.keys, &self.issuer, certificate.thumbprint(), clock);
        let token = Token::read(&claims.map_err(|_| refused)?).ok_or(refused)?;
        let same = certificate.organisation_id() == Some(token.client.organisation.as_str());
        if same { Ok(token) } else { Err(refused) }
    }
}

/// The claims the guard needs, as values.
struct Token {
    client: Client,
    scope: Scope,
    consent: Option<ConsentId>,
}

impl Token {
    /// A token is tied to the consent its parametrised scope names, and to no other (S50).
    fn read(claims: &AccessToken) -> Option<Self> {
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
        Some(Self { client: Client { id, organisation }, scope, consent })
    }
}

#[cfg(test)]
mod tests;
