//! The interaction that the path of a call names.

use ponte_authorization::interaction::{InteractionFault, Waiting};
use ponte_edge::{Call, Refusal};

use crate::ports::Ports;
use crate::proof::Wish;
use crate::session::Session;

/// Reads the interaction and its target, decided and completed ones too: the caller checks the step.
///
/// # Errors
/// 404 for another `client_name` than the institution's; `InvalidSession` for an interaction that is unknown, expired,
/// handed off to a phone, which alone goes on with it, or not the caller's for this wish.
pub(super) async fn of(ports: &Ports, call: &Call, wish: Wish) -> Result<Session, Refusal> {
    if call.request.id("client_name") != ports.settings.channel_name {
        return Err(Refusal::not_found());
    }
    let session = Session::read(ports, call, call.request.id("interactionId"), wish).await?;
    match session.interaction.at(call.now) {
        Waiting::Expired => Err(InteractionFault::InvalidSession.into()),
        _ if session.is_handed_off() => Err(InteractionFault::InvalidSession.into()),
        _ => Ok(session),
    }
}
