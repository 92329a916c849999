//! GET .../commands/{id}: the command that is due, once more.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};

use super::next::next;
use crate::ports::Ports;
use crate::session::Session;

pub(crate) async fn show(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let session = Session::read(&ports, call.request.id("id")).await?;
    next(&ports, &call, session).await
}
