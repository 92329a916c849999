//! `POST /auth/par`: a client pushes the authorization request it will send a customer with (S03, S04, RFC 9126).

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::Arc;

use ponte_authorization::grant::PushedRequest;
use ponte_authorization::interaction::Assurance;
use ponte_authorization::target::Target;
use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_fapi::claims::{Acr, AuthorizationRequest, ClaimFault, RequestObject};
use ponte_fapi::jwe::JweFault;
use ponte_fapi::jws::{CompactJws, JwsFault, Policy};
use ponte_fapi::scope::Scope;
use ponte_values::Moment;
use serde::Serialize;

use crate::client_authentication::{AuthenticatedClient, ClientRequest, for_client};
use crate::fault::{ErrorCode, Fault, OAuthError};
use crate::form::Form;
use crate::id_token::no_encryption_key;
use crate::ports::Ports;
use crate::targets;
use crate::time::{client_clock, seconds};

/// The response type of every request here (S06).
pub(crate) const RESPONSE_TYPE: &str = "code id_token";

/// Beginning of every `request_uri` (RFC 9126 section 2.2).
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// Checks a signed request and remembers it under a fresh `request_uri`.
///
/// # Errors
/// When a port fails; what the client did wrong is an answer.
pub(crate) async fn par(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    for_client(&ports, &ClientRequest::of(&call), push).await
}

/// The body of RFC 9126 section 2.2.
#[derive(Serialize)]
struct Pushed<'a> {
    request_uri: &'a str,
    expires_in: u64,
}

pub(crate) async fn push(
    ports: &Ports,
    client: &AuthenticatedClient,
    form: &Form,
    now: Moment,
) -> Result<Answer, Fault> {
    if form.get("request_uri").is_some() {
        return Err(OAuthError::invalid_request("request_uri cannot be pushed").into());
    }
    let request = request_object(ports, client, form.require("request")?, now).await?;
    if !client.registration.may_request(RESPONSE_TYPE) {
        return Err(OAuthError::unauthorized_client("response_type not registered for this client").into());
    }
    let (target, linked) =
        targets::named_by(&request.scope).map_err(|fault| OAuthError::invalid_scope(fault.to_string()))?;
    let scope = granted_scope(ports, client, &request)?;
    if !client.registration.may_redirect_to(&request.redirect_uri) || request.redirect_uri.contains('#') {
        return Err(OAuthError::invalid_request("redirect_uri is not registered for this client").into());
    }
    let assurance = promised_assurance(ports, request.acr)?;
    for target in [&target].into_iter().chain(&linked) {
        check_target(ports, client, target, now).await?;
    }
    let life = ports.server.policy().request_uri_life();
    let pushed = PushedRequest {
        request_uri: format!("{PREFIX}{}", ports.ids.secret()),
        client: client.registration.id.clone(),
        target,
        linked,
        assurance,
        redirect_uri: request.redirect_uri,
        scope: scope.to_string(),
        state: request.state,
        nonce: request.nonce,
        code_challenge: request.challenge.to_text(),
        expires_at: now.plus(life),
    };
    ports.grants.push(&pushed).await?;
    let body = Pushed { request_uri: &pushed.request_uri, expires_in: seconds(life) };
    let body = serde_json::to_string(&body).map_err(Fault::of_our_keys)?;
    Ok(Answer::json(201, body))
}

/// The request object, signed by a key of this client and no other (S04). What stands beside it in the body does
/// not count (RFC 9126 section 3).
async fn request_object(
    ports: &Ports,
    client: &AuthenticatedClient,
    request: &str,
    now: Moment,
) -> Result<AuthorizationRequest, Fault> {
    let request = decrypted(ports, request, now).await?;
    let token = CompactJws::parse(&request, &Policy::REQUEST_OBJECT).map_err(not_accepted)?;
    let uri = &client.registration.jwks_uri;
    let keys = ports.client_keys.at(uri, Some(token.kid()), now).await?;
    let key = keys.signature_key(token.kid()).ok_or_else(|| not_accepted(JwsFault::UnknownKey))?;
    let claims: RequestObject = token.verify(key).map_err(not_accepted)?;
    let id = client.registration.id.as_str();
    let request = claims.check(id, ports.server.issuer(), client_clock(now)).map_err(claim_error)?;
    // Better now than after the customer decided.
    keys.encryption_key().ok_or_else(no_encryption_key)?;
    Ok(request)
}

