//! The sweep: seals every shard, each even if another fails.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future;
use ponte_edge::Tick;
use ponte_ports::audit_chain::AuditChain;
use ponte_ports::audit_chain::sealing::seal;
use ponte_ports::outbox::SHARDS;
use ponte_ports::{Clock, PortError};

/// No seal is begun after this time of a sweep, so that it ends before the function's timeout (28 s); the next one goes on.
const BUDGET: Duration = Duration::from_secs(20);

/// Seals the audit rows.
pub struct Sealer {
    /// The rows and their seals.
    pub chain: Arc<dyn AuditChain>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Tick for Sealer {
    /// Seals the shards side by side; the first failure is the answer, and the scheduler tries again.
    async fn tick(&self) -> Result<(), PortError> {
        let until = self.clock.now().plus(BUDGET);
        let shards = (0..SHARDS).map(|shard| seal(&*self.chain, shard, &*self.clock, until));
        let sealed = future::join_all(shards).await.into_iter().map(|sealed| sealed.map(|_| ()));
        sealed.fold(Ok(()), Result::and)
    }
}
