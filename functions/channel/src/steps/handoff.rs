//! Handoff: a phone takes an interaction over, and its page goes back to the client or gives up.

use ponte_authorization::interaction::{
    CodeReader, CustomerAnswer, HandoffPage, Interaction, InteractionFault, Takeover,
};
use ponte_authorization::ports::InteractionCommit;
use ponte_edge::{Call, Refusal};
use ponte_fapi::secret;
use ponte_ports::{CommitFault, Trail};
use ponte_values::{Device, Platform};

use super::completion::Ticket;
use super::decline::commit_rejection;
use super::funnel::Funnel;
use crate::ports::Ports;
use crate::proof::Wish;
use crate::session::Session;
use crate::target::InteractionStep;

/// A phone read the code of the page of this arrival; the secret that it is told, if it had none. Whoever comes later than the
/// first reads nothing, unless it is the phone itself ([`Interaction::take_over`]).
///
/// # Errors
/// An invalid session for everybody else; a commit that failed.
pub(crate) async fn take_over(
    ports: &Ports,
    call: &Call,
    session: Session,
) -> Result<(Session, Option<String>), Refusal> {
    // The phone that read it asks again, and knows its secret.
    if session.proof.is_phone() {
        return Ok((session, None));
    }
    let (secret, signed) = (call.secret(), session.proof.is_signed());
    let reader = CodeReader { secret_hash: secret::hash(&secret), signed };
    let page = session.arrival.reference().unwrap_or(session.arrival.as_str()).to_owned();
    let (interaction, first) = match session.interaction.clone().take_over(&page, reader, call.now) {
        Takeover::First(interaction) => (interaction, true),
        Takeover::Again(interaction) => (interaction, false),
        Takeover::Unchanged(interaction) => {
            let session = Session { interaction, proof: session.proof.unsigned(), ..session };
            // The code of a page that was overtaken: its browser would wait for an answer that goes to another (T61).
            if session.proof.sees_no_login() {
                return Err(InteractionFault::InvalidSession.into());
            }
            session.proof.require(&session.interaction, Wish::See, call.now)?;
            return Ok((session, None));
        }
    };
    let proof = session.proof.of_phone();
    let session = Session { interaction, proof, ..session };
    let audit = first.then(|| session.audit(call, "interaction.taken_over", (None, "TAKEN_OVER")));
    let trail = Trail::new(call.uuid()).audited(audit);
    let commit = InteractionCommit { interaction: session.interaction.clone(), trail };
    match ports.changes.commit(commit).await {
        Ok(()) => Ok((session, Some(secret))),
        // Somebody else read the same code at this moment, or another page's: it is his.
        Err(CommitFault::Conflict) => Err(InteractionFault::InvalidSession.into()),
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

/// The customer gives up at the page: rejects the target as a decline does (C06), reports that the customer goes back (M40), and
/// returns the URL that takes the page's browser back to the client. The page is ours, so that nobody else can tell its device.
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
    let user_agent = call.request.header("user-agent").unwrap_or_default();
    let device = Device::of_user_agent(user_agent, Platform::Browser);
    let reports = Funnel::of(call, &session.interaction, Some(&device))?.sent_back(false)?;
    let interaction = page.abort(ticket.hash, call.now)?.arrived_by(&session.arrival);
    commit_rejection(ports, call, session, InteractionStep { interaction, reports }).await?;
    Ok(ticket.redirect_uri)
}
