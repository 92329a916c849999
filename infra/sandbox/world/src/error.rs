//! Error for a world that could not be prepared.

use ponte_machine::SandboxError;

/// Why there is no world, or not a whole one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorldError {
    /// A part of it could not be built.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// A participant that is no client of the institution.
    #[error("{organisation} is not registered as a client: {reason}")]
    Registration {
        /// The participant.
        organisation: String,
        /// The fault.
        reason: String,
    },
    /// A system of the institution without its API key.
    #[error("{system} has no API key: {reason}")]
    ApiKey {
        /// The system.
        system: &'static str,
        /// The fault.
        reason: String,
    },
}
