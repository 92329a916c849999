//! POST .../finish: the page goes back to the client after the decision. Once: the second time is out of order.

use std::sync::Arc;

use ponte_authorization::interaction::InteractionFault;
use ponte_edge::{Answer, OpenCall, Refusal};

use super::answer::{RedirectBack, json};
use super::page::arrival_of;
use super::page_secret::page_of;
use crate::ports::Ports;
use crate::steps;

pub(crate) async fn finish(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let arrival = arrival_of(&call)?;
    let found = ports.interactions.find(arrival.interaction()).await?;
    let page = page_of(&call, found.ok_or(InteractionFault::InvalidSession)?, &arrival)?;
    let redirect_to = steps::finish(&ports, &call, arrival.interaction(), page).await?;
    json(&RedirectBack { redirect_to: &redirect_to })
}
