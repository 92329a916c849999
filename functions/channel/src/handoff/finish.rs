//! POST .../finish: the page goes back to the client after the decision. Once: the second time is out of order.

use std::sync::Arc;

use ponte_authorization::interaction::InteractionFault;
use ponte_edge::{Answer, OpenCall, Refusal};

use super::answer::{RedirectBack, json};
use super::page_secret::page_of;
use crate::ports::Ports;
use crate::steps;

pub(crate) async fn finish(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let id = call.request.id("interactionId");
    let found = ports.interactions.find(id).await?;
    let page = page_of(&call, found.ok_or(InteractionFault::InvalidSession)?)?;
    let redirect_to = steps::finish(&ports, &call, id, page).await?;
    json(&RedirectBack { redirect_to: &redirect_to })
}
