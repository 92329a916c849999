//! The claims of workers on the rows of a shard, with the rows that are settled but not yet removed.
//!
//! A worker claims its range before it reads the rows, so two tickets over the same rows send them once. What it has
//! settled stands on its claim until the rows are gone from the outbox; when it dies in between, the claim runs out and
//! the next worker removes the rows instead of sending them again (T20, T51). Every write of the leases is
//! conditional on its version, and the counting of a batch happens in the same transaction as the write of the leases:
//! a worker that lost its claim cannot count.

use std::time::Duration;

use ponte_ports::StoredForm;
use ponte_values::Moment;
use serde::{Deserialize, Serialize};

use crate::outbox::Ticket;

/// How long a worker has its rows for itself; longer than an invocation may take.
pub const CLAIM: Duration = Duration::from_secs(90);

/// The claims on the rows of one shard.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ShardLeases {
    /// Counts the writes; 0 before the first.
    pub version: u64,
    /// Claims of workers.
    pub claims: Vec<Claim>,
    /// The stored form this value was read from; the store fills it in, and keeps what only a later release knows (D8).
    #[serde(skip)]
    pub stored: StoredForm,
}

/// A range of rows that one worker has claimed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// The worker's id for this one piece of work.
    pub owner: String,
    /// First sort key, inclusive.
    pub from: String,
    /// Last sort key, inclusive.
    pub to: String,
    /// When it runs out.
    pub until: Moment,
    /// Archived parts whose rows may still be in the outbox.
    pub parts: Vec<ArchivePartKey>,
}

/// Where a part of the archive lies.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ArchivePartKey {
    /// Day in Brasília, `YYYY-MM-DD`.
    pub day: String,
    /// Sort key within the day.
    pub key: String,
}

/// The reason why a range cannot be claimed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ClaimConflict {
    /// Another worker has claimed rows of it.
    Busy,
    /// A worker died with it; first finish what it settled, then [`ShardLeases::without`] it.
    Abandoned(Vec<Claim>),
}

impl ShardLeases {
    /// The leases with a claim of `owner` on the range of `ticket`.
    pub fn claim(&self, ticket: &Ticket, owner: &str, now: Moment) -> Result<Self, ClaimConflict> {
        let overlapping =
            || self.claims.iter().filter(|claim| claim.from <= ticket.to && ticket.from <= claim.to);
        if overlapping().any(|claim| now < claim.until) {
            return Err(ClaimConflict::Busy);
        }
        let left = overlapping().cloned().collect::<Vec<_>>();
        if !left.is_empty() {
            return Err(ClaimConflict::Abandoned(left));
        }
        let claim = Claim {
            owner: owner.to_owned(),
            from: ticket.from.clone(),
            to: ticket.to.clone(),
            until: now.plus(CLAIM),
            parts: Vec::new(),
        };
        let mut after = self.next();
        after.claims.push(claim);
        Ok(after)
    }

    /// The leases with more settled parts on the claim of `owner`; `None` if the claim is gone.
    #[must_use]
    pub fn with_parts(&self, owner: &str, parts: &[ArchivePartKey]) -> Option<Self> {
        let mut after = self.next();
        let claim = after.claims.iter_mut().find(|claim| claim.owner == owner)?;
        claim.parts.extend_from_slice(parts);
        Some(after)
    }

    /// The leases without the claim of `owner`; `None` if it is gone already.
    #[must_use]
    pub fn without(&self, owner: &str) -> Option<Self> {
        let mut after = self.next();
        after.claims.retain(|claim| claim.owner != owner);
        (after.claims.len() < self.claims.len()).then_some(after)
    }

    /// The claims that ran out.
    pub fn overdue(&self, now: Moment) -> impl Iterator<Item = &Claim> {
        self.claims.iter().filter(move |claim| now >= claim.until)
    }

    fn next(&self) -> Self {
        Self { version: self.version + 1, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(from: &str, to: &str) -> Ticket {
        Ticket { shard: 0, from: from.to_owned(), to: to.to_owned() }
    }

    fn part(key: &str) -> ArchivePartKey {
        ArchivePartKey { day: "2026-03-01".to_owned(), key: key.to_owned() }
    }

    #[test]
    fn a_range_has_one_worker_and_its_neighbours_others() {
        let now = Moment::from_millis(0);
        let leases = ShardLeases::default().claim(&ticket("d", "h"), "one", now).unwrap();
        assert_eq!(leases.version, 1);
        for (from, to) in [("a", "d"), ("h", "z"), ("e", "f"), ("a", "z"), ("d", "h")] {
            assert_eq!(leases.claim(&ticket(from, to), "two", now), Err(ClaimConflict::Busy), "{from}..{to}");
        }
        let leases = leases.claim(&ticket("a", "c"), "two", now).unwrap();
        let leases = leases.claim(&ticket("i", "z"), "three", now).unwrap();
        assert_eq!((leases.version, leases.claims.len()), (3, 3));
    }

    #[test]
    fn t51_a_claim_that_ran_out_is_finished_before_its_rows_are_claimed_again() {
        let now = Moment::from_millis(0);
        let leases = ShardLeases::default().claim(&ticket("a", "c"), "one", now).unwrap();
        let leases = leases.with_parts("one", &[part("x")]).unwrap();
        let later = now.plus(CLAIM);
        assert_eq!(leases.overdue(later).count(), 1);
        let Err(ClaimConflict::Abandoned(left)) = leases.claim(&ticket("b", "d"), "two", later) else {
            unreachable!("the claim is still there");
        };
        assert_eq!(left[0].parts, [part("x")]);
        let leases = leases.without("one").unwrap();
        assert!(leases.claim(&ticket("b", "d"), "two", later).is_ok());
        // The first one comes back: it has nothing to say any more.
        assert_eq!(leases.with_parts("one", &[part("y")]), None);
        assert_eq!(leases.without("one"), None);
    }
}
