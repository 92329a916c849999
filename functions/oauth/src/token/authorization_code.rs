//! `grant_type=authorization_code`: a code, once, for the client, redirect URI and verifier it was made for (S06).

use ponte_authorization::grant::{Code, Redemption, RefreshToken};
use ponte_fapi::pkce::CodeChallenge;
use ponte_fapi::secret;
use ponte_values::Moment;

use crate::client_authentication::AuthenticatedClient;
use crate::fault::{Fault, OAuthError};
use crate::form::Form;
use crate::id_token::{self, Audience, Delivery};
use crate::ports::Ports;
use crate::targets;

use super::response::{self, TokenResponse};

/// Access, refresh and ID token for an unused code.
///
/// # Errors
/// `invalid_grant` for a code that is unknown, another client's, expired, used or not authorised any more, and for another
/// `redirect_uri` or `code_verifier` than the code's.
pub(super) async fn issue(
    ports: &Ports,
    client: &AuthenticatedClient,
    form: &Form,
    now: Moment,
) -> Result<TokenResponse, Fault> {
    let presented = form.require("code")?;
    let redirect_uri = form.require("redirect_uri")?;
    // RFC 7636 section 4.6: a verifier that is not there does not match either.
    let verifier = form.get("code_verifier").unwrap_or_default();
    let code = ports.grants.code(&secret::hash(presented)).await?;
    let code = code.ok_or_else(|| OAuthError::invalid_grant("code unknown"))?;
    check(&code, client, redirect_uri, verifier)?;
    let refresh_token = ports.ids.secret();
    let stored = RefreshToken {
        hash: secret::hash(&refresh_token),
        client: client.registration.id.clone(),
        grant: code.grant.clone(),
        issued_at: now,
    };
    if let Some(why) = unusable(ports, &code, client, now).await? {
        // Only `redeem` detects a second use, which must revoke the refresh token of the first (RFC 6749 section 4.1.2),
        // also when the code is over. At a first use it stores the new token, so that is revoked at once.
        if ports.grants.redeem(&code, &stored).await? == Redemption::First {
            ports.grants.revoke(&stored.hash).await?;
        }
        return Err(OAuthError::invalid_grant(why).into());
    }

    // Everything is made before the code is spent: a failure here leaves the client its code.
    let scope = response::registered(ports, client, &code.grant.scope)?;
    let response = response::for_grant(ports, client, &code.grant, scope, now).await?;
    let audience = Audience { client: &client.registration.id, keys: &client.keys, nonce: &code.nonce };
    let delivery = Delivery::TokenResponse { access_token: &response.access_token };
    let id_token = id_token::issue(ports, &audience, &code.grant, delivery, now).await?;
    match ports.grants.redeem(&code, &stored).await? {
        Redemption::First => {
            // Stored in any case: a second use of the code is detected by it.
            let refresh_token = client.registration.may_use("refresh_token").then_some(refresh_token);
            Ok(TokenResponse { refresh_token, id_token: Some(id_token), ..response })
        }
        Redemption::Replayed => Err(OAuthError::invalid_grant("code was used before").into()),
    }
}

/// The reason why a code of the right client gives no tokens; `None` if it does.
async fn unusable(
    ports: &Ports,
    code: &Code,
    client: &AuthenticatedClient,
    now: Moment,
) -> Result<Option<&'static str>, Fault> {
    if now >= code.expires_at {
        return Ok(Some("code expired"));
    }
    let authorised = targets::is_authorised(ports, &code.grant, &client.registration.id, now).await?;
    Ok((!authorised).then_some("consent is not authorised"))
}

/// Checks that the request is the client's that the code was made for, with its redirect URI and its verifier (RFC 6749
/// section 4.1.3, RFC 7636 section 4.6). A failure does not spend the code.
fn check(
    code: &Code,
    client: &AuthenticatedClient,
    redirect_uri: &str,
    verifier: &str,
) -> Result<(), OAuthError> {
    if code.client != client.registration.id {
        return Err(OAuthError::invalid_grant("code unknown"));
    }
    if code.redirect_uri != redirect_uri {
        return Err(OAuthError::invalid_grant("redirect_uri is not the one the code was sent to"));
    }
    let answered =
        CodeChallenge::parse(&code.code_challenge).is_some_and(|challenge| challenge.matches(verifier));
    if answered { Ok(()) } else { Err(OAuthError::invalid_grant("code_verifier does not match")) }
}
