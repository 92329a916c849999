//! PATCH of all payments of a consent: v4 those that are held or scheduled, until 23:59 of the day before, answered with the list; v5 the
//! scheduled ones, until 22:00 of the day before (P56). Both are one transaction: all of them or none. What the core holds, it cancels
//! first.

use std::sync::Arc;

use ponte_edge::{Answer, ClientCall, Refusal, SignedCall};
use ponte_payment::idempotency::IdempotentOutcome;
use ponte_payment::payment::{CancellationWay, CancelledFrom, Payment, PaymentFault};
use ponte_payment::ports::PaymentWriteFault;
use ponte_payment::wire::ApiVersion;
use ponte_ports::audit::Actor;
use ponte_values::Cpf;

use super::asked::version;
use super::cancel::asked;
use super::own;
use super::replay::{Replayed, replay};
use crate::cancellation::{self, CancellationRequest};
use crate::commit;
use crate::ports::Ports;
use crate::view;

/// How often it is decided again because a payment changed in between.
const ATTEMPTS: u32 = 4;

pub(super) async fn cancel(ports: Arc<Ports>, call: SignedCall<ClientCall>) -> Result<Answer, Refusal> {
    let asked = asked(&call)?;
    for attempt in 1..=ATTEMPTS {
        if let Some(outcome) = asked.replayed(&ports, &call).await.map_err(|refusal| told(&call, refusal))? {
            return match replay(&ports, outcome).await? {
                Replayed::Payments(payments) => answer(&call, &payments),
                Replayed::Consent(_) => Err(Refusal::internal()),
            };
        }
        let consent = own::consent(&ports, &call).await?;
        let by = CancellationRequest::customer(&call)?;
        let payments = ports.payments.find_all(consent.payments()).await?;
        let actor = Actor::Client(call.client.id.to_string());
        let mut changes = Vec::new();
        for payment in payments {
            if payment.cancellable_with_others(version(call.row), call.now)
                && given_up_by_the_core(&ports, &call, &payment, &by).await?
            {
                let cancelled =
                    payment.cancel(by.clone(), CancelledFrom::Iniciadora, actor.clone(), call.now);
                changes.push(cancelled?);
            }
        }
        if changes.is_empty() {
            return Err(PaymentFault::NotCancellable.into());
        }
        let cancelled: Vec<_> = changes.iter().map(|change| change.payment.clone()).collect();
        let ids = cancelled.iter().map(|payment| payment.id.clone()).collect();
        let mut commit = commit::of(&ports, changes, Some(call.interaction.to_string()))?;
        commit.idempotency = Some(asked.record(IdempotentOutcome::Payments(ids), &call));
        match ports.payments.change(commit).await {
            Ok(()) => return answer(&call, &cancelled),
            Err(PaymentWriteFault::Conflict | PaymentWriteFault::KeyUsed) => {
                call.pause_before(attempt + 1).await;
            }
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(Refusal::overloaded())
}

/// Whether the core does not pay it any more: it never had it, or cancelled it. What it says instead is what the payment is.
async fn given_up_by_the_core(
    ports: &Ports,
    call: &ClientCall,
    payment: &Payment,
    by: &Cpf,
) -> Result<bool, Refusal> {
    if payment.cancellable(call.now)? == CancellationWay::Here {
        return Ok(true);
    }
    match cancellation::at_the_core(ports, call, payment, by).await {
        Ok(None) => Ok(true),
        Ok(Some(other)) => {
            crate::worker::said(ports, payment.clone(), other, Actor::Ponte).await?;
            Ok(false)
        }
        // It stays as it is, and so do the others that can be cancelled.
        Err(refusal) if refusal.status() == 422 => Ok(false),
        Err(refusal) => Err(refusal),
    }
}

/// A key that was used for something else, as v4 tells it: its file has one code here (P56).
fn told(call: &ClientCall, refusal: Refusal) -> Refusal {
    match version(call.row) {
        ApiVersion::V4 if refusal.status() == 422 => {
            let over = Refusal::from(PaymentFault::NotCancellable);
            let (title, detail) = (over.title().to_owned(), refusal.detail().to_owned());
            Refusal::told_before(over.code(), title, detail).unwrap_or(over)
        }
        _ => refusal,
    }
}

fn answer(call: &ClientCall, payments: &[Payment]) -> Result<Answer, Refusal> {
    match version(call.row) {
        ApiVersion::V4 => call.value(200, &payments.iter().map(view::cancelled).collect::<Vec<_>>()),
        ApiVersion::V5 => Ok(Answer::accepted()),
    }
}
