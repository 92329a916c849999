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

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use ponte_kit::clock::ManualClock;
    use ponte_ports::PortError;

    use super::*;

    #[derive(Default)]
    struct Kept {
        replies: Mutex<Vec<ConnectorReply>>,
        fails: bool,
    }

    #[async_trait]
    impl ConnectorReplies for Kept {
        async fn keep(&self, reply: &ConnectorReply) -> Result<(), PortError> {
            if self.fails {
                return Err(PortError::new("replies", "away"));
            }
            self.replies.lock().unwrap_or_else(PoisonError::into_inner).push(reply.clone());
            Ok(())
        }

        async fn reply_to(&self, _: &str, _: Moment) -> Result<Option<ConnectorReply>, PortError> {
            Ok(None)
        }
    }

    fn read(body: &str, now: Moment) -> Option<ConnectorReply> {
        let request = body.strip_prefix("reply ")?.to_owned();
        Some(ConnectorReply { request, status: 201, jwt: "a.b.c".to_owned(), expires_at: now })
    }

    async fn work(kept: &Arc<Kept>, body: &str) -> Verdict {
        let start = Moment::parse("2026-06-15T12:00:00Z").unwrap();
        let clock = Arc::new(ManualClock::at(start));
        let worker = ReplyWorker { replies: kept.clone(), read, clock };
        worker.work(&Message { body: body.to_owned(), ..Message::default() }).await
    }

    #[tokio::test]
    async fn t68_a_reply_is_kept_or_comes_again_and_what_is_none_is_put_aside() {
        let kept = Arc::new(Kept::default());
        assert_eq!(work(&kept, "reply one").await, Verdict::Done);
        assert_eq!(kept.replies.lock().unwrap().len(), 1);
        assert!(matches!(work(&kept, "something else").await, Verdict::Drop(_)));
        assert_eq!(kept.replies.lock().unwrap().len(), 1);
        let away = Arc::new(Kept { fails: true, ..Kept::default() });
        assert_eq!(work(&away, "reply two").await, Verdict::Retry);
    }
}
