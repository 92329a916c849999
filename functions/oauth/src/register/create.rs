//! `POST /auth/register`: a software statement becomes a client (S80 to S89).

use std::sync::Arc;

use ponte_authorization::client::{ClientRegistration, RegistrationChange};
use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_fapi::dcr::RegistrationFault;
use ponte_fapi::secret;
use ponte_ports::{CommitFault, PortError};
use ponte_values::ClientId;

use crate::AuthorizationServer;

use super::Asked;
use super::caller::Caller;
use super::denied::Denied;

/// Registers a client.
///
/// # Errors
/// When a port fails; what the caller did wrong is an answer.
pub(crate) async fn create(server: Arc<AuthorizationServer>, call: OpenCall) -> Result<Answer, Refusal> {
    server.create(&Asked::by(&call)).await.or_else(Denied::into_outcome)
}

impl AuthorizationServer {
    pub(super) async fn create(&self, asked: &Asked<'_>) -> Result<Answer, Denied> {
        let caller = Caller::of(asked)?;
        let id = ClientId::parse(&self.ports.ids.uuid())
            .map_err(|invalid| PortError::new("ids of the authorization server", invalid))?;
        let judged = self.judge(asked, &caller, None, id).await?;
        let token = self.ports.ids.secret();
        let new = ClientRegistration::new(judged.client, secret::hash(&token), judged.metadata, asked.now);
        let audit = new.audit(RegistrationChange::Registered, asked.now, asked.interaction.clone());
        match self.ports.clients.register(&new, &audit).await {
            Ok(()) => self.registration(201, &new, &token),
            Err(CommitFault::Conflict) => Err(RegistrationFault::AlreadyRegistered.into()),
            Err(fault) => Err(fault.into()),
        }
    }
}
