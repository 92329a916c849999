//! Interactions that a browser hands to a phone, found by their short code.

use async_trait::async_trait;

use crate::interaction::{ArrivalId, Interaction, ShortCode};
use ponte_ports::{CommitFault, PortError};
use ponte_values::Moment;

/// The short codes of interactions in progress. Only their hashes are stored.
#[async_trait]
pub trait Handoffs: Send + Sync {
    /// Stores an interaction of which the page of `arrival` shows this code; `id` (UUID) recognises a repetition of our own.
    /// An interaction that changed meanwhile is a conflict, and so is a code that stands for another page.
    async fn open(
        &self,
        interaction: &Interaction,
        (arrival, code): (&ArrivalId, &ShortCode),
        id: &str,
    ) -> Result<(), CommitFault>;
    /// The arrival whose page shows a code; `None` once the session in which it was shown is over, even if another began.
    async fn arrival_of(&self, code: &ShortCode, now: Moment) -> Result<Option<ArrivalId>, PortError>;
}
