//! How far the rows of a shard are sealed.

use ponte_values::{Date, Moment};

use super::seal::{AuditPart, AuditSeal, RowDigest};

/// The end of the chain of a shard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChainHead {
    /// The shard.
    pub shard: u8,
    /// The day whose rows are being sealed; those before it are closed.
    pub day: Date,
    /// Sort key of the last sealed row of that day; empty if there is none yet.
    pub upto: String,
    /// Number of the last seal; 0 before the first.
    pub number: u64,
    /// Its digest.
    pub digest: String,
    /// Its day.
    pub sealed_day: Option<Date>,
    /// The first day of the chain.
    pub since: Date,
    /// Number of changes of this head; the store's condition for the next one.
    pub version: u64,
}

impl ChainHead {
    /// A chain that begins at `now`, with the rows of the day before: around midnight some are of either day.
    #[must_use]
    pub fn beginning(shard: u8, now: Moment) -> Self {
        let day = now.date_utc().plus_days(-1);
        let (upto, digest) = (String::new(), String::new());
        Self { shard, day, upto, number: 0, digest, sealed_day: None, since: day, version: 0 }
    }

    /// Whether it lies behind `now`, where no sweep seals: it was not a sweep that put it there, and none goes on from it.
    #[must_use]
    pub(super) fn is_ahead_of(&self, now: Moment) -> bool {
        let today = now.date_utc();
        self.day > today || (self.day == today && self.upto > now.with_millis())
    }

    /// The rows that are sealed next.
    #[must_use]
    pub const fn part(&self) -> AuditPart {
        AuditPart { day: self.day, shard: Some(self.shard) }
    }

    /// The day is closed.
    #[must_use]
    pub(super) fn next_day(&self) -> Self {
        Self { day: self.day.plus_days(1), upto: String::new(), version: self.version + 1, ..self.clone() }
    }

    /// The next seal, over `rows`, and the head behind it.
    #[must_use]
    pub(super) fn sealing(&self, rows: Vec<RowDigest>) -> (AuditSeal, Self) {
        let seal = AuditSeal {
            day: self.day,
            shard: self.shard,
            number: self.number + 1,
            before: self.digest.clone(),
            before_day: self.sealed_day,
            after: self.upto.clone(),
            rows,
            digest: String::new(),
        };
        let seal = seal.signed();
        let head = Self {
            upto: seal.upto().to_owned(),
            number: seal.number,
            digest: seal.digest.clone(),
            sealed_day: Some(self.day),
            version: self.version + 1,
            ..self.clone()
        };
        (seal, head)
    }
}
