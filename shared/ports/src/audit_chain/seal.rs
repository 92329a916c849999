//! One seal: the rows of its stretch, and a digest that holds them and the seal before.

use std::fmt::Write as _;

use aws_lc_rs::digest::{Context, SHA256};
use ponte_values::Date;
use serde::{Deserialize, Serialize};

/// Where audit rows lie: a day (UTC) and its shard; `None` are the rows of a release that had no shards.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct AuditPart {
    /// The day.
    pub day: Date,
    /// The shard.
    pub shard: Option<u8>,
}

/// A row as a seal remembers it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RowDigest {
    /// Sort key of the row.
    pub key: String,
    /// SHA-256 of everything stored of it, hexadecimal.
    pub sha256: String,
}

/// A seal over a stretch of rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditSeal {
    /// Day of the rows (UTC).
    pub day: Date,
    /// Shard of the rows.
    pub shard: u8,
    /// Number of the seal in the chain of its shard, over the days, from 1.
    pub number: u64,
    /// Digest of the seal before; empty for the first.
    pub before: String,
    /// Day of the seal before.
    pub before_day: Option<Date>,
    /// Sort key behind which the stretch begins; empty at the beginning of a day.
    pub after: String,
    /// The rows, by sort key.
    pub rows: Vec<RowDigest>,
    /// Digest over all of the above, hexadecimal.
    pub digest: String,
}

impl AuditSeal {
    /// The seal with its digest.
    #[must_use]
    pub(super) fn signed(mut self) -> Self {
        self.digest = self.computed();
        self
    }

    /// Sort key of the last row.
    #[must_use]
    pub fn upto(&self) -> &str {
        self.rows.last().map_or(self.after.as_str(), |row| row.key.as_str())
    }

    /// The digest that the seal must have. Every text goes in with its length, so that no two seals read alike.
    #[must_use]
    pub fn computed(&self) -> String {
        let mut context = Context::new(&SHA256);
        let mut add = |text: &str| {
            context.update(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(text.as_bytes());
        };
        add("ponte audit seal 1");
        add(&self.day.to_string());
        add(&self.shard.to_string());
        add(&self.number.to_string());
        add(&self.before);
        add(&self.before_day.map(|day| day.to_string()).unwrap_or_default());
        add(&self.after);
        for row in &self.rows {
            add(&row.key);
            add(&row.sha256);
        }
        hex(context.finish().as_ref())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing into a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
