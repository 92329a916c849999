//! Consents: read one, commit a change together with everything that must not be lost.

use async_trait::async_trait;
use ponte_authorization::customer_listing::{ConsentOwner, Listing};
use ponte_authorization::interaction::Interaction;
use ponte_ports::{CommitFault, IndexFault, PortError, Trail};
use ponte_values::{ConsentId, Moment};

use crate::consent::{Consent, Extension};

/// A change of a data consent.
///
/// Optimistic locking by `consent.version`: 1 requires that no such consent is stored, n that n - 1 is. Else it is a
/// [`CommitFault::Conflict`].
#[derive(Clone, Debug)]
pub struct ConsentCommit {
    /// The consent after the change.
    pub consent: Consent,
    /// The renewal behind the change, for the history of the consent (C34).
    pub extension: Option<Extension>,
    /// Audit rows, metrics reports and notices written in the same transaction.
    pub trail: Trail,
}

/// The consents of this institution.
#[async_trait]
pub trait Consents: Send + Sync {
    /// Reads one, strongly consistent: a revocation is seen by the next call.
    async fn find(&self, id: &ConsentId) -> Result<Option<Consent>, PortError>;
    /// Commits a change, in one `TransactWriteItems`.
    async fn commit(&self, commit: ConsentCommit) -> Result<(), CommitFault>;
}

/// Decisions of customers: the consent and the interaction change together or not at all.
#[async_trait]
pub trait ConsentDecisions: Send + Sync {
    /// Commits both with one trail, in one `TransactWriteItems`; the versions of both are conditions.
    async fn decide(&self, commit: ConsentCommit, interaction: Interaction) -> Result<(), CommitFault>;
}

/// The renewals of the consents.
#[async_trait]
pub trait Extensions: Send + Sync {
    /// At most `take` renewals of a consent after the first `skip`, newest first (C34). Their number is
    /// [`Consent::renewals`].
    async fn list(&self, id: &ConsentId, skip: u64, take: u32) -> Result<Vec<Extension>, PortError>;
}

/// A page of a customer's consents.
#[derive(Clone, Debug, Default)]
pub struct ConsentPage {
    /// As stored now, read strongly consistent; in the order asked for.
    pub consents: Vec<Consent>,
    /// Cursor of the next page; `None` at the end. Opaque, URL-safe, without personal data.
    pub next: Option<String>,
}

/// Indexes of consents by customer and by deadline. The index may be a moment old; the consents it gives are not.
#[async_trait]
pub trait ConsentIndex: Send + Sync {
    /// A page of a customer's consents. A malformed cursor, or one outside this listing, is an [`IndexFault::Cursor`].
    async fn of_owner(&self, owner: &ConsentOwner, listing: Listing<'_>) -> Result<ConsentPage, IndexFault>;
    /// The cursor that goes on right after a consent.
    fn after(&self, consent: &Consent) -> String;
    /// Ids of at most `limit` consents of one shard (below [`SHARDS`]) whose [`Consent::next_due`] is `now` or earlier,
    /// longest overdue first. The index lags: for one that was dealt with [`Consent::expire`] has nothing to do.
    ///
    /// [`SHARDS`]: ponte_ports::outbox::SHARDS
    async fn due(&self, shard: u8, now: Moment, limit: u16) -> Result<Vec<ConsentId>, PortError>;
}
