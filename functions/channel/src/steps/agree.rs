//! The customer says yes (C03).

use ponte_authorization::interaction::{CustomerAnswer, InteractionFault, Waiting};
use ponte_edge::{Call, Refusal};
use ponte_values::Device;

use super::completion::{Completion, Ticket};
use super::funnel::Funnel;
use crate::ports::Ports;
use crate::session::Session;
use crate::target::{CustomerAuthorisation, InteractionStep};

/// Authorises the offers with these ids and ends the interaction. A product with other owners stays pending until they
/// approve, whatever the channel sends. `answer` is what the channel sent, to be known again.
///
/// # Errors
/// `OutOfOrder` unless the interaction waits for a decision after a login; those of the target's `authorise`.
pub(crate) async fn agree(
    ports: &Ports,
    call: &Call,
    session: Session,
    (answer, chosen): (CustomerAnswer, Vec<String>),
    device: Option<&Device>,
) -> Result<Completion, Refusal> {
    let Session { interaction, target, arrival, .. } = session;
    let subject = match interaction.at(call.now) {
        Waiting::Decision(login) => login.subject.clone(),
        _ => return Err(InteractionFault::OutOfOrder.into()),
    };
    let reports = Funnel::of(call, &interaction, device)?.sent_back(true)?;
    let ticket = Ticket::of(ports, &interaction);
    let granted = interaction.clone().grant(ticket.hash.clone(), call.now)?.answered(answer);
    let yes = CustomerAuthorisation { subject, chosen };
    let status = target.authorise(call, yes, InteractionStep { interaction: granted, reports }).await?;
    Ok(Completion::of(&interaction, &arrival, ticket, status))
}
