//! The sweep: every pending row gets into a ticket, and gets there again if its ticket was lost; claims of dead workers
//! are finished, what the alarms watch is measured, and an alarm is raised when a deadline is in danger.

use std::sync::Arc;

use async_trait::async_trait;
use ponte_edge::Tick;
use ponte_metrics::ledger::day;
use ponte_metrics::ledger::day::Threat;
use ponte_metrics::ledger::shard_leases::ClaimTime;
use ponte_metrics::outbox::{LEASE, Lease, TICKET_ROWS, Ticket};
use ponte_ports::PortError;
use ponte_ports::outbox::SHARDS;
use ponte_ports::rotation::Rotating;
use ponte_values::Moment;

use crate::ports::Ports;
use crate::{claims, days, gauges};

/// Tickets of one shard and sweep at most; the next sweep goes on behind them.
const MOST_TICKETS: usize = 100;

/// Turns pending rows into tickets.
pub struct Sweeper {
    ports: Arc<Ports>,
    /// When the client certificate of outgoing calls ends.
    certificate: Option<Rotating<Moment>>,
}

#[async_trait]
impl Tick for Sweeper {
    /// Does every part of the sweep even if one fails; the first failure is the answer, and the scheduler tries again.
    async fn tick(&self) -> Result<(), PortError> {
        let mut first = Ok(());
        for shard in 0..SHARDS {
            match self.shard(shard).await {
                Ok(0) => {}
                Ok(tickets) => tracing::info!(shard, tickets, "swept"),
                Err(error) => first = first.and(Err(error)),
            }
        }
        // New tickets and the alarm do not wait for what dead workers left, which may take its time.
        first = first.and(self.watch().await);
        first = first.and(self.measure().await);
        for shard in 0..SHARDS {
            first = first.and(self.finish_overdue(shard).await);
        }
        first
    }
}

impl Sweeper {
    /// A sweeper over `ports`.
    #[must_use]
    pub const fn new(ports: Arc<Ports>) -> Self {
        Self { ports, certificate: None }
    }

    /// Also says how long the client certificate of outgoing calls is still good, which ends at the given moment.
    #[must_use]
    pub fn watching(self, certificate: impl Into<Rotating<Moment>>) -> Self {
        Self { certificate: Some(certificate.into()), ..self }
    }

    /// Writes down what alarms watch: how old the outbox is, and when the certificate ends (T67).
    async fn measure(&self) -> Result<(), PortError> {
        let now = self.ports.clock.now();
        if let Some(certificate) = &self.certificate {
            gauges::certificate(*certificate.at(now).await, now);
        }
        gauges::outbox_age(&self.ports, now).await
    }

    /// Finishes the claims of workers that died before they took their settled rows away, every one even if another
    /// fails.
    async fn finish_overdue(&self, shard: u8) -> Result<(), PortError> {
        let leases = self.ports.settlements.leases(shard).await?;
        let mut first = Ok(());
        for claim in leases.overdue(ClaimTime::of(self.ports.clock.now(), None)) {
            first = first.and(claims::finish(&self.ports, shard, claim).await);
        }
        first
    }

    /// Looks at the days whose deadline is near and raises an alarm where too little has arrived (M60).
    async fn watch(&self) -> Result<(), PortError> {
        let now = self.ports.clock.now();
        for date in day::watched(now) {
            let totals = days::totals(&self.ports, date).await?.1;
            if let Some(threat) = day::threat(date, &totals, now) {
                alarm(&threat);
            }
        }
        Ok(())
    }

    /// Sends the tickets before it notes them: dying in between sends them twice, never not at all.
    async fn shard(&self, shard: u8) -> Result<usize, PortError> {
        let now = self.ports.clock.now();
        let before = self.ports.backlog.lease(shard).await?;
        let after = Lease::sweep_after(before.as_ref(), now);
        let tickets = self.pending(shard, after).await?;
        let Some(last) = tickets.last() else {
            return Ok(0);
        };
        self.ports.tickets.send(&tickets).await?;
        // A running lease keeps its end. Were it extended with every new row, a lost ticket would never be repeated.
        let until =
            before.as_ref().filter(|_| after.is_some()).map_or_else(|| now.plus(LEASE), |lease| lease.until);
        let upto = last.to.clone();
        let lease = Lease { upto, until };
        // False: another sweeper noted its own tickets meanwhile. Both sets are in the queue, which is harmless.
        self.ports.backlog.take_lease(shard, before.as_ref(), &lease).await?;
        Ok(tickets.len())
    }

    async fn pending(&self, shard: u8, after: Option<&str>) -> Result<Vec<Ticket>, PortError> {
        let mut tickets: Vec<Ticket> = Vec::new();
        while tickets.len() < MOST_TICKETS {
            let after = tickets.last().map_or(after, |ticket| Some(ticket.to.as_str()));
            let keys = self.ports.backlog.keys(shard, after, TICKET_ROWS).await?;
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

/// One line with the field `alarm`; a metric filter of the template counts it.
fn alarm(threat: &Threat) {
    tracing::error!(
        alarm = "pcm-deadline",
        day = %threat.day,
        deadline = %threat.deadline,
        needed_per_mille = threat.needed,
        reached_per_mille = threat.reached,
        open = threat.open,
        "too few reports of a day are accepted"
    );
}

#[cfg(test)]
mod tests;
