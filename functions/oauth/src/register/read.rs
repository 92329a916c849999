//! `GET /auth/register/{clientId}`: the current registration (S89, RFC 7592 section 2.1).

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};

use crate::ports::Ports;

use super::answer;
use super::caller::{Caller, managed};
use super::denied::Denied;
use super::request::RegistrationRequest;

/// Reads a registration.
///
/// # Errors
/// When a port fails; what the caller did wrong is an answer.
pub(crate) async fn read(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    read_registration(&ports, &RegistrationRequest::of(&call)).await.or_else(Denied::into_outcome)
}

pub(super) async fn read_registration(
    ports: &Ports,
    request: &RegistrationRequest<'_>,
) -> Result<Answer, Denied> {
    let managed = managed(ports, request, &Caller::of(request)?).await?;
    answer::registration(ports, 200, &managed.registration, managed.token)
}
