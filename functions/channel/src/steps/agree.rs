//! The customer says yes (C03).

use ponte_authorization::interaction::{CustomerAnswer, InteractionFault, Waiting};
use ponte_edge::{Call, Refusal};
use ponte_ports::InstitutionFault;
use ponte_values::Device;

use super::completion::{Completion, Ticket};
use super::funnel::Funnel;
use crate::ports::Ports;
use crate::session::Session;
use crate::target::{CustomerAuthorisation, InteractionStep, Judgement, RejectionCause};

/// The reason why a yes was not taken.
pub(crate) enum AgreeFault {
    /// The institution could not be asked whether it can be done: nothing changed, and the customer may try again.
    NotJudged(InstitutionFault),
    /// Any other.
    Refused(Refusal),
}

/// Authorises the offers with these ids and ends the interaction. A product with other owners stays pending until they
/// approve, whatever the channel sends. What the institution cannot do is rejected in its place, in one commit with the interaction,
/// whose browser goes back with `access_denied` (P33). `answer` is what the channel sent, to be known again.
///
/// # Errors
/// `NotJudged`; `OutOfOrder` unless the interaction waits for a decision after a login; those of the target's `authorise`.
pub(crate) async fn agree(
    ports: &Ports,
    call: &Call,
    session: Session,
    (answer, chosen): (CustomerAnswer, Vec<String>),
    device: Option<&Device>,
) -> Result<Completion, AgreeFault> {
    let Session { interaction, mut target, arrival, .. } = session;
    let subject = match interaction.at(call.now) {
        Waiting::Decision(login) => login.subject.clone(),
        _ => return Err(InteractionFault::OutOfOrder.into()),
    };
    let granted = match target.judge(call, &chosen).await {
        Ok(judgement) => judgement == Judgement::Allowed,
        Err(fault) => return Err(AgreeFault::NotJudged(fault)),
    };
    let reports = Funnel::of(call, &interaction, device)?.sent_back(granted)?;
    let ticket = Ticket::of(ports, &interaction);
    let status = if granted {
        let interaction = interaction.clone().grant(ticket.hash.clone(), call.now)?.answered(answer);
        let yes = CustomerAuthorisation { subject, chosen };
        target.authorise(call, yes, InteractionStep { interaction, reports }).await?
    } else {
        let interaction = interaction.clone().deny(ticket.hash.clone(), call.now)?;
        let step = InteractionStep { interaction: interaction.answered(answer.refused()), reports };
        target.reject(call, RejectionCause::Judged, step).await?
    };
    Ok(Completion { granted, ..Completion::of(&interaction, &arrival, ticket, status) })
}

impl From<Refusal> for AgreeFault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<InteractionFault> for AgreeFault {
    fn from(fault: InteractionFault) -> Self {
        Self::Refused(fault.into())
    }
}

impl From<AgreeFault> for Refusal {
    fn from(fault: AgreeFault) -> Self {
        match fault {
            AgreeFault::NotJudged(fault) => fault.into(),
            AgreeFault::Refused(refusal) => refusal,
        }
    }
}
