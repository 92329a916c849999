//! Operator commands by invocation: a function's typed command goes out as the event, and its typed answer comes back.

use clap::Args;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::target::Target;

/// Who orders a command, and why: what changes something is refused without both. The function believes it unproven, since an invocation names no caller; it goes into the
/// audit (T47).
#[derive(Args, Clone, Default, Serialize)]
pub(crate) struct By {
    /// Who orders this; it goes into the audit. With --queue SQS says who sends
    #[arg(long = "as", value_name = "NAME", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Why; it goes into the audit, so no customer's data
    #[arg(long, value_name = "TEXT", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl By {
    /// Who orders a command whose reason is a member of its own.
    pub(crate) fn of(name: Option<&str>, reason: &str) -> Self {
        Self { name: name.map(str::to_owned), reason: Some(reason.to_owned()) }
    }

    /// Why.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    const fn says_something(&self) -> bool {
        self.name.is_some() || self.reason.is_some()
    }
}

/// Runs `command` in the function called `function`.
pub(crate) async fn run<A: DeserializeOwned>(
    target: &Target,
    function: &str,
    command: &impl Serialize,
    by: &By,
) -> Result<A, String> {
    let mut event = serde_json::to_value(command).map_err(|error| error.to_string())?;
    if by.says_something() {
        event["by"] = serde_json::to_value(by).map_err(|error| error.to_string())?;
    }
    let event = serde_json::to_vec(&event).map_err(|error| error.to_string())?;
    read(function, target.invoke(function, event).await?)
}

fn read<A: DeserializeOwned>(function: &str, answer: Value) -> Result<A, String> {
    serde_json::from_value(answer).map_err(|error| {
        format!("{function} ran the command, but its answer has another form than this ponte knows: {error}")
    })
}
