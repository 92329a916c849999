//! `GET` and `POST /auth/userinfo`: who the customer of an access token is, by pseudonym and nothing more (S08, S16).
//!
//! Of the claims a client may wish for in the `claims` parameter this endpoint has one, `sub`; the others are about
//! persons (S17) or about the login, which the id_token tells.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal, Request};
use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::claims::AccessToken;
use ponte_fapi::scope::Scope;
use ponte_values::{ClientId, Moment};
use serde::Serialize;

use crate::AuthorizationServer;
use crate::server::own_clock;
use crate::targets;

/// Answers the claims.
///
/// # Errors
/// When a port fails; a token that does not open this is an answer.
pub(crate) async fn userinfo(server: Arc<AuthorizationServer>, call: OpenCall) -> Result<Answer, Refusal> {
    server.claims_of(&Bearer::of(&call.request, call.now)).await
}

/// The token of a call and the certificate of its connection. The header is the only place for a token.
pub(crate) struct Bearer<'a> {
    pub(crate) now: Moment,
    pub(crate) token: Option<&'a str>,
    pub(crate) certificate: Option<&'a str>,
}

impl<'a> Bearer<'a> {
    fn of(request: &'a Request, now: Moment) -> Self {
        Self { now, token: request.bearer(), certificate: request.certificate.as_deref() }
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    sub: &'a str,
}

/// Why a token does not open this (RFC 6750 section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    /// No token at all: the challenge says no more than that.
    Missing,
    /// Malformed, expired, of another certificate, or of a consent that is not in force (S30, S32).
    Invalid,
    /// Without `openid`.
    Scope,
}

impl AuthorizationServer {
    pub(crate) async fn claims_of(&self, bearer: &Bearer<'_>) -> Result<Answer, Refusal> {
        let (claims, client) = match self.token_of(bearer).await {
            Ok(known) => known,
            Err(refused) => return Ok(refused.answer()),
        };
        let Ok(scope) = Scope::parse(&claims.scope) else { return Ok(Refused::Invalid.answer()) };
        if !scope.contains("openid") {
            return Ok(Refused::Scope.answer());
        }
        let Some((target, linked)) = targets::of(&scope) else { return Ok(Refused::Invalid.answer()) };
        if !self.one_stands((&target, linked.as_ref()), &claims.sub, &client, bearer.now).await? {
            return Ok(Refused::Invalid.answer());
        }
        // A string alone cannot fail to serialise.
        let body = serde_json::to_string(&Claims { sub: &claims.sub }).unwrap_or_default();
        Ok(Answer::json(200, body))
    }

    /// The claims of a token of ours over the certificate it is bound to, which is the client's (S10, S32).
    async fn token_of(&self, bearer: &Bearer<'_>) -> Result<(AccessToken, ClientId), Refused> {
        let invalid = Refused::Invalid;
        let token = bearer.token.ok_or(Refused::Missing)?;
        let certificate =
            ClientCertificate::from_pem(bearer.certificate.ok_or(invalid)?).map_err(|_| invalid)?;
        certificate.check(own_clock(bearer.now).now).map_err(|_| invalid)?;
        let claims = self.claims_of_ours(token, bearer.now).await.ok_or(invalid)?;
        let bound = claims.cnf.thumbprint.is(certificate.thumbprint());
        if !bound || certificate.organisation_id() != Some(claims.org_id.as_str()) {
            return Err(invalid);
        }
        let client = ClientId::parse(&claims.client_id).map_err(|_| invalid)?;
        Ok((claims, client))
    }
}

impl Refused {
    fn answer(self) -> Answer {
        let (status, code, challenge) = match self {
            Self::Missing => (401, "invalid_token", "Bearer"),
            Self::Invalid => (401, "invalid_token", r#"Bearer error="invalid_token""#),
            Self::Scope => {
                (403, "insufficient_scope", r#"Bearer error="insufficient_scope", scope="openid""#)
            }
        };
        Answer::json(status, format!(r#"{{"error":"{code}"}}"#))
            .header("www-authenticate", challenge.to_owned())
    }
}

#[cfg(test)]
mod tests;
