//! What a handoff does to a visit: a phone takes it over, and its page goes back to the client or gives up.

use ponte_authorization::interaction::{HandedOff, TakenOver};
use ponte_data_consent::ports::Commit;
use ponte_edge::{Call, Refusal};
use ponte_ports::CommitFault;
use ponte_ports::audit::AuditEntry;

use super::decline::refused;
use super::ending::Ticket;
use super::{Visit, audited};
use crate::ports::Ports;

/// A phone read the code of this visit. Nothing changes where there is no page, or a phone read it before.
pub(crate) async fn take_over(ports: &Ports, call: &Call, visit: Visit) -> Result<Visit, Refusal> {
    let Visit { interaction, consent } = visit;
    let id = interaction.id.clone();
    let interaction = match interaction.take_over(call.now) {
        TakenOver::AsItWas(interaction) => return Ok(Visit { interaction, consent }),
        TakenOver::Now(interaction) => interaction,
    };
    let visit = Visit { interaction, consent };
    let audit = AuditEntry {
        at: call.now,
        actor: visit.actor(),
        subject: visit.consent.id.to_string(),
        action: "interaction.taken_over",
        before: None,
        after: "TAKEN_OVER",
        reason: None,
        interaction: None,
    };
    let commit = Commit {
        id: call.uuid(),
        interaction: Some(visit.interaction.clone()),
        audit: vec![audited(audit, call)],
        ..Commit::default()
    };
    match ports.consents.commit(commit).await {
        Ok(()) => Ok(visit),
        // Somebody else changed the visit, perhaps by reading the same code: what is there now counts.
        Err(CommitFault::Conflict) => Visit::read(ports, &id).await,
        Err(fault) => Err(fault.into()),
    }
}

/// The page goes back to the client after the decision; where to, and only this once.
pub(crate) async fn finish(ports: &Ports, call: &Call, id: &str, page: HandedOff) -> Result<String, Refusal> {
    let ticket = Ticket::fresh(ports, call, id);
    let interaction = Some(page.finish(ticket.hash, call.now)?);
    ports.consents.commit(Commit { id: call.uuid(), interaction, ..Commit::default() }).await?;
    Ok(ticket.redirect_uri)
}

/// The customer gives up at the page: a no like any other (C06), and the way back with it.
pub(crate) async fn abort(
    ports: &Ports,
    call: &Call,
    visit: Visit,
    page: HandedOff,
) -> Result<String, Refusal> {
    let ticket = Ticket::fresh(ports, call, &visit.interaction.id);
    let interaction = Some(page.abort(ticket.hash, call.now)?);
    let (commit, _) = refused(call, visit)?;
    ports.consents.commit(Commit { interaction, ..commit }).await?;
    Ok(ticket.redirect_uri)
}
