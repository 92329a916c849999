//! The sweep: every pending row gets into a ticket, and gets there again if its ticket was lost.

use std::sync::Arc;

use async_trait::async_trait;
use ponte_domain::outbox::{LEASE, Lease, SHARDS, TICKET_ROWS, Ticket};
use ponte_domain::ports::{Backlog, Clock, PortError, Tickets};
use ponte_edge::Tick;

/// Tickets of one shard and sweep at most; the next sweep goes on behind them.
const MOST_TICKETS: usize = 100;

/// Turns pending rows into tickets.
pub struct Sweeper {
    /// The outbox.
    pub backlog: Arc<dyn Backlog>,
    /// The queue.
    pub tickets: Arc<dyn Tickets>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Tick for Sweeper {
    /// Sweeps every shard even if one fails; the first failure is the answer, and the scheduler tries again.
    async fn tick(&self) -> Result<(), PortError> {
        let mut first = Ok(());
        for shard in 0..SHARDS {
            match self.shard(shard).await {
                Ok(0) => {}
                Ok(tickets) => tracing::info!(shard, tickets, "swept"),
                Err(error) => first = first.and(Err(error)),
            }
        }
        first
    }
}

impl Sweeper {
    /// Sends the tickets before it notes them: dying in between sends them twice, never not at all.
    async fn shard(&self, shard: u8) -> Result<usize, PortError> {
        let now = self.clock.now();
        let before = self.backlog.lease(shard).await?;
        let after = Lease::sweep_after(before.as_ref(), now);
        let tickets = self.pending(shard, after).await?;
        let Some(last) = tickets.last() else {
            return Ok(0);
        };
        self.tickets.send(&tickets).await?;
        // A running lease keeps its end. Were it extended with every new row, a lost ticket would never be repeated.
        let until =
            before.as_ref().filter(|_| after.is_some()).map_or_else(|| now.plus(LEASE), |lease| lease.until);
        let upto = last.to.clone();
        let lease = Lease { upto, until };
        // False: another sweeper noted its own tickets meanwhile. Both sets are in the queue, which is harmless.
        self.backlog.take_lease(shard, before.as_ref(), &lease).await?;
        Ok(tickets.len())
    }

    async fn pending(&self, shard: u8, after: Option<&str>) -> Result<Vec<Ticket>, PortError> {
        let mut tickets: Vec<Ticket> = Vec::new();
        while tickets.len() < MOST_TICKETS {
            let after = tickets.last().map_or(after, |ticket| Some(ticket.to.as_str()));
            let keys = self.backlog.keys(shard, after, TICKET_ROWS).await?;
            let full = keys.len() >= TICKET_ROWS;
            if let (Some(from), Some(to)) = (keys.first(), keys.last()) {
                let (from, to) = (from.clone(), to.clone());
                tickets.push(Ticket { shard, from, to });
            }
            if !full {
                break;
            }
        }
        Ok(tickets)
    }
}

#[cfg(test)]
mod tests;
