//! The outbox: what still has to be told to others, written before anyone relies on it.

use std::time::Duration;

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

/// Partitions that pending rows are spread over, so that one institution's writes do not meet on one key.
pub const SHARDS: u8 = 4;
/// Rows one ticket covers at most.
pub const TICKET_ROWS: usize = 1000;
/// How long ticketed rows are left to the queue before they are ticketed again.
pub const LEASE: Duration = Duration::from_mins(1);

/// One thing to tell the metrics platform.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutboxRow {
    /// Unique id, the end of the sort key and the seed of the shard.
    pub id: String,
    /// When it happened; rows leave in this order.
    pub at: Moment,
    /// Path of the platform's API.
    pub path: &'static str,
    /// One report item, JSON.
    pub body: String,
}

impl OutboxRow {
    /// Partition of this row.
    #[must_use]
    pub fn shard(&self) -> u8 {
        shard_of(&self.id)
    }

    /// Sort key: time first, so that a range of rows is a span of time.
    #[must_use]
    pub fn sort_key(&self) -> String {
        format!("{}#{}", self.at.with_millis(), self.id)
    }
}

/// What the deliveries to others (webhooks) find in a partition of their own, beside the reports.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// Unique id, the end of the sort key and the seed of the shard.
    pub id: String,
    /// When it happened; notices leave in this order.
    pub at: Moment,
    /// What happened.
    pub kind: NoticeKind,
    /// JSON, without personal data beyond ids.
    pub body: String,
}

/// What others hear of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoticeKind {
    /// A consent went to another status.
    Status,
    /// A consent was renewed.
    Extended,
    /// The products of a consent changed: approved, refused, lapsed or changed by the institution.
    Resources,
    /// A consent is about to end.
    Expiring,
}

impl NoticeKind {
    /// The name it travels under.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Status => "consent.status",
            Self::Extended => "consent.extended",
            Self::Resources => "consent.resources",
            Self::Expiring => "consent.expiring",
        }
    }
}

impl Notice {
    /// Partition of this notice.
    #[must_use]
    pub fn shard(&self) -> u8 {
        shard_of(&self.id)
    }

    /// Sort key: time first, so that a range of notices is a span of time.
    #[must_use]
    pub fn sort_key(&self) -> String {
        format!("{}#{}", self.at.with_millis(), self.id)
    }
}

/// The partition an id belongs to: FNV-1a, which spreads UUIDs evenly and never changes between versions.
#[must_use]
pub fn shard_of(id: &str) -> u8 {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    u8::try_from(hash % u64::from(SHARDS)).unwrap_or(0)
}

/// A pending row read back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingRow {
    /// Sort key within its shard.
    pub sort_key: String,
    /// Path of the platform's API.
    pub path: String,
    /// One report item, JSON.
    pub body: String,
}

/// A message of the queue: send every row of this range. Repeating it is harmless, sent rows are gone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ticket {
    /// Partition.
    pub shard: u8,
    /// First sort key, inclusive.
    pub from: String,
    /// Last sort key, inclusive.
    pub to: String,
}

/// What the sweeper remembers of a shard: rows up to `upto` are in the queue's hands until `until`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lease {
    /// Last ticketed sort key.
    pub upto: String,
    /// When the queue is no longer trusted with them.
    pub until: Moment,
}

impl Lease {
    /// Where the next sweep starts: after the leased rows, or from the oldest once the lease is over.
    #[must_use]
    pub fn sweep_after(lease: Option<&Self>, now: Moment) -> Option<&str> {
        lease.filter(|lease| now < lease.until).map(|lease| lease.upto.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, at: i64) -> OutboxRow {
        OutboxRow { id: id.to_owned(), at: Moment::from_millis(at), path: "/p", body: "{}".to_owned() }
    }

    #[test]
    fn rows_sort_by_time_and_spread_over_the_shards() {
        assert!(row("b", 999).sort_key() < row("a", 1000).sort_key());
        let mut hits = [0_u32; SHARDS as usize];
        (0..4000).for_each(|i| hits[row(&format!("row-{i}"), 0).shard() as usize] += 1);
        assert!(hits.iter().all(|hit| (800..1200).contains(hit)), "{hits:?}");
    }

    #[test]
    fn a_lease_hides_its_rows_until_it_ends() {
        let now = Moment::from_millis(0);
        let lease = Lease { upto: "k".to_owned(), until: now.plus(LEASE) };
        assert_eq!(Lease::sweep_after(None, now), None);
        assert_eq!(Lease::sweep_after(Some(&lease), now), Some("k"));
        assert_eq!(Lease::sweep_after(Some(&lease), lease.until), None);
    }
}
