//! Consents and interactions: read one, commit a change together with everything that must not be lost.

use async_trait::async_trait;
use ponte_values::ConsentId;

use super::PortError;
use crate::audit::AuditEntry;
use crate::consent::Consent;
use crate::interaction::Interaction;
use crate::outbox::OutboxRow;

/// What changes together or not at all: one `TransactWriteItems`.
///
/// A consent or interaction with `version` 1 must not exist yet; any other must be stored with `version - 1`.
#[derive(Clone, Debug, Default)]
pub struct Commit {
    /// Unique id of this commit (UUID): a repeated write of our own is recognised by it and counts as success.
    pub id: String,
    /// The consent after the change.
    pub consent: Option<Consent>,
    /// The interaction after the change.
    pub interaction: Option<Interaction>,
    /// Audit rows.
    pub audit: Vec<AuditEntry>,
    /// What others must be told.
    pub outbox: Vec<OutboxRow>,
}

/// Why a commit did not happen.
#[derive(Debug)]
pub enum CommitFault {
    /// Somebody else changed it first: read again and decide again.
    Conflict,
    /// The store failed; whether the commit happened is unknown until read.
    Port(PortError),
}

impl From<PortError> for CommitFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

/// The consents of this institution.
#[async_trait]
pub trait Consents: Send + Sync {
    /// Reads one, strongly consistent: a revocation is seen by the next call.
    async fn find(&self, id: &ConsentId) -> Result<Option<Consent>, PortError>;
    /// Commits a change.
    async fn commit(&self, commit: Commit) -> Result<(), CommitFault>;
}

/// The interactions in progress.
#[async_trait]
pub trait Interactions: Send + Sync {
    /// Reads one, strongly consistent.
    async fn find(&self, id: &str) -> Result<Option<Interaction>, PortError>;
    /// Stores a new one.
    async fn start(&self, interaction: &Interaction) -> Result<(), PortError>;
}
