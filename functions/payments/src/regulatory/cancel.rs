//! PATCH /pix/payments/{paymentId}: one payment that is held, or scheduled for a later day (P55).

use std::sync::Arc;
use std::time::Duration;

use ponte_edge::{Answer, ClientCall, Refusal, SignedCall};
use ponte_payment::connector::{CallContext, ConnectorFault, CoreCancellation};
use ponte_payment::idempotency::IdempotentOutcome;
use ponte_payment::payment::{CancellationWay, CancelledFrom, CoreReport, CoreStatus, Payment, PaymentFault};
use ponte_payment::ports::PaymentWriteFault;
use ponte_payment::wire::ApiVersion;
use ponte_ports::audit::Actor;
use ponte_values::Cpf;
use serde::Deserialize;

use super::asked::{Asked, version};
use super::own;
use super::replay::{Replayed, replay};
use crate::commit;
use crate::ports::Ports;
use crate::view;

/// How often it is decided again because the payment changed in between.
const ATTEMPTS: u32 = 4;

/// Time of the question to the core.
const QUESTION: Duration = Duration::from_secs(6);

/// `data` of the request.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Cancellation {
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

impl Cancellation {
    /// The customer who cancels.
    ///
    /// # Errors
    /// `NotCancellable` for another document than a CPF: the only code that PATCH has (Z-PAY-36).
    pub(super) fn by(&self) -> Result<Cpf, PaymentFault> {
        let document = &self.cancellation.cancelled_by.document;
        if document.rel == "CPF" {
            Ok(document.identification.clone())
        } else {
            Err(PaymentFault::NotCancellable)
        }
    }
}

pub(super) async fn cancel(ports: Arc<Ports>, call: SignedCall<ClientCall>) -> Result<Answer, Refusal> {
    // v4 has no key on this endpoint (P40).
    let asked = match version(call.row) {
        ApiVersion::V4 => None,
        ApiVersion::V5 => Some(Asked::of(&call, call.row, &call.client.id, call.data_hash()?)?),
    };
    for attempt in 1..=ATTEMPTS {
        if let Some(asked) = &asked
            && let Some(outcome) = asked.replayed(&ports, &call).await?
        {
            return match replay(&ports, outcome).await? {
                Replayed::Payments(payments) if payments.len() == 1 => {
                    call.value(200, &view::payment(&payments[0]))
                }
                _ => Err(Refusal::internal()),
            };
        }
        let payment = own::payment(&ports, &call).await?;
        let by = call.data::<Cancellation>()?.by()?;
        let actor = Actor::Client(call.client.id.to_string());
        match one(&ports, &call, asked.as_ref(), payment, (by, CancelledFrom::Iniciadora, actor)).await? {
            Some(payment) => return call.value(200, &view::payment(&payment)),
            None => call.pause_before(attempt + 1).await,
        }
    }
    Err(Refusal::overloaded())
}

/// Cancels a payment; `None` if it changed in between. What the core holds, it cancels first.
async fn one(
    ports: &Ports,
    call: &ClientCall,
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
async fn at_the_core(
    ports: &Ports,
    call: &ClientCall,
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
