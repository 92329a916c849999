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

/// The greatest difference between the clocks of two workers (T12).
pub const CLOCKS_APART: Duration = Duration::from_mins(5);
/// How far a worker's clock and a time from outside may be apart and still confirm each other.
const CONFIRMED: Duration = Duration::from_mins(1);

/// The time by which a worker claims: as early and as late as it may really be. A claim ends at the latest time of its owner
/// and is over at the earliest time of whoever looks, so that no clock takes rows from a worker that is still at it (T12).
#[derive(Clone, Copy, Debug)]
pub struct ClaimTime {
    earliest: Moment,
    latest: Moment,
}

impl ClaimTime {
    /// The time of a worker by its clock, and `outside` that the queue has just told it. Where nothing confirms the clock, it
    /// may be wrong by [`CLOCKS_APART`], and a dead worker's rows wait that much longer.
    #[must_use]
    pub fn of(now: Moment, outside: Option<Moment>) -> Self {
        let apart = |other: Moment| now.since(other).max(other.since(now));
        match outside.filter(|outside| apart(*outside) <= CONFIRMED) {
            Some(outside) => Self { earliest: now.min(outside), latest: now.max(outside) },
            None => Self { earliest: now.minus(CLOCKS_APART), latest: now.plus(CLOCKS_APART) },
        }
    }
}

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
    /// When it runs out, by the latest time that its owner's clock can have meant.
    pub until: Moment,
    /// Archived parts whose rows may still be in the outbox.
    pub parts: Vec<ArchivePartKey>,
}

impl Claim {
    fn is_over(&self, time: ClaimTime) -> bool {
        time.earliest >= self.until
    }
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
    pub fn claim(&self, ticket: &Ticket, owner: &str, time: ClaimTime) -> Result<Self, ClaimConflict> {
        let overlapping =
            || self.claims.iter().filter(|claim| claim.from <= ticket.to && ticket.from <= claim.to);
        if overlapping().any(|claim| !claim.is_over(time)) {
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
            until: time.latest.plus(CLAIM),
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
    pub fn overdue(&self, time: ClaimTime) -> impl Iterator<Item = &Claim> {
        self.claims.iter().filter(move |claim| claim.is_over(time))
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

    /// A time that is confirmed.
    fn sure(now: Moment) -> ClaimTime {
        ClaimTime::of(now, Some(now))
    }

    fn part(key: &str) -> ArchivePartKey {
        ArchivePartKey { day: "2026-03-01".to_owned(), key: key.to_owned() }
    }

    #[test]
    fn a_range_has_one_worker_and_its_neighbours_others() {
        let now = Moment::from_millis(0);
        let leases = ShardLeases::default().claim(&ticket("d", "h"), "one", sure(now)).unwrap();
        assert_eq!(leases.version, 1);
        for (from, to) in [("a", "d"), ("h", "z"), ("e", "f"), ("a", "z"), ("d", "h")] {
            assert_eq!(
                leases.claim(&ticket(from, to), "two", sure(now)),
                Err(ClaimConflict::Busy),
                "{from}..{to}"
            );
        }
        let leases = leases.claim(&ticket("a", "c"), "two", sure(now)).unwrap();
        let leases = leases.claim(&ticket("i", "z"), "three", sure(now)).unwrap();
        assert_eq!((leases.version, leases.claims.len()), (3, 3));
    }

    #[test]
    fn t51_a_claim_that_ran_out_is_finished_before_its_rows_are_claimed_again() {
        let now = Moment::from_millis(0);
        let leases = ShardLeases::default().claim(&ticket("a", "c"), "one", sure(now)).unwrap();
        let leases = leases.with_parts("one", &[part("x")]).unwrap();
        let later = now.plus(CLAIM);
        assert_eq!(leases.overdue(sure(later)).count(), 1);
        let Err(ClaimConflict::Abandoned(left)) = leases.claim(&ticket("b", "d"), "two", sure(later)) else {
            unreachable!("the claim is still there");
        };
        assert_eq!(left[0].parts, [part("x")]);
        let leases = leases.without("one").unwrap();
        assert!(leases.claim(&ticket("b", "d"), "two", sure(later)).is_ok());
        // The first one comes back: it has nothing to say any more.
        assert_eq!(leases.with_parts("one", &[part("y")]), None);
        assert_eq!(leases.without("one"), None);
    }

    #[test]
    fn lb16_t12_a_clock_five_minutes_apart_takes_no_claim_over_early() {
        let at = |clock: i64| Moment::from_seconds(100_000 + clock);
        let work = ticket("a", "c");
        // What the two clocks are off, and whether the queue has just told them the time.
        for (owner, taker) in
            [(0, 300), (-300, 0), (-150, 150), (0, 120), (300, 0), (0, 61), (-60, 0), (0, 60)]
        {
            for (told_owner, told_taker) in [(true, true), (true, false), (false, true), (false, false)] {
                let outside = |told: bool, passed: i64| told.then(|| at(passed));
                let begun = ClaimTime::of(at(owner), outside(told_owner, 0));
                let leases = ShardLeases::default().claim(&work, "one", begun).unwrap();
                // As long as the owner may be at work.
                for passed in [0, 5, 28, 89] {
                    let time = ClaimTime::of(at(taker + passed), outside(told_taker, passed));
                    assert_eq!(
                        leases.claim(&work, "two", time),
                        Err(ClaimConflict::Busy),
                        "{owner} {taker} {passed}"
                    );
                    assert_eq!(leases.overdue(time).count(), 0, "{owner} {taker} {passed}");
                }
            }
        }
    }

    #[test]
    fn lb16_a_dead_worker_s_rows_wait_longer_only_where_a_clock_is_not_confirmed() {
        let at = |seconds: i64| Moment::from_seconds(100_000 + seconds);
        let begun = |told: bool| ClaimTime::of(at(0), told.then(|| at(0)));
        for (owner, taker, seconds) in
            [(true, true, 90), (true, false, 390), (false, true, 390), (false, false, 690)]
        {
            let leases = ShardLeases::default().claim(&ticket("a", "c"), "one", begun(owner)).unwrap();
            let over =
                |seconds| leases.overdue(ClaimTime::of(at(seconds), taker.then(|| at(seconds)))).count();
            assert_eq!((over(seconds - 1), over(seconds)), (0, 1), "{owner} {taker}");
        }
    }
}
