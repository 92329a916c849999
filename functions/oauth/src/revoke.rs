//! `POST /auth/revoke`: a client gives a refresh token back (RFC 7009). Access tokens are not revoked one by one: they
//! end by themselves within fifteen minutes, and with their consent at once (S09, S30).

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_fapi::secret;
use ponte_values::Moment;

use crate::AuthorizationServer;
use crate::client_authentication::{AuthenticatedClient, Presented};
use crate::fault::{ErrorCode, Fault, OAuthError};
use crate::form::Form;
use crate::introspect::is_access_token;

/// Revokes a refresh token.
///
/// # Errors
/// When a port fails; what the client did wrong is an answer.
pub(crate) async fn revoke(server: Arc<AuthorizationServer>, call: OpenCall) -> Result<Answer, Refusal> {
    let presented = Presented::by(&call.request, call.now);
    server.take_back(&presented).await.or_else(Fault::into_outcome)
}

impl AuthorizationServer {
    pub(crate) async fn take_back(&self, presented: &Presented<'_>) -> Result<Answer, Fault> {
        let form = Form::parse(presented.body)?;
        let client = self.authenticate(presented, &form).await?;
        let answer = self.take_back_from(&client, &form, presented.now).await.or_else(Fault::into_outcome)?;
        Ok(answer.for_client(client.registration.organisation))
    }

    /// 200 also for a token that does not exist or is another client's: it is not this client's any more either way
    /// (RFC 7009 section 2.2).
    async fn take_back_from(
        &self,
        client: &AuthenticatedClient,
        form: &Form,
        now: Moment,
    ) -> Result<Answer, Fault> {
        let token = form.require("token")?;
        if is_access_token(token) {
            if self.own_access_token(client, token, now).await.is_some() {
                let code = ErrorCode::UnsupportedTokenType;
                return Err(
                    OAuthError::new(code, "access tokens end by themselves or with their consent").into()
                );
            }
        } else {
            let hash = secret::hash(token);
            let stored = self.ports.grants.refresh_token(&hash).await?;
            if stored.is_some_and(|stored| stored.client == client.registration.id) {
                self.ports.grants.revoke(&hash).await?;
            }
        }
        Ok(Answer::json(200, "{}".to_owned()))
    }
}

#[cfg(test)]
mod tests;
