//! `POST /auth/introspect`: the state of a token at this moment, for the client it was issued to (RFC 7662).
//!
//! A token of somebody else, an invented one and one whose consent ended are all the same here: not active.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_fapi::claims::{AccessToken, ConfirmationClaim, NumericDate};
use ponte_fapi::scope::Scope;
use ponte_fapi::secret;
use ponte_values::Moment;
use serde::Serialize;

use crate::access_token::{self, is_access_token};
use crate::client_authentication::{AuthenticatedClient, ClientRequest, for_client};
use crate::fault::Fault;
use crate::form::Form;
use crate::ports::Ports;
use crate::targets;
use crate::time::date;

/// The whole answer about a token that is not active.
const INACTIVE: &str = r#"{"active":false}"#;

/// Describes a token.
///
/// # Errors
/// When a port fails; what the client did wrong is an answer.
pub(crate) async fn introspect(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    for_client(&ports, &ClientRequest::of(&call), describe).await
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

pub(crate) async fn describe(
    ports: &Ports,
    client: &AuthenticatedClient,
    form: &Form,
    now: Moment,
) -> Result<Answer, Fault> {
    let token = form.require("token")?;
    let described = if is_access_token(token) {
        active_access_token(ports, client, token, now).await?.map(Description::of_access_token)
    } else {
        active_refresh_token(ports, client, token, now).await?
    };
    let body = match described {
        Some(described) => serde_json::to_string(&described).map_err(Fault::of_our_keys)?,
        None => INACTIVE.to_owned(),
    };
    Ok(Answer::json(200, body))
}

/// The claims of an access token that this client could still use.
async fn active_access_token(
    ports: &Ports,
    client: &AuthenticatedClient,
    token: &str,
    now: Moment,
) -> Result<Option<AccessToken>, Fault> {
    let Some(claims) = access_token::read_for(ports, client, token, now).await else { return Ok(None) };
    let Ok(scope) = Scope::parse(&claims.scope) else { return Ok(None) };
    if ports.blocks.hold(&client.registration.id, &scope, now).await? {
        return Ok(None);
    }
    let stands = match targets::of(&scope) {
        Some((target, linked)) => {
            let id = &client.registration.id;
            targets::opens(ports, (&target, linked.as_ref()), &claims.sub, id, now).await?
        }
        None => true,
    };
    Ok(stands.then_some(claims))
}

async fn active_refresh_token(
    ports: &Ports,
    client: &AuthenticatedClient,
    token: &str,
    now: Moment,
) -> Result<Option<Description>, Fault> {
    let id = &client.registration.id;
    let stored = ports.grants.refresh_token(&secret::hash(token)).await?;
    let Some(stored) = stored.filter(|stored| stored.client == *id) else { return Ok(None) };
    if !targets::is_in_force(ports, &stored.grant, id, now).await? {
        return Ok(None);
    }
    Ok(Some(Description {
        active: true,
        scope: stored.grant.scope,
        client_id: stored.client.to_string(),
        sub: stored.grant.subject,
        iss: ports.server.issuer().to_owned(),
        iat: date(stored.issued_at),
        token_type: None,
        exp: None,
        aud: None,
        jti: None,
        cnf: None,
    }))
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

#[cfg(test)]
mod tests;
