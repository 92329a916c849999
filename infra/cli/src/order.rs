//! Orders by the operator queue of a function: the command goes out as a message under an id, and what becomes of it is read from
//! its record.

use std::time::Duration;

use clap::Args;
use ponte_cloud::environment::SystemIds;
use ponte_ports::Ids as _;
use ponte_ports::operation::{Operation, OperationState, OpsCommand};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::console;
use crate::operator::{self, By};
use crate::target::Target;

/// The function that is asked about operations; every one with commands could be.
const ASKED: &str = "audit";
/// Between two looks at an operation.
const LOOK: Duration = Duration::from_secs(2);
/// Looks without an answer until an order is given up: the queue hands its message over within seconds.
const AFTER_ORDER: u32 = 45;
/// The same for an operation that was ordered before.
const LATER: u32 = 2;
/// How a function says that no operation has an id.
const ABSENT: &str = "there is no such operation";
/// Most bytes of a message.
const LARGEST: usize = 262_144;

/// Whether and how commands go by the operator queue.
#[derive(Args, Clone)]
pub(crate) struct QueueOptions {
    /// Order the command by the operator queue of its function, and say the id of the operation
    #[arg(long, global = true)]
    queue: bool,
    /// With --queue: follow the operation to its end
    #[arg(long, global = true)]
    wait: bool,
    /// With --queue: id of the operation, under which nothing else is ordered; a new one without
    #[arg(long, value_name = "ID", global = true)]
    operation_id: Option<String>,
}

/// An order by queue.
pub(crate) struct Queued {
    id: Option<String>,
    wait: bool,
}

impl QueueOptions {
    /// The order that these options mean, if they mean one.
    pub(crate) fn queued(self) -> Result<Option<Queued>, String> {
        match (self.queue, self.wait || self.operation_id.is_some()) {
            (true, _) => Ok(Some(Queued { id: self.operation_id, wait: self.wait })),
            (false, false) => Ok(None),
            (false, true) => Err("--wait and --operation-id go with --queue".to_owned()),
        }
    }
}

/// How an operation stands, in a line.
pub(crate) fn line(operation: &Operation) -> String {
    let parts = operation.progress.as_ref().map(|progress| format!(", {} parts done", progress.parts));
    let fault = operation.fault.as_ref().map(|fault| format!(": {fault}"));
    console::one_line(&format!(
        "{} {} {}{}{}",
        operation.id,
        operation.command,
        state(operation),
        parts.unwrap_or_default(),
        fault.unwrap_or_default()
    ))
}

