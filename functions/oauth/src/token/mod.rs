//! `POST /auth/token`: access tokens for codes, refresh tokens and clients in their own name (S02, S09 to S13).
//!
//! **One more grant type:** a file here with a method that returns an [`Issued`], and an arm in `issue_for`.

mod authorization_code;
mod client_credentials;
mod refresh_token;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use ponte_domain::consent::Standing;
use ponte_domain::grant::{ACCESS_TOKEN_LIFE, Grant};
use ponte_domain::ports::PortError;
use ponte_edge::{Admitted, Answer, Refusal};
use ponte_values::{ClientId, Moment};
use serde::Serialize;

use crate::AuthorizationServer;
use crate::client_authentication::{AuthenticatedClient, Presented};
use crate::fault::{ErrorCode, Fault, OAuthError};
use crate::form::Form;
use crate::server::{Access, seconds};

/// Issues tokens.
///
/// # Errors
/// When a port fails; what the client did wrong is an answer.
pub(crate) async fn token(server: Arc<AuthorizationServer>, call: Admitted) -> Result<Answer, Refusal> {
    let presented = Presented::by(&call.request, call.now);
    server.issue(&presented).await.or_else(Fault::into_outcome)
}

/// The body of RFC 6749 section 5.1 and OpenID Connect Core section 3.1.3.3.
#[derive(Serialize)]
struct Issued {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

impl Issued {
    fn access(access_token: String, scope: String) -> Self {
        let expires_in = seconds(ACCESS_TOKEN_LIFE);
        Self { access_token, token_type: "Bearer", expires_in, scope, refresh_token: None, id_token: None }
    }
}

impl AuthorizationServer {
    pub(crate) async fn issue(&self, presented: &Presented<'_>) -> Result<Answer, Fault> {
        let form = Form::parse(presented.body)?;
        let client = self.authenticate(presented, &form).await?;
        let organisation = client.registration.organisation.clone();
        let answer = match self.issue_for(&client, &form, presented.now).await {
            Ok(issued) => Answer::json(200, serde_json::to_string(&issued).map_err(Fault::of_our_keys)?),
            Err(Fault::Protocol(error)) => error.into_answer(),
            Err(refused) => return Err(refused),
        };
        Ok(answer.for_client(organisation))
    }

    async fn issue_for(
        &self,
        client: &AuthenticatedClient,
        form: &Form,
        now: Moment,
    ) -> Result<Issued, Fault> {
        match form.require("grant_type")? {
            "authorization_code" => self.by_code(client, form, now).await,
            "refresh_token" => self.by_refresh_token(client, form, now).await,
            "client_credentials" => self.in_own_name(client, form, now),
            _ => Err(OAuthError::new(ErrorCode::UnsupportedGrantType, "grant_type not supported").into()),
        }
    }

    /// Tokens follow a consent only while it is AUTHORISED by the same customer for the same client (S12, S21).
    async fn is_in_force(&self, grant: &Grant, client: &ClientId, now: Moment) -> Result<bool, PortError> {
        let consent = self.ports.consents.find(&grant.consent).await?;
        Ok(consent.is_some_and(|consent| {
            consent.client == *client
                && matches!(consent.at(now), Standing::Authorised(yes) if yes.subject == grant.subject)
        }))
    }

    /// An access token under a grant, for some or all of its scopes.
    fn access_token(
        &self,
        client: &AuthenticatedClient,
        grant: &Grant,
        scope: &str,
        now: Moment,
    ) -> Result<String, Fault> {
        let access =
            Access { subject: &grant.subject, scope: scope.to_owned(), consent: Some(&grant.consent) };
        let jti = self.ports.ids.uuid();
        self.server.access_token(&client.holder(), access, jti, now).map_err(Fault::of_our_keys)
    }
}
