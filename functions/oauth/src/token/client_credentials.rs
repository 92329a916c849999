//! `grant_type=client_credentials`: a client in its own name, to create and read consents (C01).

use ponte_fapi::scope::Scope;
use ponte_values::Moment;

use crate::client_authentication::AuthenticatedClient;
use crate::fault::{Fault, OAuthError};
use crate::form::Form;
use crate::ports::Ports;

use super::response::{self, TokenResponse};

pub(super) async fn issue(
    ports: &Ports,
    client: &AuthenticatedClient,
    form: &Form,
    now: Moment,
) -> Result<TokenResponse, Fault> {
    let wished = form.get("scope").ok_or_else(|| OAuthError::invalid_scope("scope is missing"))?;
    let scope = Scope::parse(wished).map_err(|fault| OAuthError::invalid_scope(fault.to_string()))?;
    let known = ports.server.scopes();
    let allowed = |scope: &str| known.of_client(scope) && client.registration.may_ask_for(scope);
    if !scope.iter().all(allowed) {
        return Err(OAuthError::invalid_scope("scope not available to this client in its own name").into());
    }
    response::for_client(ports, client, scope.to_string(), now).await
}
