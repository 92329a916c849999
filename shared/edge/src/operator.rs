//! Operator commands: a function invoked directly, with `{"operator": "<command>", ..}`.
//!
//! IAM decides who may invoke the function and so run them. Lambda names no caller, so an operator states who they are and
//! why: `"by": {"name": "..", "reason": ".."}`, which goes into the audit as unproven (T47). A command that changes something
//! asks for both, by the type [`OperatorOrder`](ponte_ports::audit::OperatorOrder). The answer goes back to the
//! caller of the invocation and is never logged, because it may hold a secret that is shown once. The same commands come by
//! the operator queue of the function, where AWS names the sender and the answer is kept (`operator_queue.rs`).

use std::error::Error;

use async_trait::async_trait;
use ponte_ports::audit::{OperatorAction, OperatorIdentity, OperatorReason};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// Why a command was not done. It becomes the error of the invocation and a log line, so it must hold no secret.
pub type OperatorError = Box<dyn Error + Send + Sync>;

/// What a command is, as far as a queue has to know.
#[expect(clippy::struct_excessive_bools, reason = "each is said of a command by itself")]
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CommandKind {
    /// It changes something: whoever orders it says why.
    pub changes: bool,
    /// Its answer holds a secret that is shown once, so that no record may hold it: no queue takes it.
    pub answers_secret: bool,
    /// What it could not do in its time it answers as `next` or `continue`, and it is done when all of that is done. A list
    /// that has pages is done with one of them.
    pub goes_on: bool,
    /// It moves money, or may: it always needs a second operator, whatever the institution says.
    pub needs_two: bool,
}

impl CommandKind {
    /// A command that only looks.
    pub const LOOKS: Self = Self { changes: false, answers_secret: false, goes_on: false, needs_two: false };
    /// A command that changes something.
    pub const CHANGES: Self = Self { changes: true, ..Self::LOOKS };

    /// The same, which goes on part by part.
    #[must_use]
    pub const fn going_on(self) -> Self {
        Self { goes_on: true, ..self }
    }

    /// The same, which always needs a second operator.
    #[must_use]
    pub const fn by_two(self) -> Self {
        Self { needs_two: true, ..self }
    }

    /// The same, whose answer holds a secret.
    #[must_use]
    pub const fn answering_a_secret(self) -> Self {
        Self { answers_secret: true, ..self }
    }
}

/// The operator commands of a function.
#[async_trait]
pub trait Operator: Send + Sync {
    /// What a command is; `None` if it is none of this function, or one of its members is missing, unknown or of another
    /// type. Nothing is done. A command reads the same members from a queue as from an invocation, but that a reason of its
    /// own may stand in the action alone.
    fn kind(&self, command: &RawValue) -> Option<CommandKind>;

    /// Runs one; `command` is the event, its name in the member `operator`; `action` says who ordered it and why.
    ///
    /// # Errors
    /// Why it was not done.
    async fn run(&self, command: &RawValue, action: &OperatorAction) -> Result<Value, OperatorError>;
}

/// Member of the event in which an operator says who they are and why.
const BY: &str = "by";

/// The event as far as every command has it.
#[derive(Deserialize)]
struct Ordered {
    by: Option<By>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct By {
    name: Option<String>,
    reason: Option<String>,
}

/// Runs the command of an event.
pub(crate) async fn run(operator: &dyn Operator, event: &RawValue) -> Result<Value, OperatorError> {
    // An event that is no object is the command's own to refuse.
    let ordered = serde_json::from_str(event.get()).unwrap_or(Ordered { by: None });
    let Some(by) = ordered.by else {
        if named(event) {
            return Err("by: takes name and reason, each a text".into());
        }
        return operator.run(event, &OperatorAction::default()).await;
    };
    let name = by.name.as_deref().map(OperatorIdentity::stated).transpose();
    let reason = by.reason.as_deref().map(OperatorReason::parse).transpose();
    let action = OperatorAction {
        by: name.map_err(|_| "by.name: 1 to 128 printable characters on one line")?,
        reason: reason.map_err(|_| "by.reason: 1 to 200 printable characters on one line")?,
        ..OperatorAction::default()
    };
    let mut members: serde_json::Map<String, Value> = serde_json::from_str(event.get())?;
    members.remove(BY);
    operator.run(&serde_json::value::to_raw_value(&members)?, &action).await
}

/// Whether an event has the member at all.
fn named(event: &RawValue) -> bool {
    serde_json::from_str::<Value>(event.get()).is_ok_and(|event| event.get(BY).is_some())
}
