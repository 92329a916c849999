//! `POST /auth/register`: a software statement becomes a client (S80 to S89).

use std::sync::Arc;

use ponte_authorization::client::{ClientRegistration, RegistrationChange};
use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_fapi::dcr::RegistrationFault;
use ponte_fapi::secret;
use ponte_ports::{CommitFault, PortError};
use ponte_values::ClientId;

use crate::ports::Ports;

use super::answer;
use super::caller::Caller;
use super::denied::Denied;
use super::judgement::judge;
use super::request::RegistrationRequest;

/// Registers a client.
///
/// # Errors
/// When a port fails; what the caller did wrong is an answer.
pub(crate) async fn create(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    create_registration(&ports, &RegistrationRequest::of(&call)).await.or_else(Denied::into_outcome)
}

pub(super) async fn create_registration(
    ports: &Ports,
    request: &RegistrationRequest<'_>,
) -> Result<Answer, Denied> {
    let caller = Caller::of(request)?;
    let id = ClientId::parse(&ports.ids.uuid())
        .map_err(|invalid| PortError::new("ids of the authorization server", invalid))?;
    let judged = judge(ports, request, &caller, None, id).await?;
    let token = ports.ids.secret();
    let new = ClientRegistration::new(judged.client, secret::hash(&token), judged.metadata, request.now);
    let audit = new.audit(RegistrationChange::Registered, request.now, request.interaction.clone());
    match ports.clients.register(&new, &audit).await {
        Ok(()) => answer::registration(ports, 201, &new, &token),
        Err(CommitFault::Conflict) => Err(RegistrationFault::AlreadyRegistered.into()),
        Err(fault) => Err(fault.into()),
    }
}
