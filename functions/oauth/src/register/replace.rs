//! `PUT /auth/register/{clientId}`: the metadata anew, everything else as it was (S89, S91, RFC 7592 section 2.2).

use std::sync::Arc;

use ponte_authorization::client::RegistrationChange;
use ponte_authorization::count_window::CountWindow;
use ponte_authorization::ports::RegisterFault;
use ponte_edge::{Answer, OpenCall, Refusal};

use crate::ports::Ports;

use super::answer;
use super::caller::{Caller, Managed, managed};
use super::denied::{ATTEMPTS, Denied};
use super::judgement::judge;
use super::request::RegistrationRequest;

/// Replaces the metadata of a registration.
///
/// # Errors
/// When a port fails; what the caller did wrong is an answer.
pub(crate) async fn replace(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    replace_registration(&ports, &RegistrationRequest::of(&call)).await.or_else(Denied::into_outcome)
}

pub(super) async fn replace_registration(
    ports: &Ports,
    request: &RegistrationRequest<'_>,
) -> Result<Answer, Denied> {
    let caller = Caller::of(request)?;
    let Managed { mut registration, token } = managed(ports, request, &caller).await?;
    let (now, client) = (request.now, &registration.client);
    let judged = judge(ports, request, &caller, Some(client), client.id.clone()).await?;
    // Of two replacements at once both count, one after the other: what is kept of the first is nothing anyway.
    for _ in 0..ATTEMPTS {
        let changed = registration.replaced(judged.client.clone(), judged.metadata.clone());
        let audit = changed.audit(RegistrationChange::Replaced, now, request.interaction.clone());
        match ports.clients.replace_metadata(&changed, &audit).await {
            Ok(()) => return answer::registration(ports, 200, &changed, token),
            Err(RegisterFault::Taken) => {}
            Err(RegisterFault::TooMany) => {
                let client = changed.client.id.as_str();
                tracing::warn!(client, "replaces its registration more often than it may");
                let wait = CountWindow::hour(now).left(now);
                return Err(Denied::TooMany("too many replacements of this registration", wait));
            }
            Err(RegisterFault::Port(error)) => return Err(error.into()),
        }
        registration = managed(ports, request, &caller).await?.registration;
    }
    Err(Denied::Busy)
}
