//! `grant_type=client_credentials`: a client in its own name, to create and read consents (C01).

use ponte_fapi::scope::Scope;
use ponte_values::Moment;

use crate::AuthorizationServer;
use crate::client_authentication::AuthenticatedClient;
use crate::fault::{Fault, OAuthError};
use crate::form::Form;
use crate::scopes;
use crate::server::Access;

use super::Issued;

impl AuthorizationServer {
    pub(super) async fn in_own_name(
        &self,
        client: &AuthenticatedClient,
        form: &Form,
        now: Moment,
    ) -> Result<Issued, Fault> {
        let wished = form.get("scope").ok_or_else(|| OAuthError::invalid_scope("scope is missing"))?;
        let scope = Scope::parse(wished).map_err(|fault| OAuthError::invalid_scope(fault.to_string()))?;
        let allowed = |scope: &str| scopes::of_client(scope) && client.registration.may_ask_for(scope);
        if !scope.iter().all(allowed) {
            return Err(
                OAuthError::invalid_scope("scope not available to this client in its own name").into()
            );
        }
        let scope = scope.to_string();
        let access = Access { subject: client.registration.id.as_str(), scope: scope.clone(), consent: None };
        let token = self.access_token(client, access, now).await?;
        Ok(Issued::access(token, scope, self.server.policy().access_token_life()))
    }
}
