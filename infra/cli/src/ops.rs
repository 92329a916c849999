//! `ponte ops`: what was ordered by the operator queues, and what became of it.

use clap::Subcommand;
use ponte_ports::operation::{Operation, OperationPage, OpsCommand};
use serde_json::json;

use crate::console;
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
    /// Approve an operation that waits for a second operator, after a look at what it orders
    Approve {
        /// Id of the operation
        id: String,
        /// Name of the command that it orders, e.g. client.remove; another one is not approved
        #[arg(long, value_name = "COMMAND")]
        command: String,
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
            Self::Approve { id, command, reason, follow } => {
                let operation = order::show(target, &id).await?;
                // What is approved is seen, whatever the terminal showed before.
                console::say_aside(&facts(&operation));
                is_meant(&operation, &command)?;
                approve(target, &operation, &reason, follow).await
            }
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

/// Whether an operation orders the command that the approver means: an id alone says nothing of what it stands for.
fn is_meant(operation: &Operation, command: &str) -> Result<(), String> {
    if operation.command == command {
        return Ok(());
    }
    Err(format!("{} orders {}, not {command}: nothing was approved", operation.id, operation.command))
}

/// The approval goes to the queue of the function that got the order.
async fn approve(
    target: &Target,
    operation: &Operation,
    reason: &str,
    follow: bool,
) -> Result<String, String> {
    let id = operation.id.as_str();
    let approval = OpsCommand::Approve { operation: id.to_owned(), reason: Some(reason.to_owned()) };
    order::approve(target, &operation.function, &approval).await?;
    if follow { order::follow(target, id).await } else { Ok(format!("the approval of {id} was sent")) }
}

fn row(operation: &Operation) -> String {
    let (at, sender) = (operation.created.with_millis(), console::one_line(&operation.requested_by.name));
    format!("{at}  {sender:<24}  {}", order::line(operation))
}

/// A line for each fact, with what is ordered, and the answer.
fn facts(operation: &Operation) -> String {
    let line = |text: &str| console::one_line(text);
    let facts = [
        ("id", Some(operation.id.to_string())),
        ("command", Some(line(&operation.command))),
        ("members", operation.members.as_ref().map(|members| format!("{:#}", json!(members)))),
        ("state", Some(order::state(operation))),
        ("ordered by", Some(line(&operation.requested_by.name))),
        ("reason", operation.reason.as_ref().map(|reason| line(reason.as_str()))),
        ("approved by", operation.approved_by.as_ref().map(|sender| line(&sender.name))),
        ("approval", operation.approval_reason.as_ref().map(|reason| line(reason.as_str()))),
        ("parts done", operation.progress.as_ref().map(|progress| progress.parts.to_string())),
        ("ordered", Some(operation.created.with_millis())),
        ("changed", Some(operation.updated.with_millis())),
        ("fault", operation.fault.as_deref().map(line)),
        ("answer", operation.answer.as_ref().map(|answer| format!("{answer:#}"))),
    ];
    let lines = facts.into_iter().filter_map(|(label, fact)| Some(format!("{label:<11} {}", fact?)));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removal() -> Operation {
        let operation = json!({
            "id": "o-2", "function": "oauth", "command": "client.remove", "members": {"id": "client-1"},
            "requestedBy": {"name": "AIDA", "proven": true}, "reason": "fraud", "state": "RUNNING", "part": 1, "version": 2,
            "approvedBy": {"name": "BRUNO", "proven": true}, "approvalReason": "looked at it",
            "created": "2026-03-01T12:00:00.000Z", "updated": "2026-03-01T12:01:00.000Z",
        });
        serde_json::from_value(operation).unwrap()
    }

    #[test]
    fn t47_an_operation_shows_what_it_orders_and_why_it_was_approved() {
        let printed = facts(&removal());
        for told in ["\"id\": \"client-1\"", "\napproved by BRUNO\napproval    looked at it\n"] {
            assert!(printed.contains(told), "{told}: {printed}");
        }
    }

    #[test]
    fn t47_an_approval_names_the_command_and_another_one_is_not_approved() {
        #[derive(clap::Parser)]
        struct Line {
            #[command(subcommand)]
            ops: Ops,
        }
        let read = |arguments: &[&str]| <Line as clap::Parser>::try_parse_from(arguments);
        let short = ["ops", "approve", "o-2", "--reason", "looked at it"];
        assert!(read(&short).is_err(), "an id alone");
        let whole = read(&[&short[..], &["--command", "client.remove"]].concat());
        let whole = whole.map_err(|error| error.to_string()).unwrap().ops;
        assert!(matches!(whole, Ops::Approve { command, .. } if command == "client.remove"));
        assert_eq!(is_meant(&removal(), "client.remove"), Ok(()));
        let refused = is_meant(&removal(), "pcm.correct").unwrap_err();
        assert_eq!(refused, "o-2 orders client.remove, not pcm.correct: nothing was approved");
    }

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
