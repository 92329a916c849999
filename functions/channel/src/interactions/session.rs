//! The interaction that the path of a call names.

use ponte_authorization::interaction::{InteractionFault, Waiting};
use ponte_edge::{Call, Refusal};

use crate::ports::Ports;
use crate::session::Session;

/// Reads it. Another `client_name` than the institution's is an unknown path; a session that is over is none, and one that
/// was handed off goes on at the phone alone: others know its id too.
pub(super) async fn of(ports: &Ports, call: &Call) -> Result<Session, Refusal> {
    if call.request.id("client_name") != ports.settings.channel_name {
        return Err(Refusal::not_found());
    }
    let session = Session::read(ports, call.request.id("interactionId")).await?;
    match session.interaction.at(call.now) {
        Waiting::Expired => Err(InteractionFault::InvalidSession.into()),
        _ if session.interaction.is_handed_off() => Err(InteractionFault::InvalidSession.into()),
        _ => Ok(session),
    }
}
