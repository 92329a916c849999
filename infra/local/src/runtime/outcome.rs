//! Outcome of an invocation.

use bytes::Bytes;

/// How an invocation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The function answered.
    Answered(Bytes),
    /// The function reported an error, died or overran its time.
    Failed {
        /// `errorType` as Lambda reports it, e.g. `Runtime.ExitError`.
        kind: String,
        /// `errorMessage`.
        message: String,
    },
    /// No process could be started that asks for work.
    NotStarted(String),
}

impl Outcome {
    /// The failure of a process rather than of the function's code.
    pub(crate) fn failed(kind: &str, message: impl Into<String>) -> Self {
        Self::Failed { kind: kind.to_owned(), message: message.into() }
    }
}
