//! Handoff: a phone takes an interaction over, and its page goes back to the client or gives up.

use ponte_authorization::interaction::{CustomerAnswer, HandoffPage, Interaction, Takeover};
use ponte_authorization::ports::InteractionCommit;
use ponte_edge::{Call, Refusal};
use ponte_ports::{CommitFault, Trail};

use super::completion::Ticket;
use super::decline::commit_rejection;
use crate::ports::Ports;
use crate::proof::Wish;
use crate::session::Session;
use crate::target::InteractionStep;

/// A phone read the code of the page of this arrival. Nothing changes if no page shows one, if a phone read a code before,
/// or if the interaction no longer waits for a login.
pub(crate) async fn take_over(ports: &Ports, call: &Call, session: Session) -> Result<Session, Refusal> {
    let Session { interaction, target, arrival, proof } = session;
    let page = arrival.reference().unwrap_or(arrival.as_str());
    let interaction = match interaction.take_over(page, call.now) {
        Takeover::Unchanged(interaction) => return Ok(Session { interaction, target, arrival, proof }),
        Takeover::First(interaction) => interaction,
    };
    let session = Session { interaction, target, arrival, proof };
    let audit = session.audit(call, "interaction.taken_over", (None, "TAKEN_OVER"));
    let trail = Trail::new(call.uuid()).audited([audit]);
    let commit = InteractionCommit { interaction: session.interaction.clone(), trail };
    match ports.changes.commit(commit).await {
        Ok(()) => Ok(session),
        // Somebody else changed it, perhaps by reading the same code: what is there now counts.
        Err(CommitFault::Conflict) => {
            let signed = session.proof.shows_session();
            Session::through(ports, call, session.arrival, (Wish::See, signed)).await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// After the decision: the URL, with its ticket, that takes the page's browser back to the client. The same until it went
/// there; `None` if another tab fetched it at this moment.
///
/// # Errors
/// Those of [`HandoffPage::finish`] before a decision or after the return, and of the commit.
pub(crate) async fn finish(
    ports: &Ports,
    call: &Call,
    interaction: &Interaction,
    page: HandoffPage,
) -> Result<Option<String>, Refusal> {
    let ticket = Ticket::of(ports, interaction);
    if page.has_ticket(&ticket.hash, call.now) {
        return Ok(Some(ticket.redirect_uri));
    }
    let interaction = page.finish(ticket.hash, call.now)?;
    let commit = InteractionCommit { interaction, trail: Trail::new(call.uuid()) };
    match ports.changes.commit(commit).await {
        Ok(()) => Ok(Some(ticket.redirect_uri)),
        Err(CommitFault::Conflict) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

/// The customer gives up at the page: rejects the target as a decline does (C06), and returns the URL that takes the
/// page's browser back to the client.
///
/// # Errors
/// Those of [`HandoffPage::abort`] after a decision, and of the commit.
pub(crate) async fn abort(
    ports: &Ports,
    call: &Call,
    session: Session,
    page: HandoffPage,
) -> Result<String, Refusal> {
    let ticket = Ticket::of(ports, &session.interaction);
    // Asked for again: whoever shows this page heard it before (T61).
    if session.interaction.has_answered(&CustomerAnswer::GaveUp, call.now) {
        return Ok(ticket.redirect_uri);
    }
    let interaction = page.abort(ticket.hash, call.now)?.arrived_by(&session.arrival);
    commit_rejection(ports, call, session, InteractionStep { interaction, reports: Vec::new() }).await?;
    Ok(ticket.redirect_uri)
}
