//! POST .../abort: the customer gives up at the page, and goes back to the client with `access_denied`.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};

use super::page_secret::held;
use super::{Return, told};
use crate::ports::Ports;
use crate::visit::{self, Visit};

pub(crate) async fn abort(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let visit = Visit::read(&ports, call.request.id("interactionId")).await?;
    let page = held(&call, visit.interaction.clone())?;
    let redirect_to = visit::abort(&ports, &call, visit, page).await?;
    told(&Return { redirect_to: &redirect_to })
}
