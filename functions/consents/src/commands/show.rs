//! GET .../commands/{id}: the command that is due, once more.

use std::sync::Arc;

use ponte_edge::{Answer, Call, OpenCall, Refusal};

use super::next::next;
use crate::visit::Visit;
use crate::{Ports, cors};

pub(crate) async fn show(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let outcome = steps(&ports, &call).await;
    Ok(cors::finish(&ports, &call, outcome))
}

async fn steps(ports: &Ports, call: &Call) -> Result<Answer, Refusal> {
    let visit = Visit::read(ports, call.request.id("id")).await?;
    next(ports, call, &visit).await
}
