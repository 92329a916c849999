//! Payment consents: read one, commit a change together with everything that must not be lost.

use async_trait::async_trait;
use ponte_authorization::customer_listing::{ConsentOwner, Listing};
use ponte_authorization::interaction::Interaction;
use ponte_ports::{CommitFault, IndexFault, PortError, Trail};
use ponte_values::{ConsentId, Moment};

use crate::consent::PaymentConsent;

/// A change of a payment consent. Optimistic locking by its `version`, as of data consents.
#[derive(Clone, Debug)]
pub struct PaymentConsentCommit {
    /// The consent after the change.
    pub consent: PaymentConsent,
    /// Audit rows, reports and notices written in the same transaction.
    pub trail: Trail,
}

/// The payment consents of this institution.
#[async_trait]
pub trait PaymentConsents: Send + Sync {
    /// Reads one, strongly consistent.
    async fn find(&self, id: &ConsentId) -> Result<Option<PaymentConsent>, PortError>;
    /// Commits a change of a stored one, in one `TransactWriteItems`.
    async fn commit(&self, commit: PaymentConsentCommit) -> Result<(), CommitFault>;
}

/// Decisions of customers: the consent and the interaction change together or not at all.
#[async_trait]
pub trait PaymentConsentDecisions: Send + Sync {
    /// Commits both with one trail, in one `TransactWriteItems`; the versions of both are conditions.
    async fn decide(&self, commit: PaymentConsentCommit, interaction: Interaction)
    -> Result<(), CommitFault>;
}

/// A page of payment consents.
#[derive(Clone, Debug, Default)]
pub struct PaymentConsentPage {
    /// As stored now, in the order asked for.
    pub consents: Vec<PaymentConsent>,
    /// Cursor of the next page; `None` at the end. Opaque, URL-safe, without personal data.
    pub next: Option<String>,
}

/// Indexes of payment consents by customer, by creation and by deadline. An index may be a moment old; the consents it gives are not.
#[async_trait]
pub trait PaymentConsentIndex: Send + Sync {
    /// A page of an owner's consents. A malformed cursor, or one outside this listing, is an [`IndexFault::Cursor`].
    async fn of_owner(
        &self,
        owner: &ConsentOwner,
        listing: Listing<'_>,
    ) -> Result<PaymentConsentPage, IndexFault>;
    /// The cursor that goes on right after a consent.
    fn after(&self, consent: &PaymentConsent) -> String;
    /// Ids of at most `limit` consents of one shard whose [`PaymentConsent::next_due`] is `now` or earlier, longest overdue first.
    async fn due(&self, shard: u8, now: Moment, limit: u16) -> Result<Vec<ConsentId>, PortError>;
}
