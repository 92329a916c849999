//! GET .../commands/{id}: the command that is due, once more.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};

use super::next::next;
use crate::ports::Ports;
use crate::visit::Visit;

pub(crate) async fn show(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let visit = Visit::read(&ports, &call.request.id("id")).await?;
    next(&ports, &call, &visit).await
}