/// The signed token inside an encrypted one, by the key it names: the one in use or the one before. A token of any
/// other number of parts than five is not encrypted (RFC 7516 section 9).
async fn decrypted<'a>(ports: &Ports, request: &'a str, now: Moment) -> Result<Cow<'a, str>, OAuthError> {
    if request.bytes().filter(|byte| *byte == b'.').count() != 4 {
        return Ok(Cow::Borrowed(request));
    }
    let keys = ports.keyring.at(now).await;
    let mut refused = JweFault::KeyId;
    for key in keys.decryption() {
        match key.decrypt_jwt(request) {
            Ok(signed) => return Ok(Cow::Owned(signed)),
            Err(JweFault::KeyId) => {}
            Err(fault) => refused = fault,
        }
    }
    Err(not_accepted(refused))
}

/// The target is this client's and still waits for its customer (C05, C09).
async fn check_target(
    ports: &Ports,
    client: &AuthenticatedClient,
    target: &Target,
    now: Moment,
) -> Result<(), Fault> {
    let state = ports.targets.find(target, now).await?;
    match state.filter(|state| state.client == client.registration.id) {
        Some(state) if state.awaits(&client.registration.id) => Ok(()),
        Some(_) => Err(OAuthError::invalid_request("consent does not await authorisation").into()),
        None => Err(OAuthError::invalid_scope("consent unknown").into()),
    }
}

/// The level of authentication that is asked for, if the channel can do it (S15).
fn promised_assurance(ports: &Ports, acr: Acr) -> Result<Assurance, OAuthError> {
    let assurance = match acr {
        Acr::Loa2 => Assurance::Loa2,
        Acr::Loa3 => Assurance::Loa3,
    };
    if assurance > ports.server.assurance() {
        return Err(OAuthError::invalid_request("acr: no value asked for can be promised"));
    }
    Ok(assurance)
}

/// The scopes a customer will be asked for: those that the client registered, and nothing is refused for being too wide
/// (S19). Of what it asks for, something must be left.
fn granted_scope(
    ports: &Ports,
    client: &AuthenticatedClient,
    request: &AuthorizationRequest,
) -> Result<Scope, OAuthError> {
    let none_left = || OAuthError::invalid_scope("no scope left that this client may have");
    ports.server.scopes().left_for(&client.registration, &request.scope).ok_or_else(none_left)
}

fn not_accepted(fault: impl Display) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidRequestObject, format!("request: {fault}"))
}

/// The code for each claim that does not hold (RFC 6749 section 4.1.2.1, RFC 7636 section 4.4.1, RFC 9101 section 6.3,
/// OpenID Connect Core section 3.1.2.6).
fn claim_error(fault: ClaimFault) -> OAuthError {
    let code = match fault {
        ClaimFault::Unsupported("response_type") => ErrorCode::UnsupportedResponseType,
        ClaimFault::Unsupported("prompt") => ErrorCode::InteractionRequired,
        ClaimFault::Unsupported("request" | "request_uri") => ErrorCode::InvalidRequestObject,
        ClaimFault::Scope(_) => ErrorCode::InvalidScope,
        ClaimFault::Unsupported(_)
        | ClaimFault::Missing(
            "code_challenge" | "code_challenge_method" | "nonce" | "redirect_uri" | "response_type" | "scope",
        )
        | ClaimFault::Malformed("code_challenge" | "nonce" | "redirect_uri" | "state") => {
            ErrorCode::InvalidRequest
        }
        _ => ErrorCode::InvalidRequestObject,
    };
    OAuthError::new(code, format!("request: {fault}"))
}

#[cfg(test)]
mod tests;
