//! Interactions that a browser hands to a phone, found by their short code.

use async_trait::async_trait;

use crate::interaction::{Interaction, ShortCode};
use ponte_ports::{CommitFault, PortError};

/// The short codes of interactions in progress. Only their hashes are stored.
#[async_trait]
pub trait Handoffs: Send + Sync {
    /// Stores an interaction whose page was opened, together with its code; `id` (UUID) recognises a repetition of our own.
    /// An interaction that changed meanwhile is a conflict, and so is a code that stands for another one.
    async fn open(&self, interaction: &Interaction, code: &ShortCode, id: &str) -> Result<(), CommitFault>;
    /// Id of the interaction that a code stands for.
    async fn interaction_of(&self, code: &ShortCode) -> Result<Option<String>, PortError>;
}
