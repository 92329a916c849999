//! Registered clients, and what is kept of those that were removed.

use std::fmt;

use async_trait::async_trait;
use ponte_values::{ClientId, SoftwareStatementId};

use crate::client::{Client, ClientRegistration};
use crate::registration_answer::RegistrationAnswer;
use crate::removed_client::RemovedClient;
use ponte_ports::audit::AuditEntry;
use ponte_ports::{CommitFault, PortError};

/// Why a registration is not stored.
#[derive(Debug)]
pub enum RegisterFault {
    /// Its software statement is taken, or another version than the one before is stored.
    Taken,
    /// Its organisation has registered, or its client replaced it, as often as it may in this hour.
    TooMany,
    /// The store failed; whether it happened is not known.
    Port(PortError),
}

impl fmt::Display for RegisterFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Taken => "the software statement is taken",
            Self::TooMany => "it was registered or replaced too often in this hour",
            Self::Port(_) => "the registration could not be stored",
        })
    }
}

impl std::error::Error for RegisterFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Port(error) => Some(error),
            Self::Taken | Self::TooMany => None,
        }
    }
}

impl From<PortError> for RegisterFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

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
    /// the same software statement is refused, however many arrive at once (S88), and so is a first one beyond what its
    /// organisation may register in an hour (T60).
    async fn register(
        &self,
        new: &ClientRegistration,
        answer: &RegistrationAnswer,
        audit: &AuditEntry,
    ) -> Result<(), RegisterFault>;
    /// Notes that a client is about to be given its first token: from now on its removal leaves an entry of the block list.
    /// False if there is no such client any more. Repeating it is harmless.
    async fn first_token(&self, id: &ClientId) -> Result<bool, PortError>;
    /// Stores a registration after a change, with its audit row; the version before must be the one stored.
    async fn replace(&self, changed: &ClientRegistration, audit: &AuditEntry) -> Result<(), CommitFault>;
    /// The same for metadata that the client itself replaces: refused beyond what it may replace in an hour, that of the audit
    /// row's time (T60).
    async fn replace_metadata(
        &self,
        changed: &ClientRegistration,
        audit: &AuditEntry,
    ) -> Result<(), RegisterFault>;
    /// Removes a registration whose version must be the one stored, and leaves what is kept of it and its audit row. Word
    /// for the sweep that ends its consents goes with it, and an entry of the block list, unless it removes itself and never had
    /// a token.
    async fn remove(&self, gone: &RemovedClient, audit: &AuditEntry) -> Result<(), CommitFault>;
    /// Takes the software statement of a removed client, given as it is withheld, so that it registers only after a
    /// [`Self::release`]; a conflict if it is taken. An entry of the block list and word for the sweep go with it.
    async fn withhold(&self, withheld: &RemovedClient, audit: &AuditEntry) -> Result<(), CommitFault>;
    /// Lets the software statement of a client that an operator removed register anew; a conflict if it may already.
    async fn release(&self, removed: &RemovedClient, audit: &AuditEntry) -> Result<(), CommitFault>;
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use ponte_ports::chain;

    use super::*;

    #[test]
    fn t62_the_log_says_why_a_registration_was_not_stored_down_to_the_store() {
        let down = RegisterFault::from(PortError::new("clients table", "is down"));
        let told = chain(&down);
        assert!(told.starts_with("the registration could not be stored"), "{told}");
        assert!(told.contains("is down"), "{told}");
        for (fault, told) in [(RegisterFault::Taken, "is taken"), (RegisterFault::TooMany, "too often")] {
            assert!(fault.source().is_none() && fault.to_string().contains(told), "{fault}");
        }
    }
}
