//! `PUT /auth/register/{clientId}`: the metadata anew, everything else as it was (S89, S91, RFC 7592 section 2.2).

use std::sync::Arc;

use ponte_authorization::client::RegistrationChange;
use ponte_edge::{Answer, OpenCall, Refusal};

use crate::AuthorizationServer;

use super::Asked;
use super::caller::{Caller, Managed};
use super::denied::Denied;

/// Replaces the metadata of a registration.
///
/// # Errors
/// When a port fails, or two changes meet; what the caller did wrong is an answer.
pub(crate) async fn replace(server: Arc<AuthorizationServer>, call: OpenCall) -> Result<Answer, Refusal> {
    server.replace(&Asked::by(&call)).await.or_else(Denied::into_outcome)
}

impl AuthorizationServer {
    pub(super) async fn replace(&self, asked: &Asked<'_>) -> Result<Answer, Denied> {
        let caller = Caller::of(asked)?;
        let Managed { registration, token } = self.managed(asked, &caller).await?;
        let (now, client) = (asked.now, &registration.client);
        let judged = self.judge(asked, &caller, Some(client), client.id.clone()).await?;
        let changed = registration.replaced(judged.client, judged.metadata);
        let audit = changed.audit(RegistrationChange::Replaced, now, asked.interaction.clone());
        self.ports.clients.replace(&changed, &audit).await?;
        self.registration(200, &changed, token)
    }
}
