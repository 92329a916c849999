//! A change of a payment consent: decided, committed, and decided again if somebody else was faster.

use ponte_edge::{Call, Refusal};
use ponte_payment::consent::{PaymentConsent, PaymentConsentChange, PaymentConsentFault};
use ponte_ports::CommitFault;

use crate::ports::Ports;

/// How often a change is decided again because somebody else changed the consent in between.
const ATTEMPTS: u32 = 6;

/// Commits the change that `decide` makes of a consent just read.
///
/// # Errors
/// The refusal of `decide`, a store that failed, or 409 after [`ATTEMPTS`] conflicts.
pub(super) async fn commit(
    ports: &Ports,
    call: &Call,
    mut consent: PaymentConsent,
    decide: impl Fn(PaymentConsent) -> Result<PaymentConsentChange, PaymentConsentFault>,
) -> Result<(), Refusal> {
    let mut attempt = 1;
    loop {
        let id = consent.id.clone();
        let change = decide(consent)?;
        match ports.consents.commit(change.commit(call.uuid(), Some(call.interaction.to_string()))).await {
            Ok(()) => return Ok(()),
            Err(CommitFault::Conflict) if attempt < ATTEMPTS => {
                attempt += 1;
                call.pause_before(attempt).await;
            }
            Err(fault) => return Err(fault.into()),
        }
        consent = ports.consents.find(&id).await?.ok_or_else(Refusal::not_found)?;
    }
}
