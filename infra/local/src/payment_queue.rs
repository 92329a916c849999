//! The request queue of the institution's payment core, for a stack that reaches it by queue: takes each message off, has it answered, and
//! sends the answer to the queue that the message names.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, QueueAttributeName};
use ponte_world::PaymentMessages;

use crate::serve::Serving;

/// Seconds of a long poll, and messages that one brings.
const WAIT: i32 = 20;
const BATCH: i32 = 10;
/// Seconds after which a message whose answer hangs is delivered once more.
const VISIBILITY: &str = "60";
/// Pause after the queue could not be asked.
const PAUSE: Duration = Duration::from_millis(500);

/// The queue and who answers it.
pub(crate) struct PaymentQueue {
    /// Client of the local SQS.
    pub(crate) sqs: Client,
    /// Where queues are; replies go nowhere else.
    pub(crate) endpoint_url: String,
    /// URL of the request queue.
    pub(crate) queue_url: String,
    /// The core.
    pub(crate) core: PaymentMessages,
}

impl PaymentQueue {
    /// Makes the queue if it is missing, and answers until the returned guard goes.
    pub(crate) async fn start(self) -> Result<Serving, String> {
        let name = self.queue_url.rsplit('/').next().unwrap_or_default();
        let visibility = HashMap::from([(QueueAttributeName::VisibilityTimeout, VISIBILITY.to_owned())]);
        let made = self.sqs.create_queue().queue_name(name).set_attributes(Some(visibility)).send().await;
        made.map_err(|fault| format!("{}: {fault:?}", self.queue_url))?;
        Ok(Serving::of(tokio::spawn(async move { Arc::new(self).poll().await })))
    }

    async fn poll(self: Arc<Self>) {
        loop {
            let asked = self.sqs.receive_message().queue_url(&self.queue_url);
            match asked.max_number_of_messages(BATCH).wait_time_seconds(WAIT).send().await {
                Ok(received) => {
                    for message in received.messages.unwrap_or_default() {
                        let queue = Arc::clone(&self);
                        tokio::spawn(async move { queue.work(message).await });
                    }
                }
                Err(error) => {
                    tracing::warn!(queue = self.queue_url, ?error, "the queue cannot be polled");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    async fn work(&self, message: Message) {
        let replied = (self.core)(message.body.unwrap_or_default()).await;
        if let Some((url, reply)) = replied.filter(|(url, _)| url.starts_with(&self.endpoint_url)) {
            let sent = self.sqs.send_message().queue_url(&url).message_body(reply).send().await;
            if let Err(error) = sent {
                tracing::warn!(queue = url, ?error, "an answer of the payment core is lost");
            }
        }
        if let Some(receipt) = message.receipt_handle {
            let deleted =
                self.sqs.delete_message().queue_url(&self.queue_url).receipt_handle(receipt).send().await;
            if let Err(error) = deleted {
                tracing::warn!(queue = self.queue_url, ?error, "an answered message comes once more");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;
    use crate::aws::{Cloud, queue_url};

    #[tokio::test(flavor = "multi_thread")]
    async fn a_message_is_answered_where_it_asks_for_it_and_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let cloud = Cloud::open(listener, folder.path()).unwrap();
        let (sqs, endpoint_url) = (cloud.clients().sqs, cloud.endpoint_url().to_owned());
        let [requests, replies] = ["core-requests", "replies"].map(|name| queue_url(&endpoint_url, name));
        sqs.create_queue().queue_name("replies").send().await.unwrap();
        let core: PaymentMessages = Arc::new(move |message: String| {
            Box::pin(async move {
                let (url, text) = message.split_once(' ')?;
                Some((url.to_owned(), format!("answer to {text}")))
            })
        });
        let queue = PaymentQueue { sqs: sqs.clone(), endpoint_url, queue_url: requests.clone(), core };
        let _running = queue.start().await.unwrap();
        for body in
            ["unreadable".to_owned(), "http://127.0.0.1:1/elsewhere x".to_owned(), format!("{replies} a")]
        {
            sqs.send_message().queue_url(&requests).message_body(body).send().await.unwrap();
        }
        let received = sqs.receive_message().queue_url(&replies).wait_time_seconds(20).send().await.unwrap();
        let bodies: Vec<_> = received.messages().iter().filter_map(Message::body).collect();
        assert_eq!(bodies, ["answer to a"]);
    }
}
