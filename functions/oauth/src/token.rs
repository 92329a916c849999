//! `POST /auth/token`: access tokens for codes, refresh tokens and clients in their own name (S02, S09 to S13).
//!
//! **One more grant type:** a file here with a method that returns an [`Issued`], and an arm in `issue_for`.

mod authorization_code;
mod client_credentials;
mod refresh_token;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use ponte_authorization::grant::Grant;
use ponte_authorization::target::Target;
use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_values::Moment;
use ponte_values::TargetKind;
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
pub(crate) async fn token(server: Arc<AuthorizationServer>, call: OpenCall) -> Result<Answer, Refusal> {
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
    fn access(access_token: String, scope: String, life: Duration) -> Self {
        let expires_in = seconds(life);
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
            "client_credentials" => self.in_own_name(client, form, now).await,
            _ => Err(OAuthError::new(ErrorCode::UnsupportedGrantType, "grant_type not supported").into()),
        }
    }

    /// What the customer's tokens say and the answer repeats, for some or all scopes of a grant.
    async fn issued(
        &self,
        client: &AuthenticatedClient,
        grant: &Grant,
        scope: String,
        now: Moment,
    ) -> Result<Issued, Fault> {
        let data = |target: &&Target| target.kind == TargetKind::Consent;
        let consent = [&grant.target].into_iter().chain(&grant.linked).find(data).map(|target| &target.id);
        let access = Access { subject: &grant.subject, scope: scope.clone(), consent };
        let token = self.access_token(client, access, now).await?;
        Ok(Issued::access(token, scope, self.server.policy().access_token_life()))
    }

    /// An access token bound to the certificate of the connection.
    async fn access_token(
        &self,
        client: &AuthenticatedClient,
        access: Access<'_>,
        now: Moment,
    ) -> Result<String, Fault> {
        let jti = self.ports.ids.uuid();
        let keys = self.keyring.at(now).await;
        let token = self.server.access_token(keys.signer(), &client.holder(), access, jti, now);
        token.map_err(Fault::of_our_keys)
    }
}
