//! Removed clients whose consents are still to be ended, and the way to find those.

use async_trait::async_trait;
use ponte_authorization::removed_client::Removal;
use ponte_ports::{CommitFault, PortError};
use ponte_values::{ClientId, ConsentId, Moment};

use crate::removal::{Place, RemovalRound};

/// The removed clients that wait for the end of their consents, and the round under way.
#[async_trait]
pub trait Removals: Send + Sync {
    /// The round under way, if there is one.
    async fn round(&self) -> Result<Option<RemovalRound>, PortError>;
    /// At most `limit` of the clients that were removed at `until` or earlier, in the order of [`Turns`]. Of a very long queue its ends
    /// alone are looked at: those that wait longest, and those that came last.
    ///
    /// [`Turns`]: crate::removal::Turns
    async fn waiting(&self, until: Moment, limit: usize) -> Result<Vec<Removal>, PortError>;
    /// Stores a round after a step. Version 1 must not exist, any other must follow the one stored: of two sweeps one goes
    /// on, for the other it is a conflict.
    async fn advance(&self, round: &RemovalRound) -> Result<(), CommitFault>;
    /// Takes a round that is over away, and its clients with it; its version must be the one stored.
    async fn finish(&self, round: &RemovalRound) -> Result<(), CommitFault>;
}

/// A page of the consents of some clients.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ScannedPage {
    /// Consents that had not ended at their last change.
    pub ids: Vec<ConsentId>,
    /// Cursor of the next page of the part; `None` at its end.
    pub next: Option<String>,
}

/// All consents of the institution, a part at a time. Reads are eventually consistent.
#[async_trait]
pub trait ConsentScan: Send + Sync {
    /// The consents of `clients` (at most [`MOST_CLIENTS`]) on one page.
    ///
    /// [`MOST_CLIENTS`]: crate::removal::MOST_CLIENTS
    async fn of_clients(&self, clients: &[&ClientId], place: &Place) -> Result<ScannedPage, PortError>;
}
