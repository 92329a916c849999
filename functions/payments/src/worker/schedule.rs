//! The list of a scheduled consent: the core judges each payment, and all become SCHD, or all RJCT (P22, T14).

use std::time::Duration;

use futures_util::future;
use ponte_payment::connector::{CallContext, ConnectorFault, PaymentStage};
use ponte_payment::consent::PaymentConsent;
use ponte_payment::payment::{Payment, PaymentChange, RejectionCode};
use ponte_ports::PortError;
use ponte_ports::audit::Actor;

use super::fault::WorkFault;
use super::send::{QUESTION, context};
use crate::commit::commit;
use crate::ports::Ports;

/// Payments of a list that the core judges side by side.
const SIDE_BY_SIDE: usize = 12;

/// Time for the whole list.
const WHOLE_LIST: Duration = Duration::from_secs(20);

/// The list is tried again after this.
const AGAIN: Duration = Duration::from_secs(30);

/// Asks the core about every payment of the list, and schedules or rejects all of them in one transaction.
pub(super) async fn schedule(ports: &Ports, consent: &PaymentConsent) -> Result<(), WorkFault> {
    let payments = ports.payments.find_all(consent.payments()).await?;
    // One that the core has spoken about meanwhile: the list cannot be scheduled as a whole any more (P22).
    if payments.iter().any(|payment| !payment.awaits_schedule()) {
        return abandon(ports, consent).await;
    }
    let judged = all_fit(ports, consent, &payments, context(ports, QUESTION)?);
    // One question of a long list that hangs must not hold the list for ever: it is asked again as a whole.
    let judged = tokio::time::timeout(WHOLE_LIST, judged)
        .await
        .unwrap_or_else(|late| Err(ConnectorFault::Unknown(PortError::new("payment connector", late))));
    let now = ports.clock.now();
    let changes = match judged {
        Ok(true) => {
            payments.into_iter().map(|payment| payment.scheduled(now)).collect::<Result<Vec<_>, _>>()?
        }
        Ok(false) => rejected(ports, payments),
        Err(ConnectorFault::NotSent(error) | ConnectorFault::Unknown(error)) => {
            tracing::warn!(consent = consent.id.as_str(), %error, "core did not judge a list of scheduled payments");
            let next = now.plus(AGAIN);
            let delayed = payments.into_iter().map(|payment| payment.scheduling_delayed(next));
            delayed.collect::<Result<Vec<_>, _>>()?
        }
    };
    Ok(commit(ports, changes, None).await?)
}

/// Whether the core agrees to every payment of the list.
async fn all_fit(
    ports: &Ports,
    consent: &PaymentConsent,
    payments: &[Payment],
    context: CallContext,
) -> Result<bool, ConnectorFault> {
    for some in payments.chunks(SIDE_BY_SIDE) {
        let judged = some.iter().map(|payment| {
            let (debtor, item) = (&payment.debtor, &payment.item);
            ports.connector.validate_payment(PaymentStage::PostPayment, consent, debtor, item, context)
        });
        if future::try_join_all(judged).await?.iter().any(Result::is_err) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The hour is over: all of the list is rejected.
pub(super) async fn abandon(ports: &Ports, consent: &PaymentConsent) -> Result<(), WorkFault> {
    let payments = ports.payments.find_all(consent.payments()).await?;
    let changes = rejected(ports, payments);
    if changes.is_empty() {
        return Ok(());
    }
    Ok(commit(ports, changes, None).await?)
}

/// Those that can still be rejected: what is over, or went out, stays what it is.
fn rejected(ports: &Ports, payments: Vec<Payment>) -> Vec<PaymentChange> {
    let (now, code) = (ports.clock.now(), RejectionCode::FalhaAgendamentoPagamentos);
    let detail = "O agendamento da lista de pagamentos não foi possível.";
    payments.into_iter().filter_map(|payment| payment.reject(code, detail, Actor::Ponte, now).ok()).collect()
}
