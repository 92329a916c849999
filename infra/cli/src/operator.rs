//! Operator commands: a function's typed command goes out as the event of an invocation, its typed answer comes back.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ask;

/// Runs `command` in the function called `function` of the running stack.
pub(crate) async fn run<A: DeserializeOwned>(
    directory: &Path,
    function: &str,
    command: &impl Serialize,
) -> Result<A, String> {
    let event = serde_json::to_vec(command).map_err(|error| error.to_string())?;
    let answer = ask::invoke(directory, function, event).await?;
    serde_json::from_value(answer).map_err(|error| {
        format!("{function} ran the command, but its answer has another form than this ponte knows: {error}")
    })
}
