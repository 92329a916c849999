//! Login: only the customer whom the target names goes on (S20).

use ponte_authorization::interaction::{Assurance, Login, Waiting};
use ponte_authorization::ports::{Customer, InteractionCommit};
use ponte_edge::{Call, Refusal};
use ponte_ports::Trail;
use ponte_values::Device;

use super::completion::{Completion, Ticket};
use super::funnel::Funnel;
use crate::ports::Ports;
use crate::session::Session;
use crate::target::{InteractionStep, RejectionCause};

/// The outcome of a login.
pub(crate) enum LoginOutcome {
    /// The customer may decide.
    Accepted(Box<Session>),
    /// Somebody else logged in: the target is refused and the interaction over.
    Rejected(Completion),
}

/// Takes the customer that the institution authenticated.
pub(crate) async fn log_in(
    ports: &Ports,
    call: &Call,
    session: Session,
    customer: &Customer,
    device: Option<&Device>,
) -> Result<LoginOutcome, Refusal> {
    session.may_log_in(call)?;
    if !session.names(customer) {
        return Ok(LoginOutcome::Rejected(reject(ports, call, session, device).await?));
    }
    // The same person once more before deciding (C05): nothing changes, nothing is reported twice.
    if matches!(session.interaction.at(call.now), Waiting::Decision(_)) {
        return Ok(LoginOutcome::Accepted(Box::new(session)));
    }
    let session = accept(ports, call, session, customer.assurance, device).await?;
    Ok(LoginOutcome::Accepted(Box::new(session)))
}

async fn accept(
    ports: &Ports,
    call: &Call,
    session: Session,
    assurance: Assurance,
    device: Option<&Device>,
) -> Result<Session, Refusal> {
    let reports = Funnel::of(call, &session.interaction, device)?.authenticated()?;
    let audit = session.audit(call, "interaction.logged_in", (Some("AWAITING_LOGIN"), "AWAITING_DECISION"));
    let (person, company) = session.target.customer();
    let login = Login { subject: ports.pseudonyms.subject(person, company), at: call.now, assurance };
    let interaction = session.interaction.log_in(login)?;
    let trail = Trail::new(call.uuid()).audited([audit]).reporting(reports);
    ports.changes.commit(InteractionCommit { interaction: interaction.clone(), trail }).await?;
    Ok(Session { interaction, target: session.target })
}

/// The target is refused, and the browser goes back with `access_denied` (S20).
async fn reject(
    ports: &Ports,
    call: &Call,
    session: Session,
    device: Option<&Device>,
) -> Result<Completion, Refusal> {
    let Session { interaction, target } = session;
    let reports = Funnel::of(call, &interaction, device)?.sent_back(false)?;
    let ticket = Ticket::fresh(ports, call, &interaction.id);
    let denied = interaction.clone().deny(ticket.hash.clone(), call.now)?;
    let status = target
        .reject(call, RejectionCause::OtherPerson, InteractionStep { interaction: denied, reports })
        .await?;
    Ok(Completion::of(&interaction, ticket, status))
}
