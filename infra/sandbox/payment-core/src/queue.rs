//! The core behind a queue: a message of the request queue, and the one that answers it. Whoever has the queues carries them.

use serde::{Deserialize, Serialize};

use crate::function::Function;
use crate::payment_core::Answered;

/// A message of the request queue.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// `jti` of the request.
    pub request_id: String,
    /// Path of the operation.
    pub operation: String,
    /// URL of the queue of replies.
    pub reply_to: String,
    /// The request as over HTTPS.
    pub jwt: String,
}

/// A message for the queue of replies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// `requestId` of the request.
    pub request_id: String,
    /// HTTP status as over HTTPS.
    pub status: u16,
    /// The answer as over HTTPS.
    pub jwt: String,
}

impl Function {
    /// The reply to a message; none to one that cannot be read or was read before, and none where the answer is lost by order.
    pub async fn received(&self, message: &str) -> Option<(Request, Answer)> {
        let request: Request = serde_json::from_str(message).ok()?;
        let answered = self.struck(&request.operation, &request.jwt).await.ok()?;
        let Answered { status, body, .. } = answered;
        // A queue delivers twice: the second message is not answered, since its request is used.
        if status == 400 {
            return None;
        }
        let answer = Answer { request_id: request.request_id.clone(), status, jwt: body };
        Some((request, answer))
    }
}
