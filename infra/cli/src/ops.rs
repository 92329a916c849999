//! `ponte ops`: what was ordered by the operator queues, and what became of it.

use clap::Subcommand;
use ponte_ports::operation::{Operation, OperationPage, OpsCommand};

use crate::order;
use crate::target::Target;

/// Subcommands of `ponte ops`.
#[derive(Subcommand)]
pub(crate) enum Ops {
    /// List operations, the newest first
    List {
        /// Day in UTC on which they were ordered; the last seven without
        #[arg(long, value_name = "DAY")]
        day: Option<String>,
        /// Those in this state, e.g. WAITING_APPROVAL
        #[arg(long, value_name = "STATE")]
        state: Option<String>,
    },
    /// Show an operation with its answer
    Show {
        /// Id of the operation
        id: String,
    },
    /// Look at an operation until it ends
    Follow {
        /// Id of the operation
        id: String,
    },
    /// Approve an operation that waits for a second operator
    Approve {
        /// Id of the operation
        id: String,
        /// Why; it goes into the audit
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Follow the operation to its end
        #[arg(long)]
        follow: bool,
    },
}

impl Ops {
    /// Runs the command; its answer as text.
    pub(crate) async fn run(self, target: &Target) -> Result<String, String> {
        match self {
            Self::List { day, state } => list(target, day, state).await,
            Self::Show { id } => order::show(target, &id).await.map(|operation| facts(&operation)),
            Self::Follow { id } => order::follow(target, &id).await,
            Self::Approve { id, reason, follow } => approve(target, &id, &reason, follow).await,
        }
    }
}

async fn list(target: &Target, day: Option<String>, state: Option<String>) -> Result<String, String> {
    let (mut lines, mut after) = (Vec::new(), None);
    loop {
        let question = OpsCommand::List { day: day.clone(), state: state.clone(), after };
        let page: OperationPage = order::ask(target, &question).await?;
        lines.extend(page.operations.iter().map(row));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if lines.is_empty() {
        return Ok("there are no operations".to_owned());
    }
    Ok(lines.join("\n"))
}

/// The approval goes to the queue of the function that got the order.
async fn approve(target: &Target, id: &str, reason: &str, follow: bool) -> Result<String, String> {
    let operation = order::show(target, id).await?;
    let approval = OpsCommand::Approve { operation: id.to_owned(), reason: Some(reason.to_owned()) };
    order::approve(target, &operation.function, &approval).await?;
    if follow { order::follow(target, id).await } else { Ok(format!("the approval of {id} was sent")) }
}

fn row(operation: &Operation) -> String {
    let (at, sender) = (operation.created.with_millis(), &operation.requested_by.name);
    format!("{at}  {sender:<24}  {}", order::line(operation))
}

/// A line for each fact, and the answer.
fn facts(operation: &Operation) -> String {
    let facts = [
        ("id", Some(operation.id.to_string())),
        ("command", Some(operation.command.clone())),
        ("state", Some(order::state(operation))),
        ("ordered by", Some(operation.requested_by.name.clone())),
        ("reason", operation.reason.as_ref().map(|reason| reason.as_str().to_owned())),
        ("approved by", operation.approved_by.as_ref().map(|sender| sender.name.clone())),
        ("parts done", operation.progress.as_ref().map(|progress| progress.parts.to_string())),
        ("ordered", Some(operation.created.with_millis())),
        ("changed", Some(operation.updated.with_millis())),
        ("fault", operation.fault.clone()),
        ("answer", operation.answer.as_ref().map(|answer| format!("{answer:#}"))),
    ];
    let lines = facts.into_iter().filter_map(|(label, fact)| Some(format!("{label:<11} {}", fact?)));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_operation_is_a_line_for_each_fact() {
        let operation = json!({
            "id": "o-1", "function": "pcm", "command": "pcm.rebuild", "requestedBy": {"name": "AIDA", "proven": true}, "part": 1, "version": 2,
            "reason": "in doubt", "state": "DONE", "answer": {"done": true},
            "created": "2026-03-01T12:00:00.000Z", "updated": "2026-03-01T12:01:00.000Z",
        });
        let operation = serde_json::from_value(operation).unwrap();
        let printed = facts(&operation);
        assert!(
            printed.starts_with("id          o-1\ncommand     pcm.rebuild\nstate       DONE\n"),
            "{printed}"
        );
        assert!(printed.ends_with("answer      {\n  \"done\": true\n}"), "{printed}");
        assert!(!printed.contains("approved by") && !printed.contains("fault"), "{printed}");
        assert!(row(&operation).starts_with("2026-03-01T12:00:00.000Z  AIDA"), "{}", row(&operation));
    }
}
