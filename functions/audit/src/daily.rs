//! Once a day the rows of the day before are proven, so that nobody has to ask.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ponte_edge::Tick;
use ponte_ports::audit_chain::{AuditChain, prove};
use ponte_ports::{Clock, PortError};

use crate::report::report;

/// No seal is looked at after this time, so that the proof ends before the function's timeout (900 s). A seal of 2,000 rows takes
/// a tenth of a second: sixteen million rows.
const BUDGET: Duration = Duration::from_mins(14);

/// Proves the audit rows of the day before.
pub struct DailyProof {
    /// The rows and their seals.
    pub chain: Arc<dyn AuditChain>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Tick for DailyProof {
    /// Faults are told by the log and its alarm; a proof that could not be made fails the invocation.
    async fn tick(&self) -> Result<(), PortError> {
        let now = self.clock.now();
        let day = now.date_utc().plus_days(-1);
        let proof = prove(&*self.chain, day, None, &*self.clock, now.plus(BUDGET)).await?;
        report(&day.to_string(), &proof);
        // With many faults there is more to name; the command goes on from the first.
        if proof.rest.is_some() && proof.findings.is_empty() {
            return Err(PortError::new("audit chain", "the proof of a day takes longer than it may"));
        }
        Ok(())
    }
}
