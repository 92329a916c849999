//! An operator with an access key of their own, and what becomes of an order.

use std::time::Duration;

use serde_json::{Value, json};

use crate::journeys::callers::Callers;
use crate::journeys::cloud::Cloud;
use crate::stack::Stack;

/// Two operators, by their access keys.
pub(super) const ANA: &str = "AKIAINVENTEDANA";
pub(super) const BRUNO: &str = "AKIAINVENTEDBRUNO";

/// A look every 100 ms for two minutes.
const LOOKS: usize = 1_200;
const LOOK: Duration = Duration::from_millis(100);

/// Sends orders and follows them.
pub(super) struct Desk<'s> {
    pub(super) stack: &'s Stack,
    pub(super) callers: &'s Callers,
    pub(super) cloud: Cloud<'s>,
}

impl<'s> Desk<'s> {
    pub(super) fn of(stack: &'s Stack, callers: &'s Callers) -> Self {
        Self { stack, callers, cloud: Cloud::of(stack, callers) }
    }

    /// URL of the operator queue of a function.
    pub(super) fn queue(&self, function: &str) -> &'s str {
        self.stack.text(&format!("/functions/{function}/env/OPERATOR_QUEUE_URL"))
    }

    /// URL of its dead letters.
    pub(super) fn letters(&self, function: &str) -> &'s str {
        self.stack.text(&format!("/functions/{function}/env/OPERATOR_DEAD_LETTERS_URL"))
    }

    /// Sends a message as an operator; its id.
    pub(super) async fn send(&self, operator: &str, function: &str, body: &Value) -> String {
        // As the command line does: whoever sends it is named in it.
        let mut body = body.clone();
        body["sender"] = operator.into();
        self.cloud.send(operator, self.queue(function), &body.to_string()).await
    }

    /// Invokes the function `audit`, which shows operations of all.
    pub(super) async fn ask(&self, command: &Value) -> Value {
        let url = format!("{}/invoke/audit", self.stack.text("/control"));
        self.callers.service(&url, &[("content-type", "application/json")], command).await
    }

    /// An operation; null if there is none of that id.
    pub(super) async fn show(&self, id: &str) -> Value {
        self.ask(&json!({ "operator": "ops.show", "id": id })).await["answer"].take()
    }

    /// An operation once it is in a state.
    pub(super) async fn until(&self, id: &str, state: &str) -> Value {
        let mut shown = Value::Null;
        for _ in 0..LOOKS {
            shown = self.show(id).await;
            if shown["state"] == state {
                return shown;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("{id} is not {state}: {shown:#}");
    }

    /// The first dead letter of a queue with this text in its body, by the URL of the dead letters.
    pub(super) async fn letter(&self, url: &str, text: &str) -> Value {
        for _ in 0..LOOKS {
            let found = self.cloud.messages(url).await.into_iter();
            let mut found =
                found.filter(|letter| letter["Body"].as_str().is_some_and(|body| body.contains(text)));
            if let Some(letter) = found.next() {
                return letter;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("no dead letter says {text}");
    }

    /// How many messages a queue of the template holds, by its name there, once it is that many.
    pub(super) async fn depth(&self, queue: &str, wanted: u64) {
        let mut status = Value::Null;
        for _ in 0..LOOKS {
            status = self.callers.status(self.stack).await["queues"][queue].take();
            if status["waiting"] == wanted && status["in_flight"] == 0 {
                return;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("{queue} does not hold {wanted}: {status}");
    }

    /// Bodies of the audit rows with this action.
    pub(super) async fn audited(&self, action: &str) -> Vec<Value> {
        let table = self.cloud.table("pcm", "AUDIT_TABLE");
        let rows = self.cloud.items(table).await;
        let bodies =
            rows.iter().filter_map(|row| serde_json::from_str::<Value>(row["body"]["S"].as_str()?).ok());
        bodies.filter(|body| body["action"] == action).collect()
    }
}

/// The reason of a dead letter.
pub(super) fn reason(letter: &Value) -> &str {
    letter["MessageAttributes"]["reason"]["StringValue"].as_str().unwrap_or_default()
}
