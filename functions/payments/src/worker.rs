//! The worker: brings one payment as far as it goes now. Every step is told by what is stored, so that a message that comes twice, late
//! or out of order does nothing more than one that comes once (T05 to T13).
//!
//! claim → judge once more, if it was scheduled (P23) → SENT, written before the call → the call → what the core said. Whatever ends
//! between two steps, the next message or the sweep of due payments goes on from what is stored.

mod ask;
mod refuse;
mod schedule;
mod send;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ponte_edge::{Message, Refusal, Verdict, Worker};
use ponte_payment::consent::PaymentConsent;
use ponte_payment::payment::{Payment, PaymentFault, Step};
use ponte_payment::ports::{PaymentMessage, PaymentWriteFault};
use ponte_ports::{PortError, chain};
use ponte_values::PaymentId;

use crate::ports::Ports;

pub(crate) use send::{context, said};

/// Steps of one message at most: claim and send, and what follows from the answer.
const MOST_STEPS: u32 = 8;

/// Longest time that a message may be hidden; what is due later is found by the sweep.
const LONGEST_DELAY: Duration = Duration::from_mins(2);

/// Works on the queue of payments.
pub struct PaymentWorker {
    ports: Arc<Ports>,
}

/// The reason why a payment was not brought further now.
#[derive(Debug)]
pub(crate) enum WorkFault {
    /// Somebody else changed it meanwhile: it is read and judged again.
    Met,
    /// The store or the queue failed; the message comes again.
    Port(PortError),
}

impl From<PortError> for WorkFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl From<PaymentFault> for WorkFault {
    fn from(_: PaymentFault) -> Self {
        Self::Met
    }
}

impl From<PaymentWriteFault> for WorkFault {
    fn from(fault: PaymentWriteFault) -> Self {
        match fault {
            PaymentWriteFault::Port(error) => Self::Port(error),
            PaymentWriteFault::Conflict
            | PaymentWriteFault::KeyUsed
            | PaymentWriteFault::EndToEndIdUsed(_)
            | PaymentWriteFault::LimitOfDay => Self::Met,
        }
    }
}

impl From<WorkFault> for Refusal {
    fn from(fault: WorkFault) -> Self {
        match fault {
            WorkFault::Met => Self::overloaded(),
            WorkFault::Port(error) => error.into(),
        }
    }
}

impl PaymentWorker {
    /// A worker over `ports`.
    #[must_use]
    pub const fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }
}

#[async_trait]
impl Worker for PaymentWorker {
    async fn work(&self, message: &Message) -> Verdict {
        let Ok(PaymentMessage { payment }) = serde_json::from_str(&message.body) else {
            return Verdict::Drop("not a message about a payment: {\"payment\": its id}".into());
        };
        match advance(&self.ports, &payment).await {
            Ok(Some(_)) => Verdict::Done,
            Ok(None) => Verdict::Drop("there is no such payment".into()),
            Err(WorkFault::Met) => Verdict::Retry,
            Err(WorkFault::Port(error)) => {
                tracing::error!(payment = payment.as_str(), error = chain(&error), "payment not worked on");
                Verdict::Retry
            }
        }
    }
}

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
        Step::Nothing | Step::Wait(_) => Ok(()),
    }
}

/// The consent of a payment, which is written in the same transaction as the payment.
async fn consent(ports: &Ports, payment: &Payment) -> Result<PaymentConsent, WorkFault> {
    let found = ports.consents.find(&payment.consent).await?;
    found.ok_or_else(|| PortError::new("payment consents", "the consent of a payment is not there").into())
}

/// Asks for a look at a payment after `span`, if that is soon; the sweep finds what is due later.
async fn look_again(ports: &Ports, id: &PaymentId, span: Duration) -> Result<(), PortError> {
    if span > LONGEST_DELAY {
        return Ok(());
    }
    ports.queue.send(&[PaymentMessage { payment: id.clone() }], span).await
}
