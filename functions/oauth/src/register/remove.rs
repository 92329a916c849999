//! `DELETE /auth/register/{clientId}`: nobody knows the client any more (S89, RFC 7592 section 2.3).

use std::sync::Arc;

use ponte_authorization::client::RegistrationChange;
use ponte_edge::{Answer, OpenCall, Refusal};

use crate::AuthorizationServer;

use super::Asked;
use super::caller::Caller;
use super::denied::Denied;

/// Removes a registration.
///
/// # Errors
/// When a port fails, or two changes meet; what the caller did wrong is an answer.
pub(crate) async fn remove(server: Arc<AuthorizationServer>, call: OpenCall) -> Result<Answer, Refusal> {
    server.remove(&Asked::by(&call)).await.or_else(Denied::into_outcome)
}

impl AuthorizationServer {
    pub(super) async fn remove(&self, asked: &Asked<'_>) -> Result<Answer, Denied> {
        let gone = self.managed(asked, &Caller::of(asked)?).await?.registration;
        let audit = gone.audit(RegistrationChange::Removed, asked.now, asked.interaction.clone());
        self.ports.clients.remove(&gone, &audit).await?;
        Ok(Answer::nothing().for_client(gone.client.organisation))
    }
}
