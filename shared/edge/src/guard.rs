//! The guard: token, certificate binding, scope and consent of a call to a catalog row, in one pass.
//!
//! No authorizer in front does this: its refusals could not carry the Open Finance body, and its cache would serve
//! a revoked consent.

use std::sync::Arc;

use ponte_catalog::{Access, Row};
use ponte_data_consent::consent::{Consent, Standing};
use ponte_data_consent::ports::Consents;
use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::claims::{self, AccessToken};
use ponte_fapi::jws::JwsFault;
use ponte_values::Moment;

use crate::admitted::Caller;
use crate::refusal::Refusal;
use crate::request::Request;
use crate::token::Token;
use crate::token_keys::{PublishedKeys, TokenKeys};

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
    keys: TokenKeys,
    consents: Arc<dyn Consents>,
}

impl Guard {
    /// A guard for tokens of `issuer` signed with one of `keys`.
    #[must_use]
    pub fn new(issuer: String, keys: impl Into<TokenKeys>, consents: Arc<dyn Consents>) -> Self {
        Self { issuer, keys: keys.into(), consents }
    }

    /// Who calls `row`, or why not. The consent is read once, so a revocation counts from the next call on.
    ///
    /// # Errors
    /// The refusal to answer with, or that a port failed.
    pub async fn admit(&self, row: &Row, request: &Request, now: Moment) -> Result<Caller, Refusal> {
        let token = self.token(request, now).await?;
        match row.access {
            Access::Client(scope) => {
                if token.is_customers() || !token.scope().contains(scope) {
                    return Err(TokenFault::Scope.into());
                }
                Ok(Caller::Client(token.into_client()))
            }
            Access::Customer(scope, permission) => {
                let consent = self.consent(&token, scope, now).await?;
                if !consent.permits(permission) {
                    return Err(TokenFault::Permission.into());
                }
                Ok(Caller::Customer(token.into_client(), consent))
            }
            Access::Consent(scope) => {
                let consent = self.consent(&token, scope, now).await?;
                if consent.id.as_str() != request.id("consentId") {
                    return Err(TokenFault::Scope.into());
                }
                Ok(Caller::Customer(token.into_client(), consent))
            }
        }
    }

    /// The consent a customer's token with `scope` rests on, which must be the client's and AUTHORISED now.
    async fn consent(&self, token: &Token, scope: &str, now: Moment) -> Result<Box<Consent>, Refusal> {
        let id = token.consent().filter(|_| token.scope().contains(scope)).ok_or(TokenFault::Scope)?;
        let consent = self.consents.find(id).await?.filter(|consent| consent.client == token.client().id);
        let consent = consent.ok_or(TokenFault::Unauthenticated)?;
        if matches!(consent.at(now), Standing::Authorised(_)) {
            Ok(Box::new(consent))
        } else {
            Err(TokenFault::Unauthenticated.into())
        }
    }

    /// The verified token of a call, bound to the certificate of its connection (S10, S32). What it opens is the
    /// caller's to decide.
    ///
    /// # Errors
    /// `Unauthenticated`, whatever is wrong.
    pub async fn token(&self, request: &Request, now: Moment) -> Result<Token, TokenFault> {
        let refused = TokenFault::Unauthenticated;
        let token = request.bearer().ok_or(refused)?;
        let certificate = request.certificate.as_deref().ok_or(refused)?;
        let certificate = ClientCertificate::from_pem(certificate).map_err(|_| refused)?;
        // Our own tokens, checked against our own clock: no difference is granted.
        let clock = claims::Clock { now: u64::try_from(now.seconds()).unwrap_or(0), skew: 0 };
        certificate.check(clock.now).map_err(|_| refused)?;
        let presented = Presented { token, certificate: &certificate, clock, now };
        let keys = self.keys.at(now).await;
        let claims = match self.verify(&presented, &keys) {
            Err(fault) if fault == UNKNOWN_KEY => {
                // Perhaps a key younger than our last look; most likely an invented one (T38).
                let newer = self.keys.look_again(now).await;
                if Arc::ptr_eq(&keys, &newer) { Err(fault) } else { self.verify(&presented, &newer) }
            }
            verified => verified,
        };
        let token = Token::read(claims.map_err(|_| refused)?).ok_or(refused)?;
        let same = certificate.organisation_id() == Some(token.client().organisation.as_str());
        if same { Ok(token) } else { Err(refused) }
    }

    /// By the newest set that knows the key.
    fn verify(&self, call: &Presented<'_>, keys: &PublishedKeys) -> Result<AccessToken, claims::TokenFault> {
        let thumbprint = call.certificate.thumbprint();
        for set in keys.sets(call.now) {
            match AccessToken::verify(call.token, set, &self.issuer, thumbprint, call.clock) {
                Err(fault) if fault == UNKNOWN_KEY => {}
                verified => return verified,
            }
        }
        Err(UNKNOWN_KEY)
    }
}

const UNKNOWN_KEY: claims::TokenFault = claims::TokenFault::Jws(JwsFault::UnknownKey);

/// What a call shows of itself.
struct Presented<'a> {
    token: &'a str,
    certificate: &'a ClientCertificate,
    clock: claims::Clock,
    now: Moment,
}

#[cfg(test)]
mod tests;
