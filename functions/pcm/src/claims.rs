//! Claims of workers: a worker claims rows, takes settled rows out of the outbox, and finishes the claim of a dead one.

use std::collections::BTreeSet;

use ponte_metrics::ledger::SettledRow;
use ponte_metrics::ledger::shard_leases::{ArchivePartKey, Claim, ClaimConflict, ClaimTime};
use ponte_metrics::outbox::{PendingRow, Ticket};
use ponte_ports::PortError;
use ponte_values::Moment;

use crate::ports::Ports;
use crate::repair::{self, Decision};

/// How often a leases is read again when others write it.
const TRIES: u32 = 20;

/// How many discarded rows were mended and parked.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Tidied {
    pub(crate) mended: usize,
    pub(crate) parked: usize,
}

/// Claims the rows of a ticket; false if another worker has them. The claim of a dead worker is finished first. `outside` is
/// the time that the queue has just told.
pub(crate) async fn claim(
    ports: &Ports,
    ticket: &Ticket,
    owner: &str,
    outside: Option<Moment>,
) -> Result<bool, PortError> {
    for _ in 0..TRIES {
        let leases = ports.settlements.leases(ticket.shard).await?;
        match leases.claim(ticket, owner, ClaimTime::of(ports.clock.now(), outside)) {
            Ok(after) if ports.settlements.replace_leases(ticket.shard, &after).await? => return Ok(true),
            Ok(_) => {}
            Err(ClaimConflict::Busy) => return Ok(false),
            Err(ClaimConflict::Abandoned(left)) => {
                for claim in &left {
                    finish(ports, ticket.shard, claim).await?;
                }
            }
        }
    }
    Err(busy())
}

/// Gives a claim back, if every part on it is among those `taken_away`; otherwise it runs out and is finished by
/// whoever comes next.
pub(crate) async fn give_back(
    ports: &Ports,
    shard: u8,
    owner: &str,
    taken_away: &BTreeSet<ArchivePartKey>,
) -> Result<(), PortError> {
    for _ in 0..TRIES {
        let leases = ports.settlements.leases(shard).await?;
        let ours = leases.claims.iter().find(|claim| claim.owner == owner);
        let done = ours.is_none_or(|claim| claim.parts.iter().all(|part| taken_away.contains(part)));
        match leases.without(owner) {
            Some(after) if done => {
                if ports.settlements.replace_leases(shard, &after).await? {
                    return Ok(());
                }
            }
            _ => return Ok(()),
        }
    }
    Err(busy())
}

/// Takes away what the owner of a claim settled and left, then the claim itself.
pub(crate) async fn finish(ports: &Ports, shard: u8, claim: &Claim) -> Result<(), PortError> {
    let mut taken_away = BTreeSet::new();
    for key in &claim.parts {
        if let Some(part) = ports.settlements.part(key).await? {
            let left = left(ports, shard, part.items).await?;
            take_away(ports, shard, &left).await?;
        }
        taken_away.insert(key.clone());
    }
    tracing::warn!(shard, parts = claim.parts.len(), "finished what another worker left");
    give_back(ports, shard, &claim.owner, &taken_away).await
}

/// The settled rows that are still in the outbox: what one attempt got done, the next one need not look at again.
async fn left(ports: &Ports, shard: u8, items: Vec<SettledRow>) -> Result<Vec<SettledRow>, PortError> {
    let keys = || items.iter().map(|item| &item.row.sort_key);
    let (Some(from), Some(to)) = (keys().min(), keys().max()) else { return Ok(items) };
    let range = Ticket { shard, from: from.clone(), to: to.clone() };
    let there =
        ports.backlog.rows(&range).await?.into_iter().map(|row| row.sort_key).collect::<BTreeSet<_>>();
    Ok(items.into_iter().filter(|item| there.contains(&item.row.sort_key)).collect())
}

/// Takes settled rows out of the outbox: the accepted ones are gone, the discarded ones are mended or parked.
/// Repeating it changes nothing.
pub(crate) async fn take_away(ports: &Ports, shard: u8, items: &[SettledRow]) -> Result<Tidied, PortError> {
    // What the platform has already and refuses to take once more is no loss.
    let gone = items.iter().filter(|item| item.discarded.is_none() || item.row.repeat);
    let gone = gone.map(|item| item.row.sort_key.clone()).collect::<Vec<_>>();
    ports.backlog.done(shard, &gone).await?;
    let mut tidied = Tidied::default();
    for item in items.iter().filter(|item| !item.row.repeat) {
        let Some(message) = &item.discarded else { continue };
        match repair::decide(&item.row, message) {
            Decision::Mend(mended) => {
                tidied.mended += usize::from(ports.settlements.mend(shard, &item.row, &mended).await?);
            }
            Decision::Park(reason) => {
                tidied.parked += usize::from(park(ports, shard, &item.row, &reason).await?);
            }
        }
    }
    Ok(tidied)
}

/// Parks a row of a shard; false if it is not in the outbox any more.
pub(crate) async fn park(
    ports: &Ports,
    shard: u8,
    row: &PendingRow,
    reason: &str,
) -> Result<bool, PortError> {
    if row.repeat {
        // The platform has it: it is accepted, not parked.
        tracing::warn!(row = row.sort_key, reason, "repeat dropped");
        ports.backlog.done(shard, std::slice::from_ref(&row.sort_key)).await?;
        return Ok(false);
    }
    ports.settlements.park(shard, row, reason, ports.clock.now()).await
}

fn busy() -> PortError {
    PortError::new("pcm table", "the leases was being written at every try")
}
