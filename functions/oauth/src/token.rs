//! `POST /auth/token`: access tokens for codes, refresh tokens and clients in their own name (S02, S09 to S13).
//!
//! **One more grant type:** a file here with a function that returns a `TokenResponse`, and an arm in [`issue`].

mod authorization_code;
mod client_credentials;
mod refresh_token;
mod response;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_values::Moment;

use crate::client_authentication::{AuthenticatedClient, ClientRequest, for_client};
use crate::fault::{ErrorCode, Fault, OAuthError};
use crate::form::Form;
use crate::ports::Ports;

/// Issues tokens.
///
/// # Errors
/// When a port fails; what the client did wrong is an answer.
pub(crate) async fn token(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    for_client(&ports, &ClientRequest::of(&call), issue).await
}

/// Issues tokens by the grant type of the request.
pub(crate) async fn issue(
    ports: &Ports,
    client: &AuthenticatedClient,
    form: &Form,
    now: Moment,
) -> Result<Answer, Fault> {
    let grant_type = form.require("grant_type")?;
    let response = match grant_type {
        "authorization_code" | "refresh_token" | "client_credentials"
            if !client.registration.may_use(grant_type) =>
        {
            return Err(OAuthError::unauthorized_client("grant_type not registered for this client").into());
        }
        "authorization_code" => authorization_code::issue(ports, client, form, now).await?,
        "refresh_token" => refresh_token::issue(ports, client, form, now).await?,
        "client_credentials" => client_credentials::issue(ports, client, form, now).await?,
        _ => return Err(OAuthError::new(ErrorCode::UnsupportedGrantType, "grant_type not supported").into()),
    };
    Ok(Answer::json(200, serde_json::to_string(&response).map_err(Fault::of_our_keys)?))
}
