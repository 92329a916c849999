//! A request that was sent before: its answer is made anew from what its resources are today (P42, PB-B03).

use ponte_edge::Refusal;
use ponte_payment::consent::PaymentConsent;
use ponte_payment::idempotency::IdempotentOutcome;
use ponte_payment::payment::Payment;

use crate::ports::Ports;

/// What a request led to.
pub(super) enum Replayed {
    /// This consent.
    Consent(Box<PaymentConsent>),
    /// These payments, in the order of the request.
    Payments(Vec<Payment>),
}

/// Reads what a request led to.
///
/// # Errors
/// The refusal that it was answered with; a fault of ours if its resources are not there.
pub(super) async fn replay(ports: &Ports, outcome: IdempotentOutcome) -> Result<Replayed, Refusal> {
    match outcome {
        IdempotentOutcome::Consent(id) => {
            let consent = ports.consents.find(&id).await?.ok_or_else(Refusal::internal)?;
            Ok(Replayed::Consent(Box::new(consent)))
        }
        IdempotentOutcome::Payments(ids) => {
            let payments = ports.payments.find_all(&ids).await?;
            if payments.len() == ids.len() {
                Ok(Replayed::Payments(payments))
            } else {
                Err(Refusal::internal())
            }
        }
        IdempotentOutcome::Refused { code, title, detail } => {
            Err(Refusal::told_before(&code, title, detail).unwrap_or_else(Refusal::internal))
        }
    }
}
