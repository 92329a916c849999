//! The families of operator commands, and the two ways they go: by invocation, or by the operator queue.

use serde::Serialize;

use crate::operator::By;
use crate::order::{self, Queued};
use crate::target::Target;

/// The commands of one function.
pub(crate) trait Commands: Sized {
    /// The function.
    const FUNCTION: &'static str;
    /// Their type.
    type Command: Serialize;

    /// The command as it goes out first.
    fn command(self) -> Result<Self::Command, String>;

    /// Runs it by invocation, again as long as an answer leaves a rest; the answers as text.
    async fn run(self, target: &Target, by: &By) -> Result<String, String>;
}

/// Runs a command by invocation, or orders it by the operator queue.
pub(crate) async fn run_or_order<C: Commands>(
    commands: C,
    target: &Target,
    by: &By,
    queued: Option<&Queued>,
) -> Result<String, String> {
    let Some(queued) = queued else { return commands.run(target, by).await };
    let command = serde_json::to_value(commands.command()?).map_err(|error| error.to_string())?;
    order::send(target, C::FUNCTION, command, by, queued).await
}
