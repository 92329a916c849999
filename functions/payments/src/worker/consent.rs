//! The consent of a payment.

use ponte_payment::consent::PaymentConsent;
use ponte_payment::payment::Payment;
use ponte_ports::PortError;

use super::fault::WorkFault;
use crate::ports::Ports;

/// The consent of a payment, which is written in the same transaction as the payment.
pub(super) async fn consent(ports: &Ports, payment: &Payment) -> Result<PaymentConsent, WorkFault> {
    let found = ports.consents.find(&payment.consent).await?;
    found.ok_or_else(|| PortError::new("payment consents", "the consent of a payment is not there").into())
}
