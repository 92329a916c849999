//! The connector behind queues: a request goes to the queue of the core, its reply comes to a queue of ours, whose function keeps it
//! where the one who waits looks.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ponte_cloud::aws::Aws;
use ponte_cloud::sqs::Queue;
use ponte_payment::ports::{ConnectorReplies, ConnectorReply};
use ponte_ports::{Clock, PortError};
use tokio::time::{sleep, timeout_at};

use super::queue_messages::RequestMessage;
use crate::institution::{Carry, Question, Reply, Unanswered, Way};

/// First pause between two looks, then longer ones.
const FIRST_LOOK: Duration = Duration::from_millis(100);
/// Longest pause between two looks.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

struct OverQueue {
    requests: Queue<RequestMessage>,
    replies: Arc<dyn ConnectorReplies>,
    /// URL of our queue of replies.
    reply_to: String,
    clock: Arc<dyn Clock>,
}

impl Way {
    /// The connector that reads the queue at `requests` and answers to the one at `reply_to`.
    #[must_use]
    pub fn over_queue(
        (aws, requests): (&Aws, String),
        (replies, reply_to): (Arc<dyn ConnectorReplies>, String),
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self(Box::new(OverQueue { requests: Queue::new(aws.sqs(), requests), replies, reply_to, clock }))
    }
}

#[async_trait]
impl Carry for OverQueue {
    async fn carry(&self, question: Question<'_>) -> Result<Reply, Unanswered> {
        let what = question.what;
        let names = question.names.ok_or_else(|| {
            Unanswered::NotSent(PortError::new(what, "a question without a name cannot go by a queue"))
        })?;
        let message = RequestMessage {
            request_id: names.request.to_owned(),
            correlation_id: names.correlation.to_owned(),
            operation: question.operation.to_owned(),
            reply_to: self.reply_to.clone(),
            answer_before: self.clock.now().plus(question.left()).to_string(),
            jwt: String::from_utf8_lossy(question.body).into_owned(),
        };
        let sent = timeout_at(question.until, self.requests.send_all(std::slice::from_ref(&message))).await;
        // A send that failed may have been taken at one of its tries.
        match sent {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(Unanswered::Unknown(error)),
            Err(_) => return Err(late(what)),
        }
        let looked = timeout_at(question.until, self.look(names.request)).await;
        let ConnectorReply { status, jwt, .. } = looked.map_err(|_| late(what))?;
        Ok(Reply { status, wait: None, body: jwt.into_bytes() })
    }
}

impl OverQueue {
    /// Looks until the reply is there. A look that fails is one more that found nothing.
    async fn look(&self, request: &str) -> ConnectorReply {
        let mut pause = FIRST_LOOK;
        loop {
            sleep(pause).await;
            if let Ok(Some(reply)) = self.replies.reply_to(request, self.clock.now()).await {
                return reply;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

fn late(what: &'static str) -> Unanswered {
    Unanswered::Unknown(PortError::timeout(what, "no reply in time"))
}
