//! The schedule, every minute: its jobs side by side, each even if the other fails.

use async_trait::async_trait;
use futures_util::future;
use ponte_edge::Tick;
use ponte_ports::PortError;

use crate::drop_reasons::DropReasons;
use crate::sweep::Sweeper;

/// The jobs of every minute.
pub struct EveryMinute {
    /// Expiry of consents.
    pub sweeper: Sweeper,
    /// Drop reasons of new consents.
    pub drop_reasons: DropReasons,
}

#[async_trait]
impl Tick for EveryMinute {
    async fn tick(&self) -> Result<(), PortError> {
        let (swept, told) = future::join(self.sweeper.tick(), self.drop_reasons.tick()).await;
        swept.and(told)
    }
}
