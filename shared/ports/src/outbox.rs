//! The outbox: what still has to be told to others, written before anyone relies on it.

use async_trait::async_trait;
use ponte_values::Moment;

use crate::PortError;

/// Partitions that pending rows are spread over, so that one institution's writes do not meet on one key.
pub const SHARDS: u8 = 4;
/// One thing to tell the metrics platform.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutboxRow {
    /// Unique id, the end of the sort key and the seed of the shard; without `~`.
    pub id: String,
    /// When it happened; rows leave in this order, and its day in Brasília is the day of the ledger it counts for.
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

/// The writing end of the outbox, for calls that change nothing else.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Stores a row.
    async fn add(&self, row: &OutboxRow) -> Result<(), PortError>;
}
