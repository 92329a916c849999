//! The guard: token, certificate binding, scope and target of a call to a catalog row, in one pass.
//!
//! No authorizer in front does this: its refusals could not carry the Open Finance body, and its cache would serve
//! a revoked consent.

use std::sync::Arc;

use ponte_catalog::CustomerAccess;
use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::claims::{self, AccessToken};
use ponte_fapi::jws::JwsFault;
use ponte_ports::PortError;
use ponte_ports::authority::{Authority, ProofRequest};
use ponte_refusals::Refusal;
use ponte_values::Moment;

use crate::access_token::{AccessTokenFault, Token};
use crate::caller::Client;
use crate::certificates_read::CertificatesRead;
use crate::request::Request;
use crate::revocations::Revocations;
use crate::token_blocks::TokenBlocks;
use crate::token_keys::{PublishedKeys, TokenKeys};

/// Verifies callers against the authorization server's public keys.
pub struct Guard {
    issuer: String,
    keys: TokenKeys,
    blocks: TokenBlocks,
    revocations: Revocations,
    certificates: CertificatesRead,
}

impl Guard {
    /// A guard for tokens of `issuer` signed with one of `keys`, but for those that `blocks` shuts out.
    #[must_use]
    pub fn new(issuer: String, keys: impl Into<TokenKeys>, blocks: impl Into<TokenBlocks>) -> Self {
        let (revocations, certificates) = (Revocations::default(), CertificatesRead::default());
        Self { issuer, keys: keys.into(), blocks: blocks.into(), revocations, certificates }
    }

    /// The same, which also refuses certificates that their authorities have revoked (T41).
    #[must_use]
    pub fn looking_up(self, revocations: Revocations) -> Self {
        Self { revocations, ..self }
    }

    /// The client behind a call in its own name, whose token has `scope`.
    ///
    /// # Errors
    /// The refusal to answer with.
    pub async fn client(&self, scope: &str, request: &Request, now: Moment) -> Result<Client, Refusal> {
        let token = self.current_token(request, now).await?;
        Ok(token.of_client(scope, AccessTokenFault::Scope)?)
    }

    /// The client behind a call for a customer, and the proof that what the customer authorised is in force: the
    /// authority reads it once, so a revocation counts from the next call on.
    ///
    /// # Errors
    /// The refusal to answer with, or that a port failed.
    pub async fn customer<A: Authority>(
        &self,
        access: &CustomerAccess,
        authority: &A,
        request: &Request,
        now: Moment,
    ) -> Result<(Client, A::Proof), Refusal> {
        let token = self.current_token(request, now).await?;
        let proof = self.proof(access, authority, &token, request, now).await?;
        Ok((token.into_client(), proof))
    }

    /// The proof that what the customer of a verified token authorised is in force.
    pub(crate) async fn proof<A: Authority>(
        &self,
        access: &CustomerAccess,
        authority: &A,
        token: &Token,
        request: &Request,
        now: Moment,
    ) -> Result<A::Proof, Refusal> {
        if authority.kind() != access.target {
            return Err(
                PortError::new("guard", "the authority is over another kind than the row's target").into()
            );
        }
        let target = token.target(access.target).filter(|_| token.scope().contains(access.scope));
        let target = target.ok_or(AccessTokenFault::Scope)?;
        let claim = ProofRequest { client: &token.client().id, target, permission: access.permission, now };
        let proof = authority.prove(claim).await?;
        if access.path_id.is_some_and(|name| target.as_str() != request.id(name)) {
            return Err(AccessTokenFault::Scope.into());
        }
        Ok(proof)
    }

    /// The verified token of a call whose certificate is not revoked. The token comes first: it says that a client of ours
    /// calls, and nobody else makes us ask an authority.
    pub(crate) async fn current_token(&self, request: &Request, now: Moment) -> Result<Token, Refusal> {
        let token = self.token(request, now).await?;
        // A token is bound to the certificate of its connection, so this is its thumbprint.
        let pem = request.certificate.as_deref().unwrap_or_default();
        self.revocations.check(pem, token.thumbprint(), now).await?;
        Ok(token)
    }

    /// The verified token of a call, bound to the certificate of its connection (S10, S32), of a client and a grant that
    /// are not shut out (T60). Scope and target are left to the caller of this function.
    ///
    /// # Errors
    /// `Unauthenticated` for every fault of the token and its certificate, so that a caller learns nothing from it.
    pub async fn token(&self, request: &Request, now: Moment) -> Result<Token, AccessTokenFault> {
        let refused = AccessTokenFault::Unauthenticated;
        let token = request.bearer().ok_or(AccessTokenFault::Missing)?;
        let certificate = request.certificate.as_deref().ok_or(refused)?;
        let certificate = self.certificates.read(certificate).map_err(|_| refused)?;
        // The end of our own tokens is exact; how far ahead they may have been signed is their own rule (T12).
        let clock = claims::VerificationTime { now: u64::try_from(now.seconds()).unwrap_or(0), skew: 0 };
        certificate.check(clock.now).map_err(|_| refused)?;
        let presented = PresentedToken { token, certificate: &certificate, clock, now };
        let keys = self.keys.at(now).await;
        let claims = match self.verify(&presented, &keys) {
            Err(fault) if fault == UNKNOWN_KEY => {
                // Perhaps a key younger than our last look; most likely an invented one (T38).
                let newer = self.keys.refresh(now).await;
                if Arc::ptr_eq(&keys, &newer) { Err(fault) } else { self.verify(&presented, &newer) }
            }
            verified => verified,
        };
        let token = Token::read(claims.map_err(|_| refused)?).ok_or(refused)?;
        let same = certificate.organisation_id() == Some(token.client().organisation.as_str());
        if !same || self.blocks.hold(&token.client().id, token.scope(), now).await? {
            return Err(refused);
        }
        Ok(token)
    }

    /// Verifies the token with the newest set that knows its key.
    fn verify(
        &self,
        call: &PresentedToken<'_>,
        keys: &PublishedKeys,
    ) -> Result<AccessToken, claims::TokenFault> {
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

/// A token with the certificate it came over.
struct PresentedToken<'a> {
    token: &'a str,
    certificate: &'a ClientCertificate,
    clock: claims::VerificationTime,
    now: Moment,
}

#[cfg(test)]
mod tests;
