//! Lambda on one machine: every function is a process of its own that works through the Lambda Runtime API.
//!
//! [`Function::invoke`] takes an idle execution environment or starts one, up to [`MAX_ENVIRONMENTS`]; one
//! environment is one process with a Runtime API of its own and works on one invocation at a time. A process that
//! ends or overruns its time is replaced; its invocation ends as [`Outcome::Failed`].

mod api;
mod environment;
mod function;
mod variables;

#[cfg(test)]
pub(crate) mod tests;

use std::path::PathBuf;

use bytes::Bytes;

pub(crate) use api::MAX_PAYLOAD;
pub use function::{Function, Functions, Settings, Tally};

/// Execution environments of one function at most; further invocations wait.
pub const MAX_ENVIRONMENTS: usize = 4;

/// How a function's process is started: `program arguments.. NAME`.
#[derive(Debug, Clone)]
pub struct Launcher {
    /// The program.
    pub program: PathBuf,
    /// What comes before the function's name.
    pub arguments: Vec<String>,
}

impl Launcher {
    /// This very program, as `ponte function NAME`.
    pub fn this_program() -> std::io::Result<Self> {
        Ok(Self { program: std::env::current_exe()?, arguments: vec!["function".to_owned()] })
    }
}

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
