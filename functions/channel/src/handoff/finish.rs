//! POST .../finish: the page goes back to the client after the decision. Once: the second time is out of order.

use std::sync::Arc;

use ponte_authorization::interaction::InteractionFault;
use ponte_edge::{Answer, OpenCall, Refusal};

use super::page_secret::held;
use super::{Return, told};
use crate::ports::Ports;
use crate::steps;

pub(crate) async fn finish(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let id = call.request.id("interactionId");
    let found = ports.interactions.find(id).await?;
    let page = held(&call, found.ok_or(InteractionFault::InvalidSession)?)?;
    let redirect_to = steps::finish(&ports, &call, id, page).await?;
    told(&Return { redirect_to: &redirect_to })
}
