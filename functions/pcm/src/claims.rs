//! Claims of a worker: it takes rows, takes settled rows away, and finishes what a dead worker left.

use std::collections::BTreeSet;

use ponte_metrics::ledger::Settled;
use ponte_metrics::ledger::board::{Claim, PartKey, Taken};
use ponte_metrics::outbox::{PendingRow, Ticket, shard_of_key};
use ponte_ports::PortError;

use crate::ports::Ports;
use crate::repair::{self, Decision};

/// How often a board is read again when others write it.
const TRIES: u32 = 20;

/// What became of discarded rows.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Tidied {
    pub(crate) mended: usize,
    pub(crate) parked: usize,
}

impl Ports {
    /// Claims the rows of a ticket; false if another worker has them. What a dead worker left is finished first.
    pub(crate) async fn claim(&self, ticket: &Ticket, owner: &str) -> Result<bool, PortError> {
        for _ in 0..TRIES {
            let board = self.settlements.board(ticket.shard).await?;
            match board.claim(ticket, owner, self.clock.now()) {
                Ok(after) if self.settlements.replace_board(ticket.shard, &after).await? => return Ok(true),
                Ok(_) => {}
                Err(Taken::Busy) => return Ok(false),
                Err(Taken::Left(left)) => {
                    for claim in &left {
                        self.finish(ticket.shard, claim).await?;
                    }
                }
            }
        }
        Err(busy())
    }

    /// Gives a claim back, if every part on it is among those `taken_away`; otherwise it runs out and is finished by
    /// whoever comes next.
    pub(crate) async fn give_back(
        &self,
        shard: u8,
        owner: &str,
        taken_away: &BTreeSet<PartKey>,
    ) -> Result<(), PortError> {
        for _ in 0..TRIES {
            let board = self.settlements.board(shard).await?;
            let ours = board.claims.iter().find(|claim| claim.owner == owner);
            let done = ours.is_none_or(|claim| claim.parts.iter().all(|part| taken_away.contains(part)));
            match board.without(owner) {
                Some(after) if done => {
                    if self.settlements.replace_board(shard, &after).await? {
                        return Ok(());
                    }
                }
                _ => return Ok(()),
            }
        }
        Err(busy())
    }

    /// Takes away what the owner of a claim settled and left, then the claim itself.
    pub(crate) async fn finish(&self, shard: u8, claim: &Claim) -> Result<(), PortError> {
        let mut taken_away = BTreeSet::new();
        for key in &claim.parts {
            if let Some(part) = self.settlements.part(key).await? {
                let left = self.left(shard, part.items).await?;
                self.take_away(shard, &left).await?;
            }
            taken_away.insert(key.clone());
        }
        tracing::warn!(shard, parts = claim.parts.len(), "finished what another worker left");
        self.give_back(shard, &claim.owner, &taken_away).await
    }

    /// The settled rows that are still in the outbox: what one attempt got done, the next one need not look at again.
    async fn left(&self, shard: u8, items: Vec<Settled>) -> Result<Vec<Settled>, PortError> {
        let keys = || items.iter().map(|item| &item.row.sort_key);
        let (Some(from), Some(to)) = (keys().min(), keys().max()) else { return Ok(items) };
        let range = Ticket { shard, from: from.clone(), to: to.clone() };
        let there =
            self.backlog.rows(&range).await?.into_iter().map(|row| row.sort_key).collect::<BTreeSet<_>>();
        Ok(items.into_iter().filter(|item| there.contains(&item.row.sort_key)).collect())
    }

    /// Takes settled rows out of the outbox: the accepted ones are gone, the discarded ones are mended or parked.
    /// Repeating it changes nothing.
    pub(crate) async fn take_away(&self, shard: u8, items: &[Settled]) -> Result<Tidied, PortError> {
        // What the platform has already and refuses to take once more is no loss.
        let gone = items.iter().filter(|item| item.discarded.is_none() || item.row.repeat);
        let gone = gone.map(|item| item.row.sort_key.clone()).collect::<Vec<_>>();
        self.backlog.done(shard, &gone).await?;
        let mut tidied = Tidied::default();
        for item in items.iter().filter(|item| !item.row.repeat) {
            let Some(message) = &item.discarded else { continue };
            match repair::decide(&item.row, message) {
                Decision::Mend(mended) => {
                    tidied.mended += usize::from(self.settlements.mend(&item.row, &mended).await?);
                }
                Decision::Park(reason) => tidied.parked += usize::from(self.park(&item.row, &reason).await?),
            }
        }
        Ok(tidied)
    }

    /// Parks a row; false if it is not in the outbox any more.
    pub(crate) async fn park(&self, row: &PendingRow, reason: &str) -> Result<bool, PortError> {
        if row.repeat {
            // The platform has it: it is accepted, not parked.
            tracing::warn!(row = row.sort_key, reason, "repeat dropped");
            self.backlog.done(shard_of_key(&row.sort_key), std::slice::from_ref(&row.sort_key)).await?;
            return Ok(false);
        }
        self.settlements.park(row, reason, self.clock.now()).await
    }
}

fn busy() -> PortError {
    PortError::new("pcm table", "the board was being written at every try")
}
