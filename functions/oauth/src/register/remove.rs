//! `DELETE /auth/register/{clientId}`: the end of a registration (S89, RFC 7592 section 2.3).

use std::sync::Arc;

use ponte_authorization::client::RegistrationChange;
use ponte_edge::{Answer, OpenCall, Refusal};

use crate::ports::Ports;

use super::caller::{Caller, managed};
use super::denied::Denied;
use super::request::RegistrationRequest;

/// Removes a registration.
///
/// # Errors
/// When a port fails, or two changes meet; what the caller did wrong is an answer.
pub(crate) async fn remove(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    remove_registration(&ports, &RegistrationRequest::of(&call)).await.or_else(Denied::into_outcome)
}

pub(super) async fn remove_registration(
    ports: &Ports,
    request: &RegistrationRequest<'_>,
) -> Result<Answer, Denied> {
    let gone = managed(ports, request, &Caller::of(request)?).await?.registration;
    let audit = gone.audit(RegistrationChange::Removed, request.now, request.interaction.clone());
    ports.clients.remove(&gone, &audit).await?;
    Ok(Answer::no_content().for_client(gone.client.organisation))
}
