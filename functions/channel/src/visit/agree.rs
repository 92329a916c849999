//! The customer says yes to these products (C03).

use ponte_authorization::interaction::{InteractionFault, Waiting};
use ponte_data_consent::consent::{Authorisation, ConsentStatus, Resource};
use ponte_data_consent::ports::Commit;
use ponte_edge::{Call, Refusal};
use ponte_values::Device;

use super::Visit;
use super::ending::Ending;
use super::funnel::Funnel;
use crate::ports::Ports;

/// Ends the visit with a yes. Products that others own too wait for them, whatever the channel says.
pub(crate) async fn agree(
    ports: &Ports,
    call: &Call,
    visit: Visit,
    resources: Vec<Resource>,
    device: Option<&Device>,
) -> Result<Ending, Refusal> {
    let subject = match visit.interaction.at(call.now) {
        Waiting::Decision(login) => login.subject.clone(),
        _ => return Err(InteractionFault::OutOfOrder.into()),
    };
    let authorisation = Authorisation { at: call.now, subject, resources };
    let outbox = Funnel::of(call, &visit.interaction, device)?.sent_back(true)?;
    let (ending, ticket) = Ending::issue(ports, call, &visit.interaction, ConsentStatus::Authorised);
    let actor = visit.actor();
    let change = visit.consent.authorise(authorisation, actor)?;
    let commit = Commit {
        interaction: Some(visit.interaction.grant(ticket, call.now)?),
        outbox,
        ..change.commit(call.uuid(), Some(call.interaction.to_string()))
    };
    ports.consents.commit(commit).await?;
    Ok(ending)
}
