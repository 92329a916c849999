//! Queue messages: one verdict each, so that a bad message neither holds up nor repeats its neighbours.

use std::panic::AssertUnwindSafe;

use async_trait::async_trait;
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use futures_util::FutureExt;

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
    /// Works on one message body.
    async fn work(&self, body: &str) -> Verdict;
}

/// Works on a batch in order and names the messages to be shown again.
pub(crate) async fn work(worker: &dyn Worker, event: SqsEvent) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    for record in event.records {
        let id = record.message_id.unwrap_or_default();
        let body = record.body.unwrap_or_default();
        let verdict = AssertUnwindSafe(worker.work(&body)).catch_unwind().await.unwrap_or(Verdict::Retry);
        tracing::info!(message = id, verdict = ?verdict, "queue message");
        if verdict == Verdict::Retry {
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id;
            response.batch_item_failures.push(failure);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    struct ByBody;

    #[async_trait]
    impl Worker for ByBody {
        async fn work(&self, body: &str) -> Verdict {
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
        let event: SqsEvent =
            serde_json::from_str(&format!(r#"{{"Records":[{}]}}"#, records.join(","))).unwrap();
        let failed: Vec<String> =
            work(&ByBody, event).await.batch_item_failures.into_iter().map(|f| f.item_identifier).collect();
        assert_eq!(failed, ["1", "3"]);
    }
}
