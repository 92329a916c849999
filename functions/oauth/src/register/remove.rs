//! `DELETE /auth/register/{clientId}`: the end of a registration (S89, RFC 7592 section 2.3). Its consents are ended by the
//! sweep, its access tokens by the block list (T60).

use std::sync::Arc;

use ponte_authorization::client::RegistrationChange;
use ponte_authorization::removed_client::{RemovedBy, RemovedClient};
use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_ports::CommitFault;

use crate::ports::Ports;

use super::caller::{Caller, find};
use super::denied::{ATTEMPTS, Denied};
use super::repeat;
use super::request::RegistrationRequest;

/// Removes a registration.
///
/// # Errors
/// When a port fails; what the caller did wrong is an answer.
pub(crate) async fn remove(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    remove_registration(&ports, &RegistrationRequest::of(&call)).await.or_else(Denied::into_outcome)
}

pub(super) async fn remove_registration(
    ports: &Ports,
    request: &RegistrationRequest<'_>,
) -> Result<Answer, Denied> {
    let caller = Caller::of(request)?;
    for _ in 0..ATTEMPTS {
        let Some(managed) = find(ports, request, &caller).await? else {
            return repeat::removal(ports, request, &caller).await;
        };
        let gone = managed.registration;
        let audit = gone.audit(RegistrationChange::Removed, request.now, request.interaction.clone());
        match ports.clients.remove(&RemovedClient::of(&gone, RemovedBy::Client, request.now), &audit).await {
            Ok(()) => return Ok(Answer::no_content().for_client(gone.client.organisation)),
            Err(CommitFault::Conflict) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(Denied::Busy)
}
