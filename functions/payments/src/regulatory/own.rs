//! Consents and payments of the path, which must be the caller's (P10).

use ponte_edge::{ClientCall, Refusal};
use ponte_payment::consent::PaymentConsent;
use ponte_payment::payment::Payment;
use ponte_values::{ConsentId, PaymentId};

use crate::ports::Ports;

/// The consent of the path.
///
/// # Errors
/// 404 for one that is not there, 400 for another client's (P10).
pub(super) async fn consent(ports: &Ports, call: &ClientCall) -> Result<PaymentConsent, Refusal> {
    let id = ConsentId::parse(call.request.id("consentId")).map_err(|_| Refusal::not_found())?;
    let consent = ports.consents.find(&id).await?.ok_or_else(Refusal::not_found)?;
    if consent.client == call.client.id { Ok(consent) } else { Err(Refusal::not_of_client()) }
}

/// The payment of the path.
///
/// # Errors
/// As above.
pub(super) async fn payment(ports: &Ports, call: &ClientCall) -> Result<Payment, Refusal> {
    let id = PaymentId::parse(call.request.id("paymentId")).map_err(|_| Refusal::not_found())?;
    let payment = ports.payments.find(&id).await?.ok_or_else(Refusal::not_found)?;
    if payment.client == call.client.id { Ok(payment) } else { Err(Refusal::not_of_client()) }
}
