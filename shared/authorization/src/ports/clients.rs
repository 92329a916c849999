//! Registered clients, and what is kept of those that were removed.

use async_trait::async_trait;
use ponte_values::{ClientId, SoftwareStatementId};

use crate::client::{Client, ClientRegistration};
use crate::registration_answer::RegistrationAnswer;
use crate::removed_client::RemovedClient;
use ponte_ports::audit::AuditEntry;
use ponte_ports::{CommitFault, PortError};

/// Registered clients. The block list follows each of them in the same transaction: an entry while it is blocked, and
/// one that ends by itself when it is removed.
#[async_trait]
pub trait Clients: Send + Sync {
    /// Reads one, strongly consistent; one that is blocked is not there.
    async fn find(&self, id: &ClientId) -> Result<Option<Client>, PortError>;
    /// Reads one with what its management needs, blocked or not.
    async fn registration(&self, id: &ClientId) -> Result<Option<ClientRegistration>, PortError>;
    /// Reads what is left of one that was removed.
    async fn removed(&self, id: &ClientId) -> Result<Option<RemovedClient>, PortError>;
    /// The client that a software statement became: registered, or removed by an operator (S88).
    async fn of_software(&self, software: &SoftwareStatementId) -> Result<Option<ClientId>, PortError>;
    /// Reads the answer to an earlier registration by its key.
    async fn answer(&self, key: &str) -> Result<Option<RegistrationAnswer>, PortError>;
    /// Stores a registration with its answer and its audit row: the first one, or the one after a reset. A second one for
    /// the same software statement is a conflict, however many arrive at once (S88).
    async fn register(
        &self,
        new: &ClientRegistration,
        answer: &RegistrationAnswer,
        audit: &AuditEntry,
    ) -> Result<(), CommitFault>;
    /// Stores a registration after a change, with its audit row; the version before must be the one stored.
    async fn replace(&self, changed: &ClientRegistration, audit: &AuditEntry) -> Result<(), CommitFault>;
    /// Removes a registration whose version must be the one stored, and leaves what is kept of it, its audit row, and word
    /// for the sweep that ends its consents.
    async fn remove(&self, gone: &RemovedClient, audit: &AuditEntry) -> Result<(), CommitFault>;
    /// Lets the software statement of a client that an operator removed register anew; a conflict if it may already.
    async fn release(&self, removed: &RemovedClient, audit: &AuditEntry) -> Result<(), CommitFault>;
}
