//! PATCH of all payments of a consent: v4 those that are held or scheduled, until 23:59 of the day before, answered with the list; v5 the
//! scheduled ones, until 22:00 of the day before (P56). Both are one transaction: all of them or none.

use std::sync::Arc;

use ponte_edge::{Answer, ClientCall, Refusal, SignedCall};
use ponte_payment::idempotency::IdempotentOutcome;
use ponte_payment::payment::{CancelledFrom, Payment, PaymentFault};
use ponte_payment::ports::PaymentWriteFault;
use ponte_payment::wire::ApiVersion;
use ponte_ports::audit::Actor;

use super::asked::{Asked, version};
use super::own;
use super::replay::{Replayed, replay};
use crate::cancellation::CancellationRequest;
use crate::commit;
use crate::ports::Ports;
use crate::view;

/// How often it is decided again because a payment changed in between.
const ATTEMPTS: u32 = 4;

pub(super) async fn cancel(ports: Arc<Ports>, call: SignedCall<ClientCall>) -> Result<Answer, Refusal> {
    let asked = Asked::of(&call, call.row, &call.client.id, call.data_hash()?)?;
    for attempt in 1..=ATTEMPTS {
        if let Some(outcome) = asked.replayed(&ports, &call).await? {
            return match replay(&ports, outcome).await? {
                Replayed::Payments(payments) => answer(&call, &payments),
                Replayed::Consent(_) => Err(Refusal::internal()),
            };
        }
        let consent = own::consent(&ports, &call).await?;
        let by = call.data::<CancellationRequest>()?.by()?;
        let payments = ports.payments.find_all(consent.payments()).await?;
        let actor = Actor::Client(call.client.id.to_string());
        let version = version(call.row);
        let cancel = |payment: Payment| match payment.cancellable_with_others(version, call.now) {
            true => payment.cancel(by.clone(), CancelledFrom::Iniciadora, actor.clone(), call.now).ok(),
            false => None,
        };
        let changes: Vec<_> = payments.into_iter().filter_map(cancel).collect();
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

fn answer(call: &ClientCall, payments: &[Payment]) -> Result<Answer, Refusal> {
    match version(call.row) {
        ApiVersion::V4 => call.value(200, &payments.iter().map(view::cancelled).collect::<Vec<_>>()),
        ApiVersion::V5 => Ok(Answer::accepted()),
    }
}
