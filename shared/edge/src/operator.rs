//! Operator commands: a function invoked directly, with `{"operator": "<command>", ..}`.
//!
//! Whoever may invoke the function may run them: IAM decides, nothing here does. What comes back is the invocation's
//! answer and is never logged, because it may hold a secret that is shown once.

use std::error::Error;

use async_trait::async_trait;
use serde_json::Value;
use serde_json::value::RawValue;

/// Why a command was not done; becomes the error of the invocation, and a line in the log: nothing secret may be in it.
pub type OperatorError = Box<dyn Error + Send + Sync>;

/// What runs the commands of a function.
#[async_trait]
pub trait Operator: Send + Sync {
    /// Runs one; `command` is the whole event, its name in the member `operator`.
    ///
    /// # Errors
    /// Why it was not done.
    async fn run(&self, command: &RawValue) -> Result<Value, OperatorError>;
}
