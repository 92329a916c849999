//! What the log says of seals, held against the tables.

use ponte_values::Date;
use serde::{Deserialize, Serialize};

use super::proof::{AuditFault, AuditFinding};
use super::seal::AuditPart;
use super::table::AuditChain;
use crate::PortError;

/// A seal as a line of the log names it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedSeal {
    /// Shard of its rows.
    pub shard: u8,
    /// Day of its rows (UTC), `YYYY-MM-DD`.
    pub day: String,
    /// Its number in the chain of the shard, from 1.
    pub number: u64,
    /// Its digest, hexadecimal.
    pub digest: String,
}

/// The finding, if the tables have no such seal, or one that does not hold. A seal hangs on all that are in front of it, so one that
/// agrees stands for them.
pub async fn compare(
    chain: &dyn AuditChain,
    logged: &LoggedSeal,
    day: Date,
) -> Result<Option<AuditFinding>, PortError> {
    let part = AuditPart { day, shard: Some(logged.shard) };
    let found = chain.seal_after(part, logged.number.saturating_sub(1)).await?;
    let agrees = found.is_some_and(|seal| {
        seal.number == logged.number && seal.digest == logged.digest && seal.computed() == logged.digest
    });
    let (shard, seal) = (Some(logged.shard), Some(logged.number));
    Ok((!agrees).then_some(AuditFinding { fault: AuditFault::LogDiffers, shard, seal, row: None }))
}
