//! The sweep, every minute: consents that time ended (P05 to P07), and payments that are due and of which no message came (T19, T26).
//!
//! The queue brings a payment to the worker within seconds; the sweep is what makes it certain. A message too many does nothing.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future;
use ponte_edge::Tick;
use ponte_payment::ports::PaymentMessage;
use ponte_ports::outbox::SHARDS;
use ponte_ports::{CommitFault, PortError, chain};
use ponte_values::{ConsentId, Moment};

use crate::ports::Ports;

/// Nothing is begun after this time, so that it ends before the function's timeout (28 s); the next one goes on.
const BUDGET: Duration = Duration::from_secs(20);

/// Consents of one shard and sweep at most.
const MOST_CONSENTS: u16 = 4_000;

/// Consents of one shard that are ended side by side.
const SIDE_BY_SIDE: usize = 8;

/// Payments of one shard and sweep at most; ten go into one request to the queue.
const MOST_PAYMENTS: u16 = 150;

/// While so many messages wait, no more are added: what is due is due again in a minute, and payments that were just accepted must not
/// wait behind it.
const MOST_WAITING: u64 = 200;

/// What a sweep did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Swept {
    /// Consents that were ended.
    pub(crate) consents: u64,
    /// Payments that were given to the worker.
    pub(crate) payments: u64,
}

/// The jobs of every minute.
pub struct EveryMinute {
    ports: Arc<Ports>,
}

impl EveryMinute {
    /// The jobs over `ports`.
    #[must_use]
    pub const fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }
}

#[async_trait]
impl Tick for EveryMinute {
    /// Every shard, even if another fails; the first failure is the answer, and the scheduler tries again.
    async fn tick(&self) -> Result<(), PortError> {
        let now = self.ports.clock.now();
        sweep(&self.ports, now).await.map(drop)
    }
}

/// Ends what time ended, and gives the worker what is due.
pub(crate) async fn sweep(ports: &Ports, now: Moment) -> Result<Swept, PortError> {
    let until = now.plus(BUDGET);
    let crowded = match ports.queue.waiting().await {
        Ok(waiting) => waiting >= MOST_WAITING,
        Err(error) => {
            tracing::warn!(error = chain(&error), "length of the queue of payments unknown");
            false
        }
    };
    let shards = if crowded { 0 } else { SHARDS };
    let payments = future::join_all((0..shards).map(|shard| due_payments(ports, shard, now)));
    let consents = future::join_all((0..SHARDS).map(|shard| due_consents(ports, shard, now, until)));
    let (payments, consents) = future::join(payments, consents).await;
    let (mut swept, mut first) = (Swept::default(), Ok(()));
    for outcome in payments {
        match outcome {
            Ok(sent) => swept.payments += sent,
            Err(error) => first = first.and(Err(error)),
        }
    }
    for outcome in consents {
        match outcome {
            Ok(ended) => swept.consents += ended,
            Err(error) => first = first.and(Err(error)),
        }
    }
    if swept != Swept::default() {
        tracing::info!(consents = swept.consents, payments = swept.payments, "payments swept");
    }
    first.map(|()| swept)
}

async fn due_payments(ports: &Ports, shard: u8, now: Moment) -> Result<u64, PortError> {
    let due = ports.payments.due(shard, now, MOST_PAYMENTS).await?;
    let messages: Vec<_> = due.into_iter().map(|payment| PaymentMessage { payment }).collect();
    if !messages.is_empty() {
        ports.queue.send(&messages, Duration::ZERO).await?;
    }
    Ok(u64::try_from(messages.len()).unwrap_or(u64::MAX))
}

async fn due_consents(ports: &Ports, shard: u8, now: Moment, until: Moment) -> Result<u64, PortError> {
    let mut ended = 0;
    for some in ports.index.due(shard, now, MOST_CONSENTS).await?.chunks(SIDE_BY_SIDE) {
        if ports.clock.now() >= until {
            break;
        }
        let outcomes = future::join_all(some.iter().map(|id| end(ports, id, now))).await;
        for (id, outcome) in some.iter().zip(outcomes) {
            match outcome {
                Ok(true) => ended += 1,
                // Somebody else changed it meanwhile, or it is over: the next sweep sees what is left to do.
                Ok(false) | Err(CommitFault::Conflict) => {}
                // One that cannot be read or written does not hold up the others.
                Err(CommitFault::Port(error)) => {
                    tracing::error!(
                        consent = id.as_str(),
                        error = chain(&error),
                        "payment consent not swept"
                    );
                }
            }
        }
    }
    Ok(ended)
}

async fn end(ports: &Ports, id: &ConsentId, now: Moment) -> Result<bool, CommitFault> {
    let Some(consent) = ports.consents.find(id).await? else { return Ok(false) };
    let Some(change) = consent.expire(now) else { return Ok(false) };
    ports.consents.commit(change.commit(ports.ids.uuid(), None)).await?;
    Ok(true)
}
