//! Queues, on SQS: messages of one type each, sent in batches; dead letters with their reason.

use std::marker::PhantomData;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::ProvideErrorMetadata;
use aws_sdk_sqs::types::{MessageAttributeValue, QueueAttributeName, SendMessageBatchRequestEntry};
use ponte_metrics::outbox::Ticket;
use ponte_metrics::ports::Tickets;
use ponte_payment::ports::{PaymentMessage, PaymentQueue};
use ponte_ports::operation::{OperationPart, OperationParts};
use ponte_ports::{DeadLetter, DeadLetters, LettersToRedrive, PortError, TakenLetter};
use serde::Serialize;

use crate::failure;

const WHAT: &str = "queue";
const LETTERS: &str = "dead letters";

/// Longest time that a message may be hidden when it is sent, in seconds.
const LONGEST_DELAY: i32 = 900;
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
        self.send_later(messages, Duration::ZERO).await
    }

    /// Sends messages that are shown after `delay`, in whole seconds; all or an error, after which some may have been sent.
    async fn send_later(&self, messages: &[T], delay: Duration) -> Result<(), PortError> {
        // Rounded up: a message that comes before its time would only wait again.
        let seconds = delay.as_secs() + u64::from(delay.subsec_nanos() > 0);
        let seconds = i32::try_from(seconds).unwrap_or(LONGEST_DELAY).min(LONGEST_DELAY);
        for batch in messages.chunks(BATCH) {
            let entries = batch.iter().enumerate().map(|(number, message)| entry(number, message, seconds));
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
fn entry<T: Serialize>(
    number: usize,
    message: &T,
    delay: i32,
) -> Result<SendMessageBatchRequestEntry, PortError> {
    let body = serde_json::to_string(message).map_err(|error| failure::json(WHAT, &error))?;
    let entry = SendMessageBatchRequestEntry::builder().id(number.to_string()).message_body(body);
    let entry = if delay > 0 { entry.delay_seconds(delay) } else { entry };
    entry.build().map_err(|error| PortError::new(WHAT, error))
}

#[async_trait]
impl Tickets for Queue<Ticket> {
    // The sweeper repeats the whole range at its next turn, so a part that was not taken is not tried again.
    async fn send(&self, tickets: &[Ticket]) -> Result<(), PortError> {
        self.send_all(tickets).await
    }
}

#[async_trait]
impl PaymentQueue for Queue<PaymentMessage> {
    async fn send(&self, messages: &[PaymentMessage], delay: Duration) -> Result<(), PortError> {
        self.send_later(messages, delay).await
    }

    async fn waiting(&self) -> Result<u64, PortError> {
        let name = QueueAttributeName::ApproximateNumberOfMessages;
        let request = self.client.get_queue_attributes().queue_url(&self.url).attribute_names(name.clone());
        let answer = request.send().await.map_err(|error| failure::aws(WHAT, &error))?;
        let told = answer.attributes.as_ref().and_then(|told| told.get(&name));
        let number = told.and_then(|number| number.parse().ok());
        number.ok_or_else(|| PortError::new(WHAT, "no number of messages"))
    }
}

#[async_trait]
impl OperationParts for Queue<OperationPart> {
    async fn hand_on(&self, part: &OperationPart) -> Result<(), PortError> {
        self.send_all(std::slice::from_ref(part)).await
    }

    async fn has_given(&self, receipt: &str, hidden: Duration) -> Result<bool, PortError> {
        if receipt.is_empty() {
            return Ok(false);
        }
        let seconds = i32::try_from(hidden.as_secs()).unwrap_or(LONGEST_HIDDEN).min(LONGEST_HIDDEN);
        let hide = self.client.change_message_visibility().queue_url(&self.url).receipt_handle(receipt);
        match hide.visibility_timeout(seconds).send().await {
            Ok(_) => Ok(true),
            Err(error) if error.code().is_some_and(is_of_no_message) => Ok(false),
            Err(error) => Err(failure::aws(WHAT, &error)),
        }
    }
}

/// Longest time in seconds that SQS hides a message.
const LONGEST_HIDDEN: i32 = 12 * 3600;

/// Whether SQS refuses a receipt by this error: it never gave it, or the message is shown again or gone. The query protocol's
/// names stand in JSON answers too.
fn is_of_no_message(code: &str) -> bool {
    let name = code.rsplit('.').next().unwrap_or_default();
    ["MessageNotInflight", "ReceiptHandleIsInvalid", "InvalidParameterValue"].contains(&name)
}

/// The dead letters of a queue. A letter has the attributes `reason`, `message` (the id it had) and `sender`: whoever moves
/// it back is its sender for SQS, so that this one is what the first queue said.
pub struct DeadLetterQueue {
    client: Client,
    url: String,
}

impl DeadLetterQueue {
    /// The queue at `url`.
    #[must_use]
    pub const fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }
}

#[async_trait]
impl DeadLetters for DeadLetterQueue {
    async fn put(&self, letter: DeadLetter<'_>) -> Result<(), PortError> {
        let mut request = self.client.send_message().queue_url(&self.url).message_body(letter.body);
        let told = [("reason", letter.reason), ("message", letter.id), ("sender", letter.sender)];
        // SQS takes no empty attribute.
        for (name, value) in told.into_iter().filter(|(_, value)| !value.is_empty()) {
            let text = MessageAttributeValue::builder().data_type("String").string_value(value).build();
            let text = text.map_err(|error| PortError::new(LETTERS, error))?;
            request = request.message_attributes(name, text);
        }
        request.send().await.map_err(|error| failure::aws(LETTERS, &error))?;
        Ok(())
    }
}

/// How long a letter that was taken is hidden, in seconds: longer than a function may take.
const TAKEN: i32 = 300;

#[async_trait]
impl LettersToRedrive for DeadLetterQueue {
    async fn take(&self) -> Result<Vec<TakenLetter>, PortError> {
        let request = self.client.receive_message().queue_url(&self.url);
        let request = request.max_number_of_messages(10).visibility_timeout(TAKEN).wait_time_seconds(1);
        let answer = request.send().await.map_err(|error| failure::aws(LETTERS, &error))?;
        let taken = answer.messages.unwrap_or_default().into_iter().map(|message| TakenLetter {
            id: message.message_id.unwrap_or_default(),
            body: message.body.unwrap_or_default(),
            receipt: message.receipt_handle.unwrap_or_default(),
        });
        Ok(taken.collect())
    }

    async fn remove(&self, letter: &TakenLetter) -> Result<(), PortError> {
        let request = self.client.delete_message().queue_url(&self.url).receipt_handle(&letter.receipt);
        request.send().await.map_err(|error| failure::aws(LETTERS, &error))?;
        Ok(())
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
    async fn t68_a_dead_letter_says_why_it_is_one_and_whose_it_was() {
        let stub = Stub::start(|_, _| Reply::json(200, r#"{"MessageId":"1","MD5OfMessageBody":"x"}"#)).await;
        let url = format!("{}/000000000000/dead", stub.url());
        let letters = DeadLetterQueue::new(aws_at(&stub.url()).sqs(), url);
        let letter = DeadLetter { body: "{}", reason: "no order", id: "7", sender: "" };
        // The checksum of the stub is wrong, which is none of this test.
        let _ = letters.put(letter).await;
        let sent: serde_json::Value = serde_json::from_str(&stub.bodies()[0]).unwrap();
        let text = |value: &str| serde_json::json!({"DataType": "String", "StringValue": value});
        let told = serde_json::json!({"reason": text("no order"), "message": text("7")});
        assert_eq!((&sent["MessageBody"], &sent["MessageAttributes"]), (&"{}".into(), &told));
    }

    #[tokio::test]
    async fn t68_a_letter_that_is_not_taken_is_an_error() {
        let refused = r#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"gone"}"#;
        let stub = Stub::start(move |_, _| Reply::json(400, refused)).await;
        let url = format!("{}/000000000000/dead", stub.url());
        let letters = DeadLetterQueue::new(aws_at(&stub.url()).sqs(), url);
        let letter = DeadLetter { body: "{}", reason: "no order", id: "7", sender: "ana" };
        assert!(letters.put(letter).await.is_err());
    }

    #[tokio::test]
    async fn t47_a_receipt_that_sqs_refuses_is_of_no_message_and_any_other_failure_says_nothing() {
        let refusal = |name: &str| format!(r#"{{"__type":"com.amazonaws.sqs#{name}","message":"no"}}"#);
        for (status, answer, expected) in [
            (200, "{}".to_owned(), Some(true)),
            (400, refusal("ReceiptHandleIsInvalid"), Some(false)),
            (400, refusal("MessageNotInflight"), Some(false)),
            (400, refusal("InvalidParameterValue"), Some(false)),
            (400, refusal("QueueDoesNotExist"), None),
            (403, refusal("AccessDenied"), None),
        ] {
            let stub = Stub::start(move |_, _| Reply::json(status, &answer)).await;
            let url = format!("{}/000000000000/orders", stub.url());
            let queue = Queue::<OperationPart>::new(aws_at(&stub.url()).sqs(), url);
            let given = queue.has_given("receipt", Duration::from_mins(7)).await;
            assert_eq!(given.ok(), expected, "{status}");
            assert!(stub.bodies()[0].contains(r#""VisibilityTimeout":420"#), "{}", stub.bodies()[0]);
            assert!(!queue.has_given("", Duration::ZERO).await.unwrap(), "no receipt is none of SQS");
        }
    }

    #[tokio::test]
    async fn no_tickets_are_no_call() {
        let stub = Stub::start(|_, _| Reply::json(500, "{}")).await;
        queue(&stub).send(&[]).await.unwrap();
        assert!(stub.bodies().is_empty());
    }
}
