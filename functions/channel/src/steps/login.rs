//! Login: only the customer whom the target names goes on (S20).

use ponte_authorization::interaction::{Assurance, ChannelSession, CustomerAnswer, Login, Waiting};
use ponte_authorization::ports::{Customer, InteractionCommit};
use ponte_edge::{Call, Refusal};
use ponte_fapi::secret;
use ponte_ports::Trail;
use ponte_values::Device;

use super::completion::{Completion, Ticket};
use super::funnel::Funnel;
use crate::ports::Ports;
use crate::proof::{Proof, Wish};
use crate::session::Session;
use crate::target::{InteractionStep, RejectionCause};

/// The outcome of a login.
pub(crate) enum LoginOutcome {
    /// The customer may decide, with this secret.
    Accepted(Box<Session>, String),
    /// Somebody else logged in: the target is refused and the interaction over.
    Rejected(Completion),
    /// Somebody else logged in, without a proof of having come to this interaction: nothing changes.
    Refused,
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
    if session.names(customer) {
        let (session, secret) = accept(ports, call, session, customer.assurance, device).await?;
        return Ok(LoginOutcome::Accepted(Box::new(session), secret));
    }
    if !session.may_decline() {
        // Who cannot go on with what somebody else logged in to hears what an id that was never given is answered.
        session.proof.require(&session.interaction, Wish::See, call.now)?;
        return Ok(LoginOutcome::Refused);
    }
    Ok(LoginOutcome::Rejected(reject(ports, call, session, device).await?))
}

/// The person whom the target names. Once more before deciding (C05), because the answer was lost or through another
/// browser: then the secret of the login before is void, and nothing is reported twice.
async fn accept(
    ports: &Ports,
    call: &Call,
    session: Session,
    assurance: Assurance,
    device: Option<&Device>,
) -> Result<(Session, String), Refusal> {
    let first = matches!(session.interaction.at(call.now), Waiting::Login);
    let reports =
        if first { Funnel::of(call, &session.interaction, device)?.authenticated()? } else { Vec::new() };
    let before = if first { "AWAITING_LOGIN" } else { "AWAITING_DECISION" };
    let audit = session.audit(call, "interaction.logged_in", (Some(before), "AWAITING_DECISION"));
    let (person, company) = session.target.customer();
    let login = Login { subject: ports.pseudonyms.subject(person, company), at: call.now, assurance };
    let Session { interaction, target, arrival, .. } = session;
    let secret = call.secret();
    let opened = ChannelSession {
        secret_hash: secret::hash(&secret),
        arrival: arrival.reference().map(str::to_owned),
    };
    let interaction = interaction.log_in(login, opened)?;
    let trail = Trail::new(call.uuid()).audited([audit]).reporting(reports);
    ports.changes.commit(InteractionCommit { interaction: interaction.clone(), trail }).await?;
    Ok((Session { interaction, target, arrival, proof: Proof::of_login() }, secret))
}

/// The target is refused, and the browser goes back with `access_denied` (S20).
async fn reject(
    ports: &Ports,
    call: &Call,
    session: Session,
    device: Option<&Device>,
) -> Result<Completion, Refusal> {
    let Session { interaction, target, arrival, .. } = session;
    let interaction = interaction.arrived_by(&arrival);
    let reports = Funnel::of(call, &interaction, device)?.sent_back(false)?;
    let ticket = Ticket::of(ports, &interaction);
    let denied = interaction.clone().deny(ticket.hash.clone(), call.now)?;
    let denied = denied.answered(CustomerAnswer::OtherPerson);
    let status = target
        .reject(call, RejectionCause::OtherPerson, InteractionStep { interaction: denied, reports })
        .await?;
    Ok(Completion::of(&interaction, &arrival, ticket, status))
}
