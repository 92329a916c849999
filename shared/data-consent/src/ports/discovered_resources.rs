//! Products that customers do not choose one by one, as the institution listed them under a consent.

use async_trait::async_trait;
use ponte_ports::{CommitFault, PortError, Trail};
use ponte_values::{ConsentId, Moment, ResourceKind};

use crate::discovery::{DiscoveredResource, DiscoveryState, StoredResources};

/// Longest id of a product that is looked for at all (C56).
pub const LONGEST_ID: usize = 100;

/// A change of the products under a consent.
///
/// Optimistic locking by `state.version`: 1 requires that no state is stored, n that n - 1 is. Else it is a
/// [`CommitFault::Conflict`]. Products have no condition of their own, because none is written without the state.
#[derive(Clone, Debug)]
pub struct DiscoveryCommit {
    /// The consent.
    pub consent: ConsentId,
    /// The state after the change.
    pub state: DiscoveryState,
    /// From when on the table may clean the state away.
    pub kept_until: Moment,
    /// Products that are new or changed, 80 at most.
    pub resources: Vec<DiscoveredResource>,
    /// Audit rows and notices written in the same transaction.
    pub trail: Trail,
}

/// The discovered products of this institution's consents. Reads are strongly consistent: a product that was closed is closed at the
/// next call.
#[async_trait]
pub trait DiscoveredResources: Send + Sync {
    /// The state of a consent; `None` if nothing was asked for yet.
    async fn state(&self, consent: &ConsentId) -> Result<Option<DiscoveryState>, PortError>;
    /// One product by its public id, any text from outside: one read of one item.
    async fn find(
        &self,
        consent: &ConsentId,
        kind: ResourceKind,
        id: &str,
    ) -> Result<Option<DiscoveredResource>, PortError>;
    /// The first `most` products of a kind, or of all kinds, in the order of kind and id.
    async fn list(
        &self,
        consent: &ConsentId,
        kind: Option<ResourceKind>,
        most: usize,
    ) -> Result<StoredResources, PortError>;
    /// Commits a change, in one `TransactWriteItems`.
    async fn commit(&self, commit: DiscoveryCommit) -> Result<(), CommitFault>;
}