/// The name of its state.
pub(crate) fn state(operation: &Operation) -> String {
    let name = serde_json::to_value(operation.state).ok();
    name.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Whether nothing more becomes of it.
const fn has_ended(operation: &Operation) -> bool {
    !matches!(operation.state, OperationState::Running | OperationState::WaitingApproval)
}

/// Sends a command to the queue of a function; the id of its operation, or with `--wait` its answer.
pub(crate) async fn send(
    target: &Target,
    function: &str,
    command: Value,
    by: &By,
    queued: &Queued,
) -> Result<String, String> {
    let ordered = Ordered::of(&command);
    if let Some(id) = &queued.id
        && let Some(there) = find(target, id).await?
    {
        return Err(taken(&there, &ordered));
    }
    let id = queued.id.clone().unwrap_or_else(|| SystemIds.uuid());
    let message = message(command, &id, by.reason()).to_string();
    if message.len() > LARGEST {
        return Err(format!("a message has {LARGEST} bytes at most: order it in several, or by invocation"));
    }
    target.send(function, &message).await?;
    if !queued.wait {
        return Ok(id);
    }
    let followed = looking(target, &id, AFTER_ORDER, Some(&ordered)).await;
    followed.map_err(|fault| {
        format!("{fault}\nA message that is no order is among the dead letters of the queue.")
    })
}

/// What a command orders, as its record has it.
#[derive(PartialEq, Debug)]
struct Ordered {
    command: Value,
    members: Map<String, Value>,
}

impl Ordered {
    fn of(command: &Value) -> Self {
        let mut members = command.as_object().cloned().unwrap_or_default();
        let command = members.remove("operator").unwrap_or_default();
        // The record has it in a place of its own.
        members.remove("reason");
        Self { command, members }
    }

    /// Whether an operation orders just that, as far as its record says.
    fn is_of(&self, operation: &Operation) -> bool {
        let same = |members: &Map<String, Value>| *members == self.members;
        self.command == operation.command && operation.members.as_ref().is_none_or(same)
    }
}

/// Why an id that an operation has is not taken once more: its answer would be shown as that of this order.
fn taken(there: &Operation, ordered: &Ordered) -> String {
    let which = if ordered.is_of(there) { "the same order" } else { "another order" };
    let (by, at) = (console::one_line(&there.requested_by.name), there.created.with_millis());
    format!("the id is that of {which}, by {by} at {at}: {}\nNothing was sent.", line(there))
}

/// Sends an approval to the queue of the function that got the order.
pub(crate) async fn approve(target: &Target, function: &str, approval: &OpsCommand) -> Result<(), String> {
    let message = serde_json::to_string(approval).map_err(|error| error.to_string())?;
    target.send(function, &message).await
}

/// The message of a command: what an invocation has, the id of the operation, and the reason.
fn message(mut command: Value, id: &str, reason: Option<&str>) -> Value {
    command["operationId"] = id.into();
    if let Some(reason) = reason {
        command["reason"] = reason.into();
    }
    command
}

/// The record of an operation.
pub(crate) async fn show(target: &Target, id: &str) -> Result<Operation, String> {
    ask(target, &OpsCommand::Show { id: id.to_owned() }).await
}

/// The record of an operation, if there is one.
async fn find(target: &Target, id: &str) -> Result<Option<Operation>, String> {
    match show(target, id).await {
        Ok(operation) => Ok(Some(operation)),
        Err(fault) if fault.ends_with(ABSENT) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// The answer to a question about operations.
pub(crate) async fn ask<A: DeserializeOwned>(target: &Target, question: &OpsCommand) -> Result<A, String> {
    operator::run(target, ASKED, question, &By::default()).await
}

/// Looks at an operation until it ends, with a line for each change; its answer, and an error if it was not done.
pub(crate) async fn follow(target: &Target, id: &str) -> Result<String, String> {
    looking(target, id, LATER, None).await
}

/// Looks until it ends; `patience` is the number of looks in a row that may fail. What is not `ordered` is somebody else's.
async fn looking(
    target: &Target,
    id: &str,
    patience: u32,
    ordered: Option<&Ordered>,
) -> Result<String, String> {
    let (mut said, mut failed) = (None, 0);
    loop {
        match show(target, id).await {
            Ok(operation) if ordered.is_some_and(|ordered| !ordered.is_of(&operation)) => {
                return Err(format!("the id went to another order meanwhile: {}", line(&operation)));
            }
            Ok(operation) if has_ended(&operation) => return end(&operation),
            Ok(operation) => {
                failed = 0;
                let line = line(&operation);
                if said.as_ref() != Some(&line) {
                    console::say_aside(&line);
                    said = Some(line);
                }
            }
            Err(_) if failed < patience => failed += 1,
            Err(fault) => return Err(format!("{id}: {fault}")),
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn end(operation: &Operation) -> Result<String, String> {
    if operation.state != OperationState::Done {
        return Err(line(operation));
    }
    let answer = operation.answer.as_ref().map(|answer| format!("\n{answer:#}"));
    Ok(format!("{}{}", line(operation), answer.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn operation(state: &str) -> Operation {
        let operation = json!({
            "id": "o-1", "function": "pcm", "command": "pcm.resend-day", "members": {"day": "2026-03-01"},
            "requestedBy": {"name": "AIDA", "proven": true}, "state": state, "part": 3,
            "progress": {"parts": 2, "sum": {"resent": 7}}, "answer": {"resent": 7},
            "created": "2026-03-01T12:00:00.000Z", "updated": "2026-03-01T12:01:00.000Z", "version": 4,
        });
        serde_json::from_value(operation).unwrap()
    }

    #[test]
    fn t23_a_message_is_the_event_of_an_invocation_with_its_id_and_reason() {
        let command = json!({ "operator": "pcm.resend-day", "day": "2026-03-01" });
        let expected = json!({
            "operator": "pcm.resend-day", "day": "2026-03-01", "operationId": "o-1", "reason": "lost",
        });
        assert_eq!(message(command, "o-1", Some("lost")), expected);
        // A reason of its own stays.
        let own = json!({ "operator": "client.block", "id": "c", "reason": "fraud" });
        assert_eq!(message(own.clone(), "o-1", None)["reason"], "fraud");
        assert_eq!(message(own, "o-1", None)["id"], "c");
    }

    #[test]
    fn an_operation_that_was_not_done_is_an_error() {
        assert!(!has_ended(&operation("RUNNING")) && !has_ended(&operation("WAITING_APPROVAL")));
        assert_eq!(line(&operation("RUNNING")), "o-1 pcm.resend-day RUNNING, 2 parts done");
        let done = end(&operation("DONE")).unwrap();
        assert!(
            done.starts_with("o-1 pcm.resend-day DONE") && done.ends_with("{\n  \"resent\": 7\n}"),
            "{done}"
        );
        for state in ["FAILED", "EXPIRED", "REFUSED"] {
            assert!(has_ended(&operation(state)));
            let fault = Some("why".to_owned());
            let said = end(&Operation { fault, ..operation(state) }).unwrap_err();
            assert_eq!(said, format!("o-1 pcm.resend-day {state}, 2 parts done: why"));
        }
    }

    #[test]
    fn t23_the_answer_of_another_order_is_not_taken_for_that_of_this_one() {
        let there = operation("DONE");
        let own = Ordered::of(&json!({ "operator": "pcm.resend-day", "day": "2026-03-01" }));
        assert!(own.is_of(&there));
        let expected = "the id is that of the same order, by AIDA at 2026-03-01T12:00:00.000Z: o-1 pcm.resend-day DONE, 2 parts \
                        done\nNothing was sent.";
        assert_eq!(taken(&there, &own), expected);
        for other in [
            json!({ "operator": "pcm.resend-day", "day": "2026-03-02" }),
            json!({ "operator": "pcm.resend-day", "day": "2026-03-01", "after": "x" }),
            json!({ "operator": "pcm.rebuild", "day": "2026-03-01" }),
        ] {
            let other = Ordered::of(&other);
            assert!(!other.is_of(&there), "{other:?}");
            assert!(taken(&there, &other).starts_with("the id is that of another order"));
        }
        // A reason of its own is no member of the record.
        let members = json!({ "id": "c" }).as_object().cloned();
        let block = Operation { command: "client.block".to_owned(), members, ..there };
        assert!(
            Ordered::of(&json!({ "operator": "client.block", "id": "c", "reason": "fraud" })).is_of(&block)
        );
    }

    #[test]
    fn t62_a_fault_makes_no_line_that_looks_like_an_answer() {
        let fault = Some("why\no-2 pcm.rebuild DONE\u{1b}[A".to_owned());
        let said = line(&Operation { fault, ..operation("FAILED") });
        assert!(said.ends_with(r"why\no-2 pcm.rebuild DONE\u{1b}[A"), "{said}");
    }

    #[test]
    fn options_of_an_order_go_with_the_queue() {
        let options =
            |queue, wait, id: Option<&str>| QueueOptions { queue, wait, operation_id: id.map(str::to_owned) };
        assert!(options(false, false, None).queued().unwrap().is_none());
        assert!(options(true, true, Some("o-1")).queued().unwrap().is_some());
        assert!(options(false, true, None).queued().is_err());
        assert!(options(false, false, Some("o-1")).queued().is_err());
    }
}
