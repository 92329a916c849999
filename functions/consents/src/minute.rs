//! The schedule, every minute: its jobs side by side, each even if the other fails.

use async_trait::async_trait;
use futures_util::future;
use ponte_edge::Tick;
use ponte_ports::PortError;

use crate::drop_reasons::DropReasons;
use crate::removed_clients::RemovedClients;
use crate::sweep::Sweeper;

/// The jobs of every minute.
pub struct EveryMinute {
    /// Expiry of consents.
    pub sweeper: Sweeper,
    /// Drop reasons of new consents.
    pub drop_reasons: DropReasons,
    /// The end of the consents of removed clients.
    pub removed_clients: RemovedClients,
}

#[async_trait]
impl Tick for EveryMinute {
    async fn tick(&self) -> Result<(), PortError> {
        let (swept, told, ended) =
            future::join3(self.sweeper.tick(), self.drop_reasons.tick(), self.removed_clients.tick()).await;
        swept.and(told).and(ended)
    }
}
