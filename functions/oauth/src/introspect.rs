//! `POST /auth/introspect`: what a token is worth at this moment, for the client it was issued to (RFC 7662).
//!
//! A token of somebody else, an invented one and one whose consent ended are all the same here: not active.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_fapi::claims::{AccessToken, ConfirmationClaim, NumericDate};
use ponte_fapi::scope::Scope;
use ponte_fapi::secret;
use ponte_values::Moment;
use serde::Serialize;

use crate::AuthorizationServer;
use crate::client_authentication::{AuthenticatedClient, Presented};
use crate::fault::Fault;
use crate::form::Form;
use crate::server::{date, own_clock};
use crate::targets;

/// All that is said of a token that is not active.
const INACTIVE: &str = r#"{"active":false}"#;

/// Describes a token.
///
/// # Errors
/// When a port fails; what the client did wrong is an answer.
pub(crate) async fn introspect(server: Arc<AuthorizationServer>, call: OpenCall) -> Result<Answer, Refusal> {
    let presented = Presented::by(&call.request, call.now);
    server.describe(&presented).await.or_else(Fault::into_outcome)
}

/// The members of RFC 7662 section 2.2 and RFC 8705 section 3.2. A refresh token has neither an end nor a certificate.
#[derive(Serialize)]
struct Description {
    active: bool,
    scope: String,
    client_id: String,
    sub: String,
    iss: String,
    iat: NumericDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<NumericDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cnf: Option<ConfirmationClaim>,
}

impl AuthorizationServer {
    pub(crate) async fn describe(&self, presented: &Presented<'_>) -> Result<Answer, Fault> {
        let form = Form::parse(presented.body)?;
        let client = self.authenticate(presented, &form).await?;
        let answer = self.describe_for(&client, &form, presented.now).await.or_else(Fault::into_outcome)?;
        Ok(answer.for_client(client.registration.organisation))
    }

    async fn describe_for(
        &self,
        client: &AuthenticatedClient,
        form: &Form,
        now: Moment,
    ) -> Result<Answer, Fault> {
        let token = form.require("token")?;
        let described = if is_access_token(token) {
            self.access_token_of(client, token, now).await?.map(Description::of_access_token)
        } else {
            self.active_refresh_token(client, token, now).await?
        };
        let body = match described {
            Some(described) => serde_json::to_string(&described).map_err(Fault::of_our_keys)?,
            None => INACTIVE.to_owned(),
        };
        Ok(Answer::json(200, body))
    }

    /// The claims of an access token that this client could still use.
    async fn access_token_of(
        &self,
        client: &AuthenticatedClient,
        token: &str,
        now: Moment,
    ) -> Result<Option<AccessToken>, Fault> {
        let Some(claims) = self.own_access_token(client, token, now).await else { return Ok(None) };
        let Ok(scope) = Scope::parse(&claims.scope) else { return Ok(None) };
        let stands = match targets::of(&scope) {
            Some((target, linked)) => {
                let id = &client.registration.id;
                self.one_stands((&target, linked.as_ref()), &claims.sub, id, now).await?
            }
            None => true,
        };
        Ok(stands.then_some(claims))
    }

    /// The claims of an access token that was issued to this client and has not expired. The certificate it is bound to
    /// may be another one of the same client: nothing is opened here.
    pub(crate) async fn own_access_token(
        &self,
        client: &AuthenticatedClient,
        token: &str,
        now: Moment,
    ) -> Option<AccessToken> {
        let claims = self.claims_of_ours(token, now).await?;
        (claims.client_id == client.registration.id.as_str()).then_some(claims)
    }

    /// The claims of an access token that this server signed and that has not expired.
    pub(crate) async fn claims_of_ours(&self, token: &str, now: Moment) -> Option<AccessToken> {
        let keys = self.keyring.at(now).await;
        AccessToken::read(token, keys.published(), self.server.issuer(), own_clock(now)).ok()
    }

    async fn active_refresh_token(
        &self,
        client: &AuthenticatedClient,
        token: &str,
        now: Moment,
    ) -> Result<Option<Description>, Fault> {
        let id = &client.registration.id;
        let stored = self.ports.grants.refresh_token(&secret::hash(token)).await?;
        let Some(stored) = stored.filter(|stored| stored.client == *id) else { return Ok(None) };
        if !self.is_in_force(&stored.grant, id, now).await? {
            return Ok(None);
        }
        Ok(Some(Description {
            active: true,
            scope: stored.grant.scope,
            client_id: stored.client.to_string(),
            sub: stored.grant.subject,
            iss: self.server.issuer().to_owned(),
            iat: date(stored.issued_at),
            token_type: None,
            exp: None,
            aud: None,
            jti: None,
            cnf: None,
        }))
    }
}

impl Description {
    fn of_access_token(claims: AccessToken) -> Self {
        Self {
            active: true,
            scope: claims.scope,
            client_id: claims.client_id,
            sub: claims.sub,
            iss: claims.iss,
            iat: claims.iat,
            token_type: Some("Bearer"),
            exp: Some(claims.exp),
            aud: Some(claims.aud),
            jti: Some(claims.jti),
            cnf: Some(claims.cnf),
        }
    }
}

/// Access tokens are JWTs; a refresh token is one word. So the hint of the client is not needed (RFC 7662 section 2.1).
pub(crate) fn is_access_token(token: &str) -> bool {
    token.contains('.')
}

#[cfg(test)]
mod tests;
