//! Which command is next.

use ponte_authorization::interaction::Waiting;
use ponte_data_consent::ports::InstitutionFault;
use ponte_edge::{Answer, Call, Refusal};
use ponte_values::Device;

use super::command::{self, ErrorType, Head};
use crate::ports::Ports;
use crate::visit::offer::{self, Offer};
use crate::visit::{Visit, decline};

/// The command a visit waits for. Nothing changes. Who asks has shown no more than an id or a code: in a visit that was
/// handed off others know it too, so what the customer has is shown to a login alone.
pub(super) async fn next(ports: &Ports, call: &Call, visit: &Visit) -> Result<Answer, Refusal> {
    let head = Head::of(&visit.interaction);
    match visit.interaction.at(call.now) {
        Waiting::Expired => command::error(&head, ErrorType::InvalidSession, None),
        _ if visit.interaction.was_aborted() => command::aborted(&head),
        Waiting::Page(_) | Waiting::Browser(_) | Waiting::Nothing => command::completed(&head, None),
        Waiting::Login | Waiting::Decision(_) if visit.still_awaiting(call).is_err() => {
            command::error(&head, ErrorType::ExpiredConsent, None)
        }
        Waiting::Login => command::authenticate(&visit.interaction),
        Waiting::Decision(_) if visit.interaction.is_handed_off() => {
            command::authenticate(&visit.interaction)
        }
        Waiting::Decision(_) => decide(ports, call, visit).await,
    }
}

/// The customer has logged in and shall decide.
pub(super) async fn decide(ports: &Ports, call: &Call, visit: &Visit) -> Result<Answer, Refusal> {
    let head = Head::of(&visit.interaction);
    match offers(ports, call, visit).await {
        Ok(offers) => command::decide(ports, &head, &visit.consent, &offers),
        Err(kind) => command::error(&head, kind, None),
    }
}

/// The products on offer, or what became of the question.
pub(super) async fn offers(ports: &Ports, call: &Call, visit: &Visit) -> Result<Vec<Offer>, ErrorType> {
    let fault = match offer::offers(ports, &visit.consent, call).await {
        Ok(offers) => return Ok(offers),
        Err(fault) => fault,
    };
    let slow = matches!(&fault, InstitutionFault::Port(error) if error.is_timeout());
    // Only the log hears the cause, which an answer of the edge would have told it.
    let _logged = Answer::refused(&fault.into(), call.now);
    Err(if slow { ErrorType::DiscoveryTimeout } else { ErrorType::DiscoveryError })
}

/// The visit if it takes a result, else the answer in its place.
pub(super) fn open(call: &Call, visit: Visit) -> Result<Visit, Result<Answer, Refusal>> {
    let head = Head::of(&visit.interaction);
    let kind = match visit.interaction.at(call.now) {
        Waiting::Login | Waiting::Decision(_) => return Ok(visit),
        Waiting::Expired => ErrorType::InvalidSession,
        _ if visit.interaction.was_aborted() => return Err(command::aborted(&head)),
        Waiting::Page(_) | Waiting::Browser(_) | Waiting::Nothing => ErrorType::InvalidStatusConfirmation,
    };
    Err(command::error(&head, kind, None))
}

/// Ends a visit with a no. A consent that ended before is an error, with the way back all the same.
pub(super) async fn end(
    ports: &Ports,
    call: &Call,
    visit: Visit,
    device: Option<&Device>,
) -> Result<Answer, Refusal> {
    let head = Head::of(&visit.interaction);
    let awaited = visit.still_awaiting(call).is_ok();
    let ending = decline(ports, call, visit, device).await?;
    if awaited {
        command::completed(&head, Some(&ending))
    } else {
        command::error(&head, ErrorType::ExpiredConsent, Some(&ending))
    }
}
