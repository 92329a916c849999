//! The payment consents and payments that a call may touch. What it may not touch is as unknown as what does not exist.

use ponte_edge::{Call, CustomerScope, Refusal};
use ponte_payment::consent::PaymentConsent;
use ponte_payment::payment::Payment;
use ponte_values::{ConsentId, PaymentId};

use crate::ports::Ports;

/// The consent of the path.
pub(super) async fn consent(
    ports: &Ports,
    call: &Call,
    customer: &CustomerScope,
) -> Result<PaymentConsent, Refusal> {
    let id = ConsentId::parse(call.request.id("consentId")).map_err(|_| Refusal::not_found())?;
    seen(ports, &id, customer).await
}

/// The payment of the path.
pub(super) async fn payment(
    ports: &Ports,
    call: &Call,
    customer: &CustomerScope,
) -> Result<Payment, Refusal> {
    let id = PaymentId::parse(call.request.id("paymentId")).map_err(|_| Refusal::not_found())?;
    let payment = ports.payments.find(&id).await?.ok_or_else(Refusal::not_found)?;
    seen(ports, &payment.consent, customer).await?;
    Ok(payment)
}

async fn seen(ports: &Ports, id: &ConsentId, customer: &CustomerScope) -> Result<PaymentConsent, Refusal> {
    let consent = ports.consents.find(id).await?;
    let consent = consent.filter(|consent| customer.sees(consent.person(), consent.company()));
    consent.ok_or_else(Refusal::not_found)
}
