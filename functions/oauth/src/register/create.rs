//! `POST /auth/register`: a software statement becomes a client (S80 to S89).

use std::sync::Arc;

use ponte_authorization::client::{ClientRegistration, RegistrationChange};
use ponte_authorization::count_window::CountWindow;
use ponte_authorization::ports::RegisterFault;
use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_fapi::dcr::{ClientMetadata, RegistrationFault};
use ponte_fapi::secret;
use ponte_ports::PortError;
use ponte_values::{ClientId, SoftwareStatementId};

use crate::ports::Ports;

use super::answer;
use super::caller::Caller;
use super::denied::Denied;
use super::judgement::judge;
use super::repeat;
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
    let key = repeat::key(ClientMetadata::parse(request.body)?.software_statement()?, &caller.certificate);
    // A repetition comes before the rules: its statement may have grown too old for them meanwhile.
    if let Some(answer) = repeat::registration(ports, &key, request.now).await? {
        caller.check_revocation(ports).await?;
        return Ok(answer);
    }
    let id = ClientId::parse(&ports.ids.uuid())
        .map_err(|invalid| PortError::new("ids of the authorization server", invalid))?;
    let judged = judge(ports, request, &caller, None, id).await?;
    caller.check_revocation(ports).await?;
    let (token, software) = (ports.ids.secret(), judged.client.software.clone());
    let (client, metadata, hash) = (judged.client, judged.metadata, secret::hash(&token));
    let new = ClientRegistration::new(client.clone(), hash.clone(), metadata.clone(), request.now);
    let change = RegistrationChange::Registered;
    if let Some(answer) = store(ports, request, &key, (&new, change), &token).await? {
        return Ok(answer);
    }
    // The statement is taken: by the same call a moment ago, or by a client that was reset.
    if let Some(answer) = repeat::registration(ports, &key, request.now).await? {
        return Ok(answer);
    }
    let again = reset(ports, &software).await?;
    let again = again.and_then(|reset| reset.registered_again(client, hash, metadata));
    let again = again.ok_or(RegistrationFault::AlreadyRegistered)?;
    let change = RegistrationChange::RegisteredAgain;
    let stored = store(ports, request, &key, (&again, change), &token).await?;
    match stored {
        Some(answer) => Ok(answer),
        // Somebody was faster; if that was this call, it has an answer by now.
        None => match repeat::registration(ports, &key, request.now).await? {
            Some(answer) => Ok(answer),
            None => Err(RegistrationFault::AlreadyRegistered.into()),
        },
    }
}

/// Stores a registration with its answer; `None` if the statement was taken.
async fn store(
    ports: &Ports,
    request: &RegistrationRequest<'_>,
    key: &str,
    (registration, change): (&ClientRegistration, RegistrationChange),
    token: &str,
) -> Result<Option<Answer>, Denied> {
    let kept = repeat::kept(ports, key.to_owned(), registration, token, request.now).await?;
    let audit = registration.audit(change, request.now, request.interaction.clone());
    match ports.clients.register(registration, &kept, &audit).await {
        Ok(()) => answer::registration(ports, 201, registration, token).map(Some),
        Err(RegisterFault::Taken) => Ok(None),
        Err(RegisterFault::TooMany) => {
            let organisation = registration.client.organisation.as_str();
            tracing::warn!(organisation, "registers more often than it may");
            let wait = CountWindow::hour(request.now).left(request.now);
            Err(Denied::TooMany("too many registrations of this organisation", wait))
        }
        Err(RegisterFault::Port(error)) => Err(error.into()),
    }
}

/// The registration that a software statement has; it registers once more only if an operator reset it.
async fn reset(
    ports: &Ports,
    software: &SoftwareStatementId,
) -> Result<Option<ClientRegistration>, PortError> {
    match ports.clients.of_software(software).await? {
        Some(id) => ports.clients.registration(&id).await,
        None => Ok(None),
    }
}
