//! The customer says no, with or without a login (C03, C06).

use ponte_authorization::interaction::CustomerAnswer;
use ponte_authorization::ports::InteractionCommit;
use ponte_edge::{Call, Refusal};
use ponte_ports::Trail;
use ponte_values::Device;

use super::completion::{Completion, Ticket};
use super::funnel::Funnel;
use crate::ports::Ports;
use crate::session::Session;
use crate::target::{InteractionStep, RejectionCause};

/// Ends the interaction with a no. A target that ended meanwhile stays as it is.
pub(crate) async fn decline(
    ports: &Ports,
    call: &Call,
    session: Session,
    device: Option<&Device>,
) -> Result<Completion, Refusal> {
    let reports = Funnel::of(call, &session.interaction, device)?.sent_back(false)?;
    let arrival = session.arrival.clone();
    let interaction = session.interaction.clone().arrived_by(&arrival);
    let ticket = Ticket::of(ports, &interaction);
    let awaited = session.require_awaiting(call).is_ok();
    let answer = if awaited { CustomerAnswer::No } else { CustomerAnswer::Ended };
    let denied = interaction.clone().deny(ticket.hash.clone(), call.now)?.answered(answer);
    let status =
        commit_rejection(ports, call, session, InteractionStep { interaction: denied, reports }).await?;
    Ok(Completion::of(&interaction, &arrival, ticket, status))
}

/// Commits a no and the step, and gives the status of the target then.
pub(super) async fn commit_rejection(
    ports: &Ports,
    call: &Call,
    session: Session,
    step: InteractionStep,
) -> Result<&'static str, Refusal> {
    if session.require_awaiting(call).is_ok() {
        return session.target.reject(call, RejectionCause::Customer, step).await;
    }
    // It ended without the customer, who must get back to the client all the same.
    let trail = Trail::new(call.uuid()).reporting(step.reports);
    ports.changes.commit(InteractionCommit { interaction: step.interaction, trail }).await?;
    Ok(session.target.status(call.now))
}
