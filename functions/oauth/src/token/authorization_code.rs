//! `grant_type=authorization_code`: a code, once, for the client, redirect URI and verifier it was made for (S06).

use ponte_domain::grant::{Code, Redemption, RefreshToken};
use ponte_fapi::pkce::Challenge;
use ponte_fapi::secret;
use ponte_values::Moment;

use crate::AuthorizationServer;
use crate::client_authentication::AuthenticatedClient;
use crate::fault::{Fault, OAuthError};
use crate::form::Form;
use crate::id_token::{Audience, Beside};

use super::Issued;

impl AuthorizationServer {
    pub(super) async fn by_code(
        &self,
        client: &AuthenticatedClient,
        form: &Form,
        now: Moment,
    ) -> Result<Issued, Fault> {
        let presented = form.require("code")?;
        let redirect_uri = form.require("redirect_uri")?;
        let verifier = form.require("code_verifier")?;
        let code = self.ports.grants.code(&secret::hash(presented)).await?;
        let code = code.ok_or_else(|| OAuthError::invalid_grant("code unknown"))?;
        check(&code, client, redirect_uri, verifier)?;
        let refresh_token = self.ports.ids.secret();
        let stored = RefreshToken {
            hash: secret::hash(&refresh_token),
            client: client.registration.id.clone(),
            grant: code.grant.clone(),
            issued_at: now,
        };
        if now >= code.expires_at {
            // Late may mean twice: spending the code takes back what it got, and gives nothing to anyone.
            self.ports.grants.redeem(&code, &stored).await?;
            return Err(OAuthError::invalid_grant("code expired").into());
        }
        if !self.is_in_force(&code.grant, &client.registration.id, now).await? {
            return Err(OAuthError::invalid_grant("consent is not authorised").into());
        }

        // Everything is made before the code is spent: a failure here leaves the client its code.
        let scope = code.grant.scope.as_str();
        let access_token = self.access_token(client, &code.grant, scope, now)?;
        let audience = Audience { client: &client.registration.id, keys: &client.keys, nonce: &code.nonce };
        let id_token = self.id_token(&audience, &code.grant, Beside::AccessToken(&access_token), now)?;
        match self.ports.grants.redeem(&code, &stored).await? {
            Redemption::First => Ok(Issued {
                refresh_token: Some(refresh_token),
                id_token: Some(id_token),
                ..Issued::access(access_token, scope.to_owned())
            }),
            Redemption::Replayed => Err(OAuthError::invalid_grant("code was used before").into()),
        }
    }
}

/// What ties a code to the request it came from (RFC 6749 section 4.1.3, RFC 7636 section 4.6).
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
        Challenge::parse(&code.code_challenge).is_some_and(|challenge| challenge.answers(verifier));
    if answered { Ok(()) } else { Err(OAuthError::invalid_grant("code_verifier does not match")) }
}
