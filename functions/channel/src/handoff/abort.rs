//! POST .../abort: the customer gives up at the page, and goes back to the client with `access_denied`.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};

use super::page_secret::held;
use super::{Return, told};
use crate::ports::Ports;
use crate::session::Session;
use crate::steps;

pub(crate) async fn abort(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let session = Session::read(&ports, call.request.id("interactionId")).await?;
    let page = held(&call, session.interaction.clone())?;
    let redirect_to = steps::abort(&ports, &call, session, page).await?;
    told(&Return { redirect_to: &redirect_to })
}
