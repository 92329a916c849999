//! The poller of an event-source mapping: receives batches, invokes the function, deletes what it finished.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, Message, MessageSystemAttributeName};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::record::{done, sqs_event};
use crate::runtime::Function;
use crate::serve::Serving;
use crate::template::Mapping;

/// Seconds of a long poll.
const WAIT: i32 = 20;
/// Pause after the queue could not be asked.
const PAUSE: Duration = Duration::from_millis(500);

/// One mapping from a queue to a function.
pub struct Poller {
    /// Client of the local SQS.
    pub sqs: Client,
    /// URL of the queue.
    pub queue_url: String,
    /// The event-source mapping of the template.
    pub mapping: Mapping,
    /// The function that gets the messages.
    pub function: Arc<Function>,
}

impl Poller {
    /// Polls until the returned guard goes.
    pub(crate) fn start(self) -> Serving {
        Serving::of(tokio::spawn(async move { Arc::new(self).poll().await }))
    }

    async fn poll(self: Arc<Self>) {
        let slots = Arc::new(Semaphore::new(self.mapping.max_concurrency));
        let mut batches = JoinSet::new();
        loop {
            // A slot first: a message that nobody can work on yet must not be received (it would count as a receive).
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
            while batches.try_join_next().is_some() {}
            match self.receive().await {
                Ok(messages) if messages.is_empty() => {}
                Ok(messages) => {
                    let poller = Arc::clone(&self);
                    batches.spawn(async move {
                        poller.work(messages).await;
                        drop(slot);
                    });
                }
                Err(error) => {
                    tracing::warn!(queue = self.queue_url, error, "the queue cannot be polled");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    async fn receive(&self) -> Result<Vec<Message>, String> {
        let received = self
            .sqs
            .receive_message()
            .queue_url(&self.queue_url)
            .max_number_of_messages(i32::from(self.mapping.batch_size))
            .wait_time_seconds(WAIT)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All")
            .send()
            .await;
        let received = received.map_err(|error| format!("{error:?}"))?;
        Ok(received.messages.unwrap_or_default())
    }

    /// A message that is not deleted comes back when its visibility timeout ends.
    async fn work(&self, messages: Vec<Message>) {
        let outcome = self.function.invoke(sqs_event(&self.mapping.queue_arn, &messages)).await;
        let done = done(&outcome, self.mapping.partial_failures, &messages);
        if done.len() < messages.len() {
            let function = &self.function.settings().name;
            tracing::warn!(
                function,
                failed = messages.len() - done.len(),
                ?outcome,
                "messages stay in the queue"
            );
        }
        let finished =
            messages.iter().filter(|message| message.message_id().is_some_and(|id| done.contains(id)));
        let entries: Result<Vec<_>, _> = finished
            .enumerate()
            .map(|(index, message)| {
                DeleteMessageBatchRequestEntry::builder()
                    .id(index.to_string())
                    .set_receipt_handle(message.receipt_handle().map(str::to_owned))
                    .build()
            })
            .collect();
        match entries {
            Ok(entries) if entries.is_empty() => {}
            Ok(entries) => {
                let delete =
                    self.sqs.delete_message_batch().queue_url(&self.queue_url).set_entries(Some(entries));
                if let Err(error) = delete.send().await {
                    tracing::warn!(queue = self.queue_url, ?error, "finished messages could not be deleted");
                }
            }
            Err(error) => tracing::warn!(queue = self.queue_url, %error, "a message has no receipt handle"),
        }
    }
}
