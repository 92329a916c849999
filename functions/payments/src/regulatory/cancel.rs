//! PATCH /pix/payments/{paymentId}: one payment that is held, or scheduled for a later day (P55).

use std::sync::Arc;

use ponte_edge::{Answer, ClientCall, Refusal, SignedCall};
use ponte_payment::payment::{CancelledFrom, PaymentFault};
use ponte_payment::wire::ApiVersion;
use ponte_ports::audit::Actor;

use super::asked::{Asked, version};
use super::own;
use super::replay::{Replayed, replay};
use crate::cancellation::{self, CancellationRequest};
use crate::ports::Ports;
use crate::view;

/// How often it is decided again because the payment changed in between.
const ATTEMPTS: u32 = 4;

pub(super) async fn cancel(ports: Arc<Ports>, call: SignedCall<ClientCall>) -> Result<Answer, Refusal> {
    // v4 has no key on this endpoint (P40).
    let asked = match version(call.row) {
        ApiVersion::V4 => None,
        ApiVersion::V5 => Some(asked(&call)?),
    };
    for attempt in 1..=ATTEMPTS {
        if let Some(asked) = &asked
            && let Some(outcome) = asked.replayed(&ports, &call).await?
        {
            return match replay(&ports, outcome).await? {
                Replayed::Payments(payments) if payments.len() == 1 => {
                    call.value(200, &view::payment(&payments[0]))
                }
                _ => Err(Refusal::internal()),
            };
        }
        let payment = own::payment(&ports, &call).await?;
        let by = CancellationRequest::customer(&call)?;
        let actor = Actor::Client(call.client.id.to_string());
        match cancellation::cancel(
            &ports,
            &call,
            asked.as_ref(),
            payment,
            (by, CancelledFrom::Iniciadora, actor),
        )
        .await?
        {
            Some(payment) => return call.value(200, &view::payment(&payment)),
            None => call.pause_before(attempt + 1).await,
        }
    }
    Err(Refusal::overloaded())
}

/// The request with its key. One without `data` names no customer who cancels.
///
/// # Errors
/// `NotCancellable`, the only code that its file has for it (Z-PAY-36).
pub(super) fn asked(call: &SignedCall<ClientCall>) -> Result<Asked, Refusal> {
    let hash = call.data_hash().map_err(|_| PaymentFault::NotCancellable)?;
    Asked::of(call, call.row, &call.client.id, hash)
}
