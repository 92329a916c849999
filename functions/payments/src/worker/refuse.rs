//! Payments that are rejected before money moved: missed days, a core that was down for too long, and what was found on the day.

use ponte_payment::payment::{Payment, PaymentChange, RejectionCode};
use ponte_ports::audit::Actor;
use ponte_values::PaymentId;

use super::fault::WorkFault;
use crate::commit::commit;
use crate::ports::Ports;

/// Its day is over: it is never paid on another.
pub(super) async fn missed(ports: &Ports, payment: Payment) -> Result<(), WorkFault> {
    let (code, detail) = (RejectionCode::FalhaInfraestruturaDetentora, "A data de liquidação passou.");
    one(ports, payment, code, detail).await
}

/// The core could not be reached for too long.
pub(super) async fn given_up(ports: &Ports, payment: Payment) -> Result<(), WorkFault> {
    let code = RejectionCode::FalhaInfraestruturaDetentora;
    one(ports, payment, code, "O sistema da detentora não respondeu a tempo.").await
}

/// The customer's limit of the day is reached: nothing was sent, and the payment is rejected as it is stored.
pub(super) async fn above_the_limit(ports: &Ports, id: &PaymentId) -> Result<(), WorkFault> {
    let Some(payment) = ports.payments.find(id).await? else { return Ok(()) };
    one(ports, payment, RejectionCode::ValorAcimaLimite, "O limite diário do cliente foi atingido.").await
}

/// The core says no to a scheduled payment on its day. A key that is gone or is another's ends all payments of the consent that are
/// still to come (P23).
pub(super) async fn at_settlement(
    ports: &Ports,
    payment: Payment,
    code: RejectionCode,
    detail: &str,
) -> Result<(), WorkFault> {
    if code != RejectionCode::ChavePixDivergenteAgendamentoLiquidacao {
        return one(ports, payment, code, detail).await;
    }
    let consent = super::consent::consent(ports, &payment).await?;
    let now = ports.clock.now();
    let all = ports.payments.find_all(consent.payments()).await?;
    // Those that went out before, or are over, stay what they are.
    let changes: Vec<PaymentChange> =
        all.into_iter().filter_map(|payment| payment.reject(code, detail, Actor::Ponte, now).ok()).collect();
    if changes.is_empty() {
        return Ok(());
    }
    Ok(commit(ports, changes, None).await?)
}

async fn one(ports: &Ports, payment: Payment, code: RejectionCode, detail: &str) -> Result<(), WorkFault> {
    let change = payment.reject(code, detail, Actor::Ponte, ports.clock.now())?;
    Ok(commit(ports, vec![change], None).await?)
}
