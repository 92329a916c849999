//! The customer says no, with or without a login (C03, C06).

use ponte_data_consent::consent::{ConsentStatus, RejectedBy, Rejection, RejectionReason};
use ponte_data_consent::ports::Commit;
use ponte_edge::{Call, Refusal};
use ponte_values::Device;

use super::Visit;
use super::ending::Ending;
use super::funnel::Funnel;
use crate::ports::Ports;

/// Ends the visit with a no. A consent that ended meanwhile stays as it is.
pub(crate) async fn decline(
    ports: &Ports,
    call: &Call,
    visit: Visit,
    device: Option<&Device>,
) -> Result<Ending, Refusal> {
    let outbox = Funnel::of(call, &visit.interaction, device)?.sent_back(false)?;
    let interaction = visit.interaction.clone();
    let (commit, status) = refused(call, visit)?;
    let (ending, ticket) = Ending::issue(ports, call, &interaction, status);
    let interaction = Some(interaction.deny(ticket, call.now)?);
    let commit = Commit { interaction, outbox, ..commit };
    ports.consents.commit(commit).await?;
    Ok(ending)
}

/// What a no makes of the consent, and its status then.
pub(super) fn refused(call: &Call, visit: Visit) -> Result<(Commit, ConsentStatus), Refusal> {
    let actor = visit.actor();
    if visit.still_awaiting(call).is_ok() {
        let change = visit.consent.refuse(no(call), actor)?;
        return Ok((change.commit(call.uuid(), Some(call.interaction.to_string())), ConsentStatus::Rejected));
    }
    // It ended without the customer, who must get back to the client all the same.
    let status = visit.consent.at(call.now).status();
    Ok((Commit { id: call.uuid(), ..Commit::default() }, status))
}

const fn no(call: &Call) -> Rejection {
    Rejection { by: RejectedBy::User, reason: RejectionReason::CustomerManuallyRejected, at: call.now }
}
