//! A place in the proof of a day.

use serde::{Deserialize, Serialize};

/// Where a proof goes on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofPlace {
    pub(super) shard: u8,
    /// The last seal of the day that was proven; 0 for none.
    pub(super) number: u64,
    pub(super) digest: String,
    pub(super) upto: String,
}

impl ProofPlace {
    pub(super) const fn beginning(shard: u8) -> Self {
        Self { shard, number: 0, digest: String::new(), upto: String::new() }
    }
}
