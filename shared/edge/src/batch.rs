//! Queue messages: one verdict each, so that a bad message neither holds up nor repeats its neighbours.

use std::panic::AssertUnwindSafe;

use async_trait::async_trait;
use futures_util::FutureExt;
use ponte_values::Moment;

use crate::event::{BatchItemFailure, Message, QueueReply};

/// The verdict on a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Its work is done; the queue forgets it.
    Done,
    /// Not now; the queue shows it again after its visibility timeout, and to the dead letters after too many times.
    Retry,
    /// It can never be done; the queue forgets it, the log keeps the reason.
    Drop,
}

/// The work on the messages of a queue.
#[async_trait]
pub trait Worker: Send + Sync {
    /// Works on one message body. `outside` is the time that the queue has just told: a message comes for the first time at
    /// that very moment. `None` where it says nothing.
    async fn work(&self, body: &str, outside: Option<Moment>) -> Verdict;
}

/// Works on a batch in order and names the messages to be shown again.
pub(crate) async fn work(worker: &dyn Worker, messages: Vec<Message>) -> QueueReply {
    let mut reply = QueueReply::default();
    for message in messages {
        let outcome =
            AssertUnwindSafe(worker.work(&message.body, message.just_received())).catch_unwind().await;
        let (id, verdict) = (message.id, outcome.unwrap_or(Verdict::Retry));
        tracing::info!(id, verdict = ?verdict, "queue message");
        if verdict == Verdict::Retry {
            reply.batch_item_failures.push(BatchItemFailure { item_identifier: id });
        }
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Trigger;

    struct ByBody;

    #[async_trait]
    impl Worker for ByBody {
        async fn work(&self, body: &str, _: Option<Moment>) -> Verdict {
            match body {
                "done" => Verdict::Done,
                "drop" => Verdict::Drop,
                "panic" => panic!("on purpose"),
                _ => Verdict::Retry,
            }
        }
    }

    #[tokio::test]
    async fn t22_a_panicking_record_neither_loses_nor_repeats_the_others() {
        let records: Vec<String> = ["done", "panic", "drop", "later", "done"]
            .iter()
            .enumerate()
            .map(|(i, body)| {
                format!(r#"{{"messageId":"{i}","body":"{body}","attributes":{{}},"messageAttributes":{{}}}}"#)
            })
            .collect();
        assert_eq!(again(&records).await, ["1", "3"]);
    }

    #[tokio::test]
    async fn lb14_a_record_that_cannot_be_read_loses_none_of_its_neighbours() {
        let unreadable = [
            r#"{"messageId":"binary","body":"later","messageAttributes":{"a":{"binaryValue":"no base64!","dataType":"Binary"}}}"#,
            r#"{"messageId":"typed","body":"later","attributes":[1],"messageAttributes":7,"md5OfBody":null}"#,
            r#"{"messageId":"no text","body":{"a":1}}"#,
            r#"{"messageId":"half a pair","body":"\ud800"}"#,
            r#"{"messageId":3,"body":"done"}"#,
            r#"{"body":"done"}"#,
            "null",
            "7",
        ];
        for unreadable in unreadable {
            let records =
                [r#"{"messageId":"1","body":"done"}"#, unreadable, r#"{"messageId":"2","body":"later"}"#];
            let again = again(&records.map(str::to_owned)).await;
            assert_eq!(again.last().map(String::as_str), Some("2"), "{unreadable}: {again:?}");
            assert!(!again.contains(&"1".to_owned()), "{unreadable}: {again:?}");
        }
    }

    /// Ids of the messages of an event that are to be shown again.
    async fn again(records: &[String]) -> Vec<String> {
        let event = format!(r#"{{"Records":[{}]}}"#, records.join(","));
        let Trigger::Queue(event) = serde_json::from_str(&event).unwrap() else { panic!("no queue") };
        let reply = work(&ByBody, event.messages).await;
        reply.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
    }
}
