//! The reply to a trigger.

use serde::Serialize;

use super::queue::QueueReply;
use crate::answer::Answer;

/// The reply to a trigger. No `Debug`: it may hold a secret that is shown once.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Reply {
    /// To API Gateway.
    Http(Box<Answer>),
    /// To the event-source mapping.
    Queue(QueueReply),
    /// To the caller of the invocation.
    Operator(serde_json::Value),
    /// To the scheduler, which reads nothing.
    Done,
}
