//! Error for a receiver that could not be set up.

use ponte_machine::SandboxError;
use ponte_web::caller::NoAnswer;

/// Why a receiver could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// Files or `endpoints.json`.
    #[error(transparent)]
    Files(#[from] SandboxError),
    /// The authorization server did not answer.
    #[error("{0}")]
    NoAnswer(#[from] NoAnswer),
    /// It answered something else than a discovery document.
    #[error("discovery: {0}")]
    Discovery(String),
}
