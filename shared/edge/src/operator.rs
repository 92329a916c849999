//! Operator commands: a function invoked directly, with `{"operator": "<command>", ..}`.
//!
//! IAM decides who may invoke the function and so run them. The answer goes back to the caller of the invocation and is
//! never logged, because it may hold a secret that is shown once.

use std::error::Error;

use async_trait::async_trait;
use serde_json::Value;
use serde_json::value::RawValue;

/// Why a command was not done. It becomes the error of the invocation and a log line, so it must hold no secret.
pub type OperatorError = Box<dyn Error + Send + Sync>;

/// The operator commands of a function.
#[async_trait]
pub trait Operator: Send + Sync {
    /// Runs one; `command` is the whole event, its name in the member `operator`.
    ///
    /// # Errors
    /// Why it was not done.
    async fn run(&self, command: &RawValue) -> Result<Value, OperatorError>;
}
