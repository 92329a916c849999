//! An answer of the customer that is sent once more, because what it caused was lost on the way (T61).

use ponte_authorization::interaction::CustomerAnswer;
use ponte_edge::Call;

use super::completion::{Completion, Ticket};
use crate::ports::Ports;
use crate::session::Session;

/// The completion that one of these answers had, if the interaction was decided by it and the caller proves to have given it.
/// Nothing changes, and nothing is reported again.
pub(crate) fn repeated(
    ports: &Ports,
    call: &Call,
    session: &Session,
    answers: &[CustomerAnswer],
) -> Option<Completion> {
    let Session { interaction, target, arrival, proof } = session;
    let known = answers.iter().find(|answer| interaction.has_answered(answer, call.now))?;
    let granted = matches!(known, CustomerAnswer::Yes(_));
    proof.hears_again(interaction).then(|| {
        let ticket = Ticket::of(ports, interaction);
        Completion { granted, ..Completion::of(interaction, arrival, ticket, target.status(call.now)) }
    })
}
