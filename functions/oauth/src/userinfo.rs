//! `GET` and `POST /auth/userinfo`: the pseudonym of the customer behind an access token, and nothing more (S08, S16).
//!
//! Of the claims a client may wish for in the `claims` parameter this endpoint has one, `sub`; the others are about
//! persons (S17) or about the login, which the id_token tells.

use std::sync::Arc;

use ponte_edge::{Answer, BlockListUnread, Call, OpenCall, Refusal, RevocationFault};
use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::claims::AccessToken;
use ponte_fapi::scope::Scope;
use ponte_values::{ClientId, Moment};
use serde::Serialize;

use crate::access_token;
use crate::fault::{Fault, not_verified};
use crate::ports::Ports;
use crate::targets;
use crate::time::own_clock;

/// Answers the claims.
///
/// # Errors
/// When a port fails; a token that does not open this is an answer.
pub(crate) async fn userinfo(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    answer_claims(&ports, &BearerRequest::of(&call)).await
}

/// A request with an access token, and the certificate of its connection. The header is the only place for a token.
pub(crate) struct BearerRequest<'a> {
    pub(crate) now: Moment,
    pub(crate) token: Option<&'a str>,
    pub(crate) certificate: Option<&'a str>,
}

impl<'a> BearerRequest<'a> {
    fn of(call: &'a Call) -> Self {
        let request = &call.request;
        Self { now: call.now, token: request.bearer(), certificate: request.certificate.as_deref() }
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    sub: &'a str,
}

/// Why a token does not open this endpoint (RFC 6750 section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BearerError {
    /// No token at all: the challenge says no more than that.
    Missing,
    /// Malformed, expired, over another certificate, without a target in its scope, or with none in force (S30, S32); of
    /// a client or a grant that is shut out (T60).
    Invalid,
    /// Without `openid`.
    Scope,
    /// Nobody can say whether the certificate is revoked (T41).
    NotVerified,
}

/// The claims about the customer of the token.
pub(crate) async fn answer_claims(ports: &Ports, request: &BearerRequest<'_>) -> Result<Answer, Refusal> {
    let (claims, client) = match verified_token(ports, request).await {
        Ok(known) => known,
        Err(error) => return Ok(error.answer()),
    };
    let Ok(scope) = Scope::parse(&claims.scope) else { return Ok(BearerError::Invalid.answer()) };
    match ports.blocks.hold(&client, &scope, request.now).await {
        Ok(false) => {}
        Ok(true) => return Ok(BearerError::Invalid.answer()),
        Err(BlockListUnread) => return Fault::from(BlockListUnread).into_outcome(),
    }
    if !scope.contains("openid") {
        return Ok(BearerError::Scope.answer());
    }
    let Some((target, linked)) = targets::of(&scope) else { return Ok(BearerError::Invalid.answer()) };
    if !targets::opens(ports, (&target, linked.as_ref()), &claims.sub, &client, request.now).await? {
        return Ok(BearerError::Invalid.answer());
    }
    // A string alone cannot fail to serialise.
    let body = serde_json::to_string(&Claims { sub: &claims.sub }).unwrap_or_default();
    Ok(Answer::json(200, body))
}

/// The claims of an access token of this server, if the certificate of the connection is the one in `cnf` and belongs to the
/// organisation in `org_id` (S10, S32).
async fn verified_token(
    ports: &Ports,
    request: &BearerRequest<'_>,
) -> Result<(AccessToken, ClientId), BearerError> {
    let invalid = BearerError::Invalid;
    let presented = request.token.ok_or(BearerError::Missing)?;
    let pem = request.certificate.ok_or(invalid)?;
    let certificate = ClientCertificate::from_pem(pem).map_err(|_| invalid)?;
    certificate.check(own_clock(request.now).now).map_err(|_| invalid)?;
    let claims = access_token::read(ports, presented, request.now).await.ok_or(invalid)?;
    let bound = claims.cnf.thumbprint.is(certificate.thumbprint());
    if !bound || certificate.organisation_id() != Some(claims.org_id.as_str()) {
        return Err(invalid);
    }
    ports.revocations.check(pem, certificate.thumbprint(), request.now).await?;
    let client = ClientId::parse(&claims.client_id).map_err(|_| invalid)?;
    Ok((claims, client))
}

impl From<RevocationFault> for BearerError {
    fn from(fault: RevocationFault) -> Self {
        match fault {
            RevocationFault::Revoked => Self::Invalid,
            RevocationFault::NotKnown => Self::NotVerified,
        }
    }
}

impl BearerError {
    fn answer(self) -> Answer {
        let (status, code, challenge) = match self {
            Self::Missing => (401, "invalid_token", "Bearer"),
            Self::Invalid => (401, "invalid_token", r#"Bearer error="invalid_token""#),
            Self::Scope => {
                (403, "insufficient_scope", r#"Bearer error="insufficient_scope", scope="openid""#)
            }
            Self::NotVerified => return not_verified(),
        };
        let answer = Answer::json(status, format!(r#"{{"error":"{code}"}}"#));
        answer.header("www-authenticate", challenge.to_owned())
    }
}

#[cfg(test)]
mod tests;
