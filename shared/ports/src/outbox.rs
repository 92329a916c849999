//! The outbox: reports and notices to be sent, written in the transaction of the change that they tell of.

use async_trait::async_trait;
use ponte_values::Moment;

use crate::PortError;

/// Partitions that pending rows are spread over, so that one institution's writes do not meet on one key.
pub const SHARDS: u8 = 4;

/// One report for the metrics platform.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutboxRow {
    /// Unique id, the end of the sort key and the seed of the shard; without `~`.
    pub id: String,
    /// Time of the reported event. Rows leave in this order, and its day in Brasília is the day of the ledger.
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

/// One notice for the webhooks of others, in partitions beside those of the reports.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// Unique id, the end of the sort key and the seed of the shard.
    pub id: String,
    /// Time of the event. Notices leave in this order.
    pub at: Moment,
    /// Kind of event.
    pub kind: NoticeKind,
    /// JSON, without personal data beyond ids.
    pub body: String,
}

/// Events that others are notified of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoticeKind {
    /// The status of a consent changed.
    Status,
    /// A consent was renewed.
    Extended,
    /// The products of a consent changed: approved, refused, lapsed or changed by the institution.
    Resources,
    /// A consent is about to end.
    Expiring,
    /// The status of a payment consent changed (W08).
    PaymentConsent,
    /// The status of a payment changed (W08).
    Payment,
}

impl NoticeKind {
    /// Name of the event on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Status => "consent.status",
            Self::Extended => "consent.extended",
            Self::Resources => "consent.resources",
            Self::Expiring => "consent.expiring",
            Self::PaymentConsent => "payment-consent.status",
            Self::Payment => "payment.status",
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

/// Writes to the outbox, for calls that change nothing else.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Stores a row.
    async fn add(&self, row: &OutboxRow) -> Result<(), PortError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_partition_of_an_id_is_the_same_in_every_release() {
        // FNV-1a with 64 bits, modulo four, by another implementation.
        for (id, shard) in [
            ("", 1),
            ("foobar", 0),
            ("0be7a3bb-33e6-4d73-b60a-9523aee6cc0d", 1),
            ("c", 2),
            ("c770aef3-6784-41f7-8e0e-ff5f97bddb3a", 3),
            ("6d5cf1b1-90cb-4e1c-8a39-0b8a6b6ad3c1", 0),
        ] {
            assert_eq!(shard_of(id), shard, "{id}");
            let at = Moment::from_millis(1_700_000_000_123);
            let row = OutboxRow { id: id.to_owned(), at, path: "/report", body: String::new() };
            let notice = Notice { id: id.to_owned(), at, kind: NoticeKind::Status, body: String::new() };
            let key = format!("2023-11-14T22:13:20.123Z#{id}");
            assert_eq!((row.shard(), row.sort_key()), (shard, key.clone()));
            assert_eq!((notice.shard(), notice.sort_key()), (shard, key));
        }
    }

    #[test]
    fn others_know_events_by_these_names() {
        for (kind, name) in [
            (NoticeKind::Status, "consent.status"),
            (NoticeKind::Extended, "consent.extended"),
            (NoticeKind::Resources, "consent.resources"),
            (NoticeKind::Expiring, "consent.expiring"),
            (NoticeKind::PaymentConsent, "payment-consent.status"),
            (NoticeKind::Payment, "payment.status"),
        ] {
            assert_eq!(kind.as_str(), name);
        }
    }
}
