//! The ports of operations.

use std::time::Duration;

use async_trait::async_trait;
use ponte_values::Date;
use serde::{Deserialize, Serialize};

use super::{Operation, OperationId};
use crate::PortError;

/// Operations of a day, as far as they were looked through.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct OfDay {
    /// Those that this release can read, the newest first.
    pub found: Vec<Operation>,
    /// The [place](Operation::place) of the last one that was looked at, if there may be more.
    pub next: Option<String>,
}

/// The records of operations.
#[async_trait]
pub trait Operations: Send + Sync {
    /// Stores a new one; the one that is there already if its id is taken, and then nothing is changed. Its own repetition
    /// after a lost reply is no other one.
    async fn begin(&self, operation: &Operation) -> Result<Option<Operation>, PortError>;
    /// The one with this id.
    async fn find(&self, id: &OperationId) -> Result<Option<Operation>, PortError>;
    /// Stores one in the place of its version before; false if another change was faster.
    async fn replace(&self, operation: &Operation) -> Result<bool, PortError>;
    /// Looks through those that were ordered on a day (UTC), the newest first, `limit` at most; after the one whose
    /// [place](Operation::place) is `after`. One that this release cannot read is left out.
    async fn of_day(&self, day: Date, after: Option<&str>, limit: usize) -> Result<OfDay, PortError>;
}

/// The message by which work hands itself on: the next part of an operation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationPart {
    /// The operation.
    pub operation: OperationId,
    /// The part, from 1 on.
    pub part: u32,
    /// What the record of the operation has, so that nobody else makes such a message up.
    pub nonce: String,
}

/// The operator queue, as a function that works it off sees it.
#[async_trait]
pub trait OperationParts: Send + Sync {
    /// Sends the next part to it.
    async fn hand_on(&self, part: &OperationPart) -> Result<(), PortError>;
    /// Whether it has given this receipt for a message that is not done with, which nobody knows who has not received that
    /// message; it then hides the message for that long from now on.
    async fn has_given(&self, receipt: &str, hidden: Duration) -> Result<bool, PortError>;
}
