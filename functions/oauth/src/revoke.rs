//! `POST /auth/revoke`: a client gives a refresh token back (RFC 7009). Access tokens are not revoked one by one: they
//! end by themselves within fifteen minutes, and with their consent at once (S09, S30).

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_fapi::secret;
use ponte_values::Moment;

use crate::access_token::{self, is_access_token};
use crate::client_authentication::{AuthenticatedClient, ClientRequest, for_client};
use crate::fault::{ErrorCode, Fault, OAuthError};
use crate::form::Form;
use crate::ports::Ports;

/// Revokes a refresh token.
///
/// # Errors
/// When a port fails; what the client did wrong is an answer.
pub(crate) async fn revoke(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    for_client(&ports, &ClientRequest::of(&call), revoke_for).await
}

/// 200 also for a token that does not exist or is another client's: it is not this client's any more either way
/// (RFC 7009 section 2.2).
pub(crate) async fn revoke_for(
    ports: &Ports,
    client: &AuthenticatedClient,
    form: &Form,
    now: Moment,
) -> Result<Answer, Fault> {
    let token = form.require("token")?;
    if is_access_token(token) {
        if access_token::read_for(ports, client, token, now).await.is_some() {
            let code = ErrorCode::UnsupportedTokenType;
            return Err(OAuthError::new(code, "access tokens end by themselves or with their consent").into());
        }
    } else {
        let hash = secret::hash(token);
        let stored = ports.grants.refresh_token(&hash).await?;
        if stored.is_some_and(|stored| stored.client == client.registration.id) {
            ports.grants.revoke(&hash).await?;
        }
    }
    Ok(Answer::json(200, "{}".to_owned()))
}

#[cfg(test)]
mod tests;
