//! The visit that the path of a call names.

use ponte_authorization::interaction::{InteractionFault, Waiting};
use ponte_edge::{Call, Refusal};

use crate::ports::Ports;
use crate::visit::Visit;

/// Reads it. Another `client_name` than the institution's is an unknown path; a session that is over is none, and one that
/// was handed off goes on at the phone alone: others know its id too.
pub(super) async fn of(ports: &Ports, call: &Call) -> Result<Visit, Refusal> {
    if call.request.id("client_name") != ports.settings.channel_name {
        return Err(Refusal::not_found());
    }
    let visit = Visit::read(ports, call.request.id("interactionId")).await?;
    match visit.interaction.at(call.now) {
        Waiting::Expired => Err(InteractionFault::InvalidSession.into()),
        _ if visit.interaction.is_handed_off() => Err(InteractionFault::InvalidSession.into()),
        _ => Ok(visit),
    }
}
