//! Asks the core by our key: about what may have moved and nobody knows (T07), and for the status of what it has.

use ponte_payment::connector::{ConnectorFault, Found};
use ponte_payment::consent::PaymentConsent;
use ponte_payment::payment::Payment;
use ponte_ports::audit::Actor;

use super::fault::WorkFault;
use super::send::{QUESTION, context, said, written};
use crate::ports::Ports;

/// A payment whose outcome is unknown: found is recorded; what the core does not know is sent again under the same key only where the
/// core recognises it, and parked otherwise.
pub(super) async fn ask(ports: &Ports, consent: &PaymentConsent, payment: Payment) -> Result<(), WorkFault> {
    let capability = ports.connector.capability();
    match ports.connector.find(consent, &payment, context(ports, QUESTION)?).await {
        Ok(Found::Known(report)) => said(ports, payment, report, Actor::Ponte).await,
        Ok(Found::Unknown) => {
            written(ports, payment, |payment, now| payment.not_found(capability, now).ok()).await
        }
        Ok(Found::CannotAsk) => written(ports, payment, |payment, now| payment.cannot_ask(now).ok()).await,
        Err(fault) => unanswered(ports, payment, fault).await,
    }
}

/// A payment that the core has: its status.
pub(super) async fn poll(ports: &Ports, consent: &PaymentConsent, payment: Payment) -> Result<(), WorkFault> {
    match ports.connector.find(consent, &payment, context(ports, QUESTION)?).await {
        Ok(Found::Known(report)) => said(ports, payment, report, Actor::Ponte).await,
        // The core had it and does not know it now: the reconciliation of the day tells an operator, and it stays what it is.
        Ok(Found::Unknown | Found::CannotAsk) => {
            written(ports, payment, |payment, now| payment.not_answered(now).ok()).await
        }
        Err(fault) => unanswered(ports, payment, fault).await,
    }
}

async fn unanswered(ports: &Ports, payment: Payment, fault: ConnectorFault) -> Result<(), WorkFault> {
    let (ConnectorFault::NotSent(error) | ConnectorFault::Unknown(error)) = fault;
    tracing::warn!(payment = payment.id.as_str(), %error, "core did not answer a question");
    written(ports, payment, |payment, now| payment.not_answered(now).ok()).await
}
