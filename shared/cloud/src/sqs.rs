//! Queues, on SQS: messages of one type each, sent in batches.

use std::marker::PhantomData;

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use ponte_metrics::outbox::Ticket;
use ponte_metrics::ports::Tickets;
use ponte_ports::PortError;
use serde::Serialize;

use crate::failure;

const WHAT: &str = "queue";

/// Most messages of one `SendMessageBatch`.
const BATCH: usize = 10;

/// A queue of messages of type `T`, as JSON.
pub struct Queue<T> {
    client: Client,
    url: String,
    messages: PhantomData<fn(&T)>,
}

impl<T: Serialize + Sync> Queue<T> {
    /// The queue at `url`.
    #[must_use]
    pub const fn new(client: Client, url: String) -> Self {
        Self { client, url, messages: PhantomData }
    }

    /// Sends messages; all or an error, after which some may have been sent.
    pub async fn send_all(&self, messages: &[T]) -> Result<(), PortError> {
        for batch in messages.chunks(BATCH) {
            let entries = batch.iter().enumerate().map(|(number, message)| entry(number, message));
            let entries = entries.collect::<Result<Vec<_>, _>>()?;
            let request = self.client.send_message_batch().queue_url(&self.url);
            let answer = request.set_entries(Some(entries)).send().await;
            let answer = answer.map_err(|error| failure::aws(WHAT, &error))?;
            if let Some(first) = answer.failed.first() {
                let text = format!("{} of {} not taken: {}", answer.failed.len(), batch.len(), first.code);
                return Err(PortError::new(WHAT, text));
            }
        }
        Ok(())
    }
}

/// Message `number` of a batch.
fn entry<T: Serialize>(number: usize, message: &T) -> Result<SendMessageBatchRequestEntry, PortError> {
    let body = serde_json::to_string(message).map_err(|error| failure::json(WHAT, &error))?;
    let entry = SendMessageBatchRequestEntry::builder().id(number.to_string()).message_body(body);
    entry.build().map_err(|error| PortError::new(WHAT, error))
}

#[async_trait]
impl Tickets for Queue<Ticket> {
    // The sweeper repeats the whole range at its next turn, so a part that was not taken is not tried again.
    async fn send(&self, tickets: &[Ticket]) -> Result<(), PortError> {
        self.send_all(tickets).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::aws_at;
    use ponte_kit::stub::{Reply, Stub};

    fn tickets(count: usize) -> Vec<Ticket> {
        (0..count)
            .map(|number| Ticket { shard: 1, from: format!("a{number}"), to: format!("b{number}") })
            .collect()
    }

    fn queue(stub: &Stub) -> Queue<Ticket> {
        Queue::new(aws_at(&stub.url()).sqs(), format!("{}/000000000000/pcm", stub.url()))
    }

    #[tokio::test]
    async fn twenty_one_tickets_are_three_batches() {
        let stub = Stub::start(|_, _| Reply::json(200, r#"{"Successful":[],"Failed":[]}"#)).await;
        queue(&stub).send(&tickets(21)).await.unwrap();
        let bodies = stub.bodies();
        assert_eq!(
            bodies.iter().map(|body| body.matches("MessageBody").count()).collect::<Vec<_>>(),
            [10, 10, 1]
        );
        assert!(bodies[0].contains(r#"{\"shard\":1,\"from\":\"a0\",\"to\":\"b0\"}"#), "{}", bodies[0]);
    }

    #[tokio::test]
    async fn one_refused_ticket_fails_the_whole() {
        let answer = r#"{"Successful":[],"Failed":[{"Id":"0","Code":"InternalError","SenderFault":false}]}"#;
        let stub = Stub::start(move |_, _| Reply::json(200, answer)).await;
        assert!(queue(&stub).send(&tickets(2)).await.is_err());
    }

    #[tokio::test]
    async fn no_tickets_are_no_call() {
        let stub = Stub::start(|_, _| Reply::json(500, "{}")).await;
        queue(&stub).send(&[]).await.unwrap();
        assert!(stub.bodies().is_empty());
    }
}
