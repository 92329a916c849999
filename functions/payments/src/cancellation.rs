//! The cancellation of one payment, by the client or in the institution's own channel: one way for both (P55).

use std::time::Duration;

use ponte_edge::{Call, Refusal, SignedCall};
use ponte_payment::connector::{CallContext, ConnectorFault, CoreCancellation};
use ponte_payment::idempotency::IdempotentOutcome;
use ponte_payment::payment::{CancellationWay, CancelledFrom, CoreReport, CoreStatus, Payment, PaymentFault};
use ponte_payment::ports::PaymentWriteFault;
use ponte_ports::audit::Actor;
use ponte_values::Cpf;
use serde::Deserialize;

use crate::commit;
use crate::ports::Ports;
use crate::regulatory::Asked;

/// Time of the question to the core.
const QUESTION: Duration = Duration::from_secs(6);

/// `data` of the request.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct CancellationRequest {
    #[serde(rename = "status")]
    _status: Cancelled,
    cancellation: By,
}

/// The word `CANC`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Cancelled {
    Canc,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct By {
    cancelled_by: Person,
}

#[derive(Clone, Debug, Deserialize)]
struct Person {
    document: Document,
}

/// A document whose kind is judged by a rule of its own (Z-PAY-36).
#[derive(Clone, Debug, Deserialize)]
struct Document {
    identification: Cpf,
    rel: String,
}

impl CancellationRequest {
    /// The customer who cancels, by the message of a client.
    ///
    /// # Errors
    /// `NotCancellable` for whatever cannot be read: the only code that PATCH has for it (Z-PAY-36).
    pub(crate) fn customer<C>(call: &SignedCall<C>) -> Result<Cpf, PaymentFault> {
        call.data::<Self>().map_err(|_| PaymentFault::NotCancellable)?.by()
    }

    /// The customer who cancels.
    ///
    /// # Errors
    /// `NotCancellable` for another document than a CPF, as above.
    pub(crate) fn by(&self) -> Result<Cpf, PaymentFault> {
        let document = &self.cancellation.cancelled_by.document;
        if document.rel == "CPF" {
            Ok(document.identification.clone())
        } else {
            Err(PaymentFault::NotCancellable)
        }
    }
}

/// Cancels a payment; `None` if it changed in between. What the core holds, it cancels first.
pub(crate) async fn cancel(
    ports: &Ports,
    call: &Call,
    asked: Option<&Asked>,
    payment: Payment,
    (by, from, actor): (Cpf, CancelledFrom, Actor),
) -> Result<Option<Payment>, Refusal> {
    if payment.cancellable(call.now)? == CancellationWay::AtTheCore
        && let Some(other) = at_the_core(ports, call, &payment, &by).await?
    {
        // The core says that it is something else by now: that is what it is, and it was not cancelled.
        crate::worker::said(ports, payment, other, Actor::Ponte).await?;
        return Err(PaymentFault::NotCancellable.into());
    }
    let id = payment.id.clone();
    let change = payment.cancel(by, from, actor, call.now)?;
    let cancelled = change.payment.clone();
    let mut commit = commit::of(ports, vec![change], Some(call.interaction.to_string()))?;
    commit.idempotency = asked.map(|asked| asked.record(IdempotentOutcome::Payments(vec![id]), call));
    match ports.payments.change(commit).await {
        Ok(()) => Ok(Some(cancelled)),
        Err(PaymentWriteFault::Conflict | PaymentWriteFault::KeyUsed) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

/// Cancels at the core; what it says instead, if the payment is not cancelled.
pub(crate) async fn at_the_core(
    ports: &Ports,
    call: &Call,
    payment: &Payment,
    by: &Cpf,
) -> Result<Option<CoreReport>, Refusal> {
    let consent = ports.consents.find(&payment.consent).await?.ok_or_else(Refusal::internal)?;
    let context = CallContext { correlation: call.interaction, left: QUESTION.min(call.time_left()) };
    match ports.connector.cancel(&consent, payment, by, context).await {
        Ok(CoreCancellation::Reported(report)) if matches!(report.status, CoreStatus::Cancelled(_)) => {
            Ok(None)
        }
        Ok(CoreCancellation::Reported(report)) => Ok(Some(report)),
        Ok(CoreCancellation::Refused) => Err(PaymentFault::NotCancellable.into()),
        // What became of it is told by the next question for its status.
        Err(ConnectorFault::NotSent(error) | ConnectorFault::Unknown(error)) => Err(error.into()),
    }
}
