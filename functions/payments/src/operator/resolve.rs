//! `payments.resolve`: two people say what became of a payment of which asking could not tell it.

use std::time::Duration;

use ponte_payment::payment::{Payment, PaymentStatus};
use ponte_payment::ports::{PaymentMessage, PaymentWriteFault};
use ponte_ports::LegacyId;
use ponte_ports::audit::OperatorOrder;
use ponte_values::PaymentId;

use super::fault::CommandFault;
use crate::commands::{Outcome, Resolved};
use crate::commit::commit;
use crate::ports::Ports;

/// How often it is decided again because the payment changed in between.
const TRIES: u32 = 4;

/// Resolves a payment; one that is already what they say stays as it is.
pub(super) async fn resolve(
    ports: &Ports,
    id: &PaymentId,
    (outcome, key): (Outcome, Option<LegacyId>),
    order: &OperatorOrder,
) -> Result<Resolved, CommandFault> {
    for _ in 0..TRIES {
        let payment = ports.payments.find(id).await?.ok_or(CommandFault::Unknown)?;
        let already = matches!(
            (outcome, payment.status()),
            (Outcome::Executed, PaymentStatus::Acsc) | (Outcome::NotExecuted, PaymentStatus::Rjct)
        );
        if already {
            return Ok(of(&payment, false));
        }
        let now = ports.clock.now();
        let change = match outcome {
            Outcome::Executed => payment.resolve_executed(key.clone(), order, now),
            Outcome::NotExecuted => payment.resolve_not_executed(order, now),
            Outcome::SendAgain => payment.resolve_send_again(order, now),
        };
        let change = change.map_err(|_| CommandFault::NotInDoubt)?;
        let resolved = of(&change.payment, true);
        match commit(ports, vec![change], None).await {
            Ok(()) => {
                if outcome == Outcome::SendAgain {
                    // What is not told is found by the sweep.
                    let message = PaymentMessage { payment: id.clone() };
                    if let Err(error) = ports.queue.send(&[message], Duration::ZERO).await {
                        tracing::warn!(%error, "worker not told of a payment, the sweep finds it");
                    }
                }
                return Ok(resolved);
            }
            Err(PaymentWriteFault::Conflict) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(CommandFault::Met)
}

fn of(payment: &Payment, changed: bool) -> Resolved {
    Resolved {
        payment: payment.id.to_string(),
        status: payment.status().as_str().to_owned(),
        parked: payment.is_parked(),
        changed,
    }
}
