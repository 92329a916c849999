//! Brings one payment as far as it goes now: step after step, each told by what is stored.

use std::time::Duration;

use ponte_payment::consent::PaymentConsent;
use ponte_payment::payment::{Execution, Payment, Step};
use ponte_payment::ports::PaymentMessage;
use ponte_ports::PortError;
use ponte_values::PaymentId;

use super::consent::consent;
use super::fault::WorkFault;
use super::{ask, refuse, schedule, send};
use crate::commit::report_late;
use crate::ports::Ports;

/// Steps of one message at most: claim and send, and what follows from the answer.
const MOST_STEPS: u32 = 8;

/// Longest time that a message may be hidden; what is due later is found by the sweep.
const LONGEST_DELAY: Duration = Duration::from_mins(2);

/// Brings a payment as far as it goes now and says when it is looked at again; `None` if there is none of this id.
pub(crate) async fn advance(ports: &Ports, id: &PaymentId) -> Result<Option<Payment>, WorkFault> {
    let mut met = WorkFault::Met;
    for _ in 0..MOST_STEPS {
        let Some(payment) = ports.payments.find(id).await? else { return Ok(None) };
        let now = ports.clock.now();
        let outcome = match payment.next_step(now) {
            Step::Nothing => return Ok(Some(payment)),
            Step::Wait(until) => {
                look_again(ports, id, until.since(now)).await?;
                return Ok(Some(payment));
            }
            step => {
                let consent = consent(ports, &payment).await?;
                take(ports, &consent, payment, step).await
            }
        };
        match outcome {
            Ok(()) => {}
            Err(WorkFault::Met) => met = WorkFault::Met,
            Err(fault) => return Err(fault),
        }
    }
    Err(met)
}

async fn take(
    ports: &Ports,
    consent: &PaymentConsent,
    payment: Payment,
    step: Step,
) -> Result<(), WorkFault> {
    match step {
        Step::Schedule => schedule::schedule(ports, consent).await,
        Step::AbandonSchedule => schedule::abandon(ports, consent).await,
        Step::Send => send::send(ports, consent, payment).await,
        Step::Missed => refuse::missed(ports, payment).await,
        Step::GiveUp => refuse::given_up(ports, payment).await,
        Step::Ask => ask::ask(ports, consent, payment).await,
        Step::Poll => ask::poll(ports, consent, payment).await,
        Step::Report => Ok(report_late(ports, payment).await?),
        Step::Nothing | Step::Wait(_) => Ok(()),
    }
}

/// Asks the core about a payment that it may have, at once, also where nobody would ask by itself any more.
pub(crate) async fn look(ports: &Ports, payment: Payment) -> Result<(), WorkFault> {
    match payment.execution() {
        Execution::Idle { .. } | Execution::Claimed { .. } => {
            advance(ports, &payment.id).await?;
            Ok(())
        }
        Execution::Done { .. } => ask::poll(ports, &consent(ports, &payment).await?, payment).await,
        Execution::Sent { .. } | Execution::Unknown { .. } | Execution::Parked { .. } => {
            ask::ask(ports, &consent(ports, &payment).await?, payment).await
        }
    }
}

/// Asks for a look at a payment after `span`, if that is soon; the sweep finds what is due later.
async fn look_again(ports: &Ports, id: &PaymentId, span: Duration) -> Result<(), PortError> {
    if span > LONGEST_DELAY {
        return Ok(());
    }
    ports.queue.send(&[PaymentMessage { payment: id.clone() }], span).await
}
