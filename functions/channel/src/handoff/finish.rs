//! POST .../finish: the page goes back to the client after the decision. The answer is the same until the browser went there.
//! Afterwards it is out of order.

use std::sync::Arc;

use ponte_authorization::interaction::InteractionFault;
use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_ports::CommitFault;

use super::answer::{RedirectBack, json};
use super::page::arrival_of;
use super::page_secret::page_of;
use crate::ports::Ports;
use crate::steps;

/// Attempts to fetch the ticket: a conflict is another tab that did so at this moment, whose ticket is the same.
const ATTEMPTS: u32 = 2;

pub(crate) async fn finish(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let arrival = arrival_of(&call)?;
    for _ in 0..ATTEMPTS {
        let found = ports.interactions.find(arrival.interaction()).await?;
        let interaction = found.ok_or(InteractionFault::InvalidSession)?;
        let page = page_of(&call, interaction.clone(), &arrival)?;
        if let Some(redirect_to) = steps::finish(&ports, &call, &interaction, page).await? {
            return json(&RedirectBack { redirect_to: &redirect_to });
        }
    }
    Err(CommitFault::Conflict.into())
}
