//! `grant_type=refresh_token`: the token stays the same, and follows its consent (S11 to S13, S19).

use ponte_fapi::scope::{DynamicScope, Scope};
use ponte_fapi::secret;
use ponte_values::Moment;

use crate::client_authentication::AuthenticatedClient;
use crate::fault::{Fault, OAuthError};
use crate::form::Form;
use crate::ports::Ports;
use crate::targets;

use super::response::{self, TokenResponse};

pub(super) async fn issue(
    ports: &Ports,
    client: &AuthenticatedClient,
    form: &Form,
    now: Moment,
) -> Result<TokenResponse, Fault> {
    let presented = form.require("refresh_token")?;
    let stored = ports.grants.refresh_token(&secret::hash(presented)).await?;
    let of_client = stored.filter(|stored| stored.client == client.registration.id);
    let stored = of_client.ok_or_else(|| OAuthError::invalid_grant("refresh_token unknown or revoked"))?;
    let scope = match form.get("scope") {
        None => stored.grant.scope.clone(),
        Some(wished) => narrowed(&stored.grant.scope, wished)?,
    };
    let scope = response::registered(ports, client, &scope)?;
    if !targets::is_in_force(ports, &stored.grant, &client.registration.id, now).await? {
        return Err(OAuthError::invalid_grant("consent is not authorised").into());
    }
    let response = response::for_grant(ports, client, &stored.grant, scope, now).await?;
    Ok(TokenResponse { refresh_token: Some(presented.to_owned()), ..response })
}

/// A part of what was granted, for this access token only: the grant itself does not shrink (S19). The consent stays
/// named, because the token is tied to it. Wider wishes are narrowed as they were when the customer decided: a client
/// repeats here what it asked for then. Another consent than the one granted is no wish, it is a mistake.
fn narrowed(granted: &str, wished: &str) -> Result<String, OAuthError> {
    let malformed = |_| OAuthError::invalid_scope("scope is not well formed");
    let granted = Scope::parse(granted).map_err(malformed)?;
    let wished = Scope::parse(wished).map_err(malformed)?;
    let ours = |scope: &DynamicScope| granted.dynamic().contains(scope);
    if !wished.dynamic().iter().all(ours) || !wished.iter().any(|scope| granted.contains(scope)) {
        return Err(OAuthError::invalid_scope("scope exceeds what was granted"));
    }
    let kept = granted.narrowed(|scope| wished.contains(scope));
    kept.map(|kept| kept.to_string()).ok_or_else(|| OAuthError::invalid_scope("scope is empty"))
}
