//! Short codes that were tried and stand for nothing, and questions to the institution, counted.

use async_trait::async_trait;
use ponte_ports::PortError;

use crate::interaction::GuessWindow;

/// Counts of failed guesses. A count is an item that is forgotten after its window, and grows to a limit only.
#[async_trait]
pub trait Guesses: Send + Sync {
    /// How many failed in a window under the name `who`.
    async fn failed(&self, who: &str, window: GuessWindow) -> Result<u32, PortError>;
    /// Counts one more; false if there are `limit` already, and nothing is counted.
    async fn fail(&self, who: &str, window: GuessWindow, limit: u32) -> Result<bool, PortError>;
}
