//! GET .../commands/{id}: the command that is due, once more.

use std::sync::Arc;

use ponte_edge::{Answer, OpenCall, Refusal};

use super::next::next;
use crate::ports::Ports;
use crate::proof::Wish;
use crate::session::Session;

pub(crate) async fn show(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let session = Session::read(&ports, &call, call.request.id("id"), Wish::See).await?;
    next(&ports, &call, session, None).await
}
