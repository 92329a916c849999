//! GET /consents/{consentId} and GET /pix/payments/{paymentId} (P10).

use std::sync::Arc;

use ponte_edge::{Answer, ClientCall, Refusal};

use super::own;
use crate::ports::Ports;
use crate::view;

pub(super) async fn consent(ports: Arc<Ports>, call: ClientCall) -> Result<Answer, Refusal> {
    let consent = own::consent(&ports, &call).await?;
    call.value(200, &view::consent(&consent, call.now))
}

pub(super) async fn payment(ports: Arc<Ports>, call: ClientCall) -> Result<Answer, Refusal> {
    let payment = own::payment(&ports, &call).await?;
    call.value(200, &view::payment(&payment))
}
