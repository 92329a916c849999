//! Interactions: the visits in which customers decide.

use async_trait::async_trait;
use ponte_ports::PortError;

use crate::interaction::Interaction;

/// The interactions in progress.
#[async_trait]
pub trait Interactions: Send + Sync {
    /// Reads one, strongly consistent.
    async fn find(&self, id: &str) -> Result<Option<Interaction>, PortError>;
    /// Stores a new one.
    async fn start(&self, interaction: &Interaction) -> Result<(), PortError>;
}
