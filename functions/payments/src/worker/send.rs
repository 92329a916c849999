//! Sends a payment to the core: claimed, judged once more if it was scheduled (P23), SENT before the call, and then what the core said.

use std::time::Duration;

use ponte_payment::connector::{CallContext, ConnectorFault, PaymentStage};
use ponte_payment::consent::PaymentConsent;
use ponte_payment::payment::{CoreReport, Payment, PaymentChange, RejectionCode};
use ponte_payment::ports::PaymentWriteFault;
use ponte_ports::PortError;
use ponte_ports::audit::Actor;
use ponte_values::{InteractionId, Moment};

use super::fault::WorkFault;
use super::refuse;
use crate::commit::{self, commit};
use crate::ports::Ports;

/// Time of a question to the core.
pub(super) const QUESTION: Duration = Duration::from_secs(6);

/// Time of the call that moves money. The core executes nothing of it that comes later.
const CALL: Duration = Duration::from_secs(10);

/// How often an answer of the core is written over what somebody else wrote meanwhile.
const TRIES: u32 = 6;

/// A call of ours that no client ordered.
pub(crate) fn context(ports: &Ports, left: Duration) -> Result<CallContext, PortError> {
    let correlation =
        InteractionId::parse(&ports.ids.uuid()).map_err(|error| PortError::new("ids", error))?;
    Ok(CallContext { correlation, left })
}

pub(super) async fn send(ports: &Ports, consent: &PaymentConsent, payment: Payment) -> Result<(), WorkFault> {
    let owner = ports.ids.uuid();
    let claimed = payment.claim(owner.clone(), ports.clock.now())?;
    let payment = claimed.payment.clone();
    commit(ports, vec![claimed], None).await?;
    if payment.day.is_some() {
        match judge(ports, consent, &payment, context(ports, QUESTION)?).await {
            Ok(None) => {}
            Ok(Some((code, detail))) => return refuse::at_settlement(ports, payment, code, &detail).await,
            Err(ConnectorFault::NotSent(error) | ConnectorFault::Unknown(error)) => {
                tracing::warn!(payment = payment.id.as_str(), %error, "core did not judge a payment that is due");
                let released = payment.not_sent(&owner, ports.clock.now())?;
                return Ok(commit(ports, vec![released], None).await?);
            }
        }
    }
    let call = context(ports, CALL)?;
    let now = ports.clock.now();
    let until = payment.call_until(now, CALL);
    let mut sent = payment.sent(&owner, until, now)?;
    let spending = ports.settings.count_scheduled(consent, &mut sent.payment);
    let payment = sent.payment.clone();
    let mut marked = commit::of(ports, vec![sent], None)?;
    marked.spending = spending;
    match ports.payments.change(marked).await {
        Err(PaymentWriteFault::LimitOfDay) => return refuse::above_the_limit(ports, &payment.id).await,
        outcome => outcome?,
    }
    let outcome = ports.connector.pay(consent, &payment, until, call).await;
    match outcome {
        Ok(report) => said(ports, payment, report, Actor::Ponte).await,
        Err(ConnectorFault::NotSent(error)) => {
            tracing::warn!(payment = payment.id.as_str(), %error, "payment did not reach the core");
            written(ports, payment, |payment, now| payment.not_sent(&owner, now).ok()).await
        }
        Err(ConnectorFault::Unknown(error)) => {
            tracing::warn!(payment = payment.id.as_str(), %error, "outcome of a payment unknown, the core is asked");
            written(ports, payment, |payment, now| payment.outcome_unknown(&owner, now).ok()).await
        }
    }
}

/// The judgement of a scheduled payment on its day; `None` if it may be paid.
async fn judge(
    ports: &Ports,
    consent: &PaymentConsent,
    payment: &Payment,
    context: CallContext,
) -> Result<Option<(RejectionCode, String)>, ConnectorFault> {
    let (stage, connector) = (PaymentStage::Settlement, &ports.connector);
    let judged = connector.validate_payment(stage, consent, &payment.debtor, &payment.item, context).await?;
    Ok(judged.err().map(|refused| (refused.code, refused.detail)))
}

/// Writes what the core said. If somebody else changed the payment meanwhile, the same is said of what is there now: it is about the
/// payment, whoever asked.
pub(crate) async fn said(
    ports: &Ports,
    payment: Payment,
    report: CoreReport,
    actor: Actor,
) -> Result<(), WorkFault> {
    written(ports, payment, |payment, now| payment.core_says(report.clone(), actor.clone(), now)).await
}

/// Writes a change, and decides on it again if somebody else changed the payment meanwhile; `None` is nothing left to write.
pub(super) async fn written(
    ports: &Ports,
    mut payment: Payment,
    change: impl Fn(Payment, Moment) -> Option<PaymentChange> + Send + Sync,
) -> Result<(), WorkFault> {
    let id = payment.id.clone();
    for _ in 0..TRIES {
        let Some(change) = change(payment, ports.clock.now()) else { return Ok(()) };
        let parked = change.payment.is_parked();
        match commit(ports, vec![change], None).await.map_err(WorkFault::from) {
            Ok(()) if parked => {
                tracing::error!(
                    alarm = "payment-books",
                    payment = id.as_str(),
                    "nobody knows whether a payment was made, and asking cannot decide"
                );
                return Ok(());
            }
            Err(WorkFault::Met) => {}
            outcome => return outcome,
        }
        let Some(stored) = ports.payments.find(&id).await? else { return Ok(()) };
        payment = stored;
    }
    Err(WorkFault::Met)
}
