//! Attempts, counted: short codes that stand for nothing, and what asks the institution (T62).

use async_trait::async_trait;
use ponte_ports::PortError;

use crate::count_window::CountWindow;

/// Counts of attempts. A count is an item that is forgotten after its window, and grows to a limit only.
#[async_trait]
pub trait Attempts: Send + Sync {
    /// How many were counted in a window under the name `who`.
    async fn counted(&self, who: &str, window: CountWindow) -> Result<u32, PortError>;
    /// Counts one more; false if there are `limit` already, and nothing is counted.
    async fn count(&self, who: &str, window: CountWindow, limit: u32) -> Result<bool, PortError>;
}
