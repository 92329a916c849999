//! The queue of replies: what a payment connector answers that works by queue is kept where whoever asked looks. Nothing is believed here;
//! whoever asked verifies the signature.

use std::sync::Arc;

use async_trait::async_trait;
use ponte_edge::{Message, Verdict, Worker};
use ponte_payment::ports::{ConnectorReplies, ConnectorReply};
use ponte_ports::{Clock, chain};
use ponte_values::Moment;

/// Reads the body of a message that came at a moment; `None` if it is no reply.
pub type ReadReply = fn(&str, Moment) -> Option<ConnectorReply>;

/// Works on the queue of replies.
pub struct ReplyWorker {
    /// Where replies wait.
    pub replies: Arc<dyn ConnectorReplies>,
    /// How a message is read.
    pub read: ReadReply,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Worker for ReplyWorker {
    async fn work(&self, message: &Message) -> Verdict {
        let Some(reply) = (self.read)(&message.body, self.clock.now()) else {
            return Verdict::Drop("not a reply of the payment connector".into());
        };
        match self.replies.keep(&reply).await {
            Ok(()) => Verdict::Done,
            Err(error) => {
                tracing::error!(error = chain(&error), "a reply of the payment connector is not kept");
                Verdict::Retry
            }
        }
    }
}
