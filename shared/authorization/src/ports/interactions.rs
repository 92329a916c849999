//! Interactions: read one, start one, commit a change of one.

use async_trait::async_trait;
use ponte_ports::{CommitFault, PortError, Trail};

use crate::interaction::Interaction;

/// A change of an interaction alone.
///
/// Version 1 must not exist yet; any other must be stored with `version - 1`.
#[derive(Clone, Debug)]
pub struct InteractionCommit {
    /// The interaction after the change.
    pub interaction: Interaction,
    /// Audit rows, reports and notices written with it.
    pub trail: Trail,
}

/// The interactions in progress.
#[async_trait]
pub trait Interactions: Send + Sync {
    /// Reads one, strongly consistent.
    async fn find(&self, id: &str) -> Result<Option<Interaction>, PortError>;
    /// Stores a new one.
    async fn start(&self, interaction: &Interaction) -> Result<(), PortError>;
}

/// Changes of interactions, for the function in which customers decide.
#[async_trait]
pub trait InteractionChanges: Send + Sync {
    /// Commits a change, in one `TransactWriteItems`.
    async fn commit(&self, commit: InteractionCommit) -> Result<(), CommitFault>;
}
