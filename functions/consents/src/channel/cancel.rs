//! POST .../cancel: the customer says no, with or without a login (C03, C06).

use std::sync::Arc;

use ponte_domain::consent::{ConsentStatus, RejectedBy, Rejection, RejectionReason};
use ponte_domain::ports::Commit;
use ponte_edge::{Admitted, Answer, Refusal};
use ponte_values::Device;
use serde::Deserialize;

use super::ending::Ticket;
use super::funnel::Funnel;
use super::visit::Visit;
use super::{body, cors};
use crate::Ports;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    device: Device,
}

pub(crate) async fn cancel(ports: Arc<Ports>, call: Admitted) -> Result<Answer, Refusal> {
    let outcome = steps(&ports, &call).await;
    Ok(cors::finish(&ports, &call, outcome))
}

async fn steps(ports: &Ports, call: &Admitted) -> Result<Answer, Refusal> {
    let asked: Body = call.json()?;
    let visit = Visit::find(ports, call).await?;
    let outbox = Funnel::of(call, &visit.interaction, &asked.device)?.sent_back(false)?;
    let ticket = Ticket::issue(ports, call, &visit.interaction);
    let (awaiting, actor) = (visit.still_awaiting(call).is_ok(), visit.actor());
    let (commit, status) = if awaiting {
        let change = visit.consent.refuse(no(call), actor)?;
        (change.commit(call.uuid(), Some(call.interaction.to_string())), ConsentStatus::Rejected)
    } else {
        // It ended without the customer, who must get back to the client all the same.
        (Commit { id: call.uuid(), ..Commit::default() }, visit.consent.at(call.now).status())
    };
    let data = ticket.data(&visit.interaction, status)?;
    let interaction = Some(visit.interaction.deny(ticket.hash, call.now)?);
    let commit = Commit { interaction, outbox, ..commit };
    ports.consents.commit(commit).await?;
    Ok(Answer::json(200, body(&data, call.now)))
}

const fn no(call: &Admitted) -> Rejection {
    Rejection { by: RejectedBy::User, reason: RejectionReason::CustomerManuallyRejected, at: call.now }
}
