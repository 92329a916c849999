//! SQS: visibility, dead letters, FIFO and long polls.

use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};

use super::check::{expect, fault};
use crate::aws::Clients;

/// A queue of the qualification.
struct Scratch {
    client: Client,
    url: String,
}

impl Scratch {
    async fn create(clients: &Clients, name: &str, attributes: &[(&str, &str)]) -> Result<Self, String> {
        let mut create = clients.sqs.create_queue().queue_name(name);
        for (attribute, value) in attributes {
            create = create.attributes(QueueAttributeName::from(*attribute), *value);
        }
        let created = create.send().await.map_err(|error| fault("CreateQueue")(error.into()))?;
        let url = created.queue_url.ok_or("CreateQueue gave no URL")?;
        Ok(Self { client: clients.sqs.clone(), url })
    }

    async fn send(&self, body: &str) -> Result<(), String> {
        let sent = self.client.send_message().queue_url(&self.url).message_body(body).send().await;
        sent.map(|_| ()).map_err(|error| fault("SendMessage")(error.into()))
    }

    /// Sends to a message group; the body is the deduplication id.
    async fn send_to_group(&self, group: &str, body: &str) -> Result<(), String> {
        let message = self.client.send_message().queue_url(&self.url).message_body(body);
        let sent = message.message_group_id(group).message_deduplication_id(body).send().await;
        sent.map(|_| ()).map_err(|error| fault("SendMessage")(error.into()))
    }

    async fn receive(&self, wait: i32) -> Result<Vec<Message>, String> {
        let receive = self.client.receive_message().queue_url(&self.url).max_number_of_messages(10);
        let receive =
            receive.wait_time_seconds(wait).message_system_attribute_names(MessageSystemAttributeName::All);
        let received = receive.send().await.map_err(|error| fault("ReceiveMessage")(error.into()))?;
        Ok(received.messages.unwrap_or_default())
    }

    async fn delete(&self, message: &Message) -> Result<(), String> {
        let delete = self.client.delete_message().queue_url(&self.url);
        let deleted = delete.set_receipt_handle(message.receipt_handle.clone()).send().await;
        deleted.map(|_| ()).map_err(|error| fault("DeleteMessage")(error.into()))
    }

    async fn remove(self) -> Result<(), String> {
        let removed = self.client.delete_queue().queue_url(&self.url).send().await;
        removed.map(|_| ()).map_err(|error| fault("DeleteQueue")(error.into()))
    }
}

/// A received message is hidden for its visibility timeout and counted when it comes back.
pub(super) async fn visibility(clients: Clients) -> Result<(), String> {
    let queue =
        Scratch::create(&clients, "ponte-qualification-visibility", &[("VisibilityTimeout", "1")]).await?;
    let outcome = hidden_then_back(&queue).await;
    outcome.and(queue.remove().await)
}

async fn hidden_then_back(queue: &Scratch) -> Result<(), String> {
    queue.send("once").await?;
    let first = bodies(&queue.receive(0).await?);
    expect(first == ["once"], || format!("received {first:?} instead of the message"))?;
    let hidden = bodies(&queue.receive(0).await?);
    expect(hidden.is_empty(), || "a message in flight was received again".to_owned())?;
    // Just over the visibility timeout.
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    let back = queue.receive(1).await?;
    expect(bodies(&back) == ["once"], || {
        "the message did not come back after its visibility timeout".to_owned()
    })?;
    let count = back.first().and_then(receive_count);
    expect(count == Some("2"), || format!("the second receive is counted as {count:?}"))
}

/// After `maxReceiveCount` receives a message is found in the dead-letter queue, and only there.
pub(super) async fn dead_letters(clients: Clients) -> Result<(), String> {
    let dead = Scratch::create(&clients, "ponte-qualification-dead", &[]).await?;
    let arn = crate::template::queue_arn("ponte-qualification-dead");
    let redrive = serde_json::json!({ "deadLetterTargetArn": arn, "maxReceiveCount": 2 }).to_string();
    let attributes = [("VisibilityTimeout", "0"), ("RedrivePolicy", redrive.as_str())];
    let source = Scratch::create(&clients, "ponte-qualification-source", &attributes).await?;
    let outcome = moved(&source, &dead).await;
    outcome.and(source.remove().await).and(dead.remove().await)
}

async fn moved(source: &Scratch, dead: &Scratch) -> Result<(), String> {
    source.send("poison").await?;
    for receive in ["first", "second"] {
        let received = bodies(&source.receive(0).await?);
        expect(received == ["poison"], || format!("the {receive} receive gave {received:?}"))?;
    }
    let third = bodies(&source.receive(0).await?);
    expect(third.is_empty(), || "the message was received a third time".to_owned())?;
    let dead = bodies(&dead.receive(2).await?);
    expect(dead == ["poison"], || format!("the dead-letter queue holds {dead:?}"))
}

/// Order within a group, the group locked while a message is in flight, other groups free, duplicates dropped.
pub(super) async fn fifo(clients: Clients) -> Result<(), String> {
    let attributes = [("FifoQueue", "true"), ("VisibilityTimeout", "30")];
    let queue = Scratch::create(&clients, "ponte-qualification.fifo", &attributes).await?;
    let outcome = in_order(&queue).await;
    outcome.and(queue.remove().await)
}

async fn in_order(queue: &Scratch) -> Result<(), String> {
    for body in ["a1", "a2", "a1", "a3"] {
        queue.send_to_group("a", body).await?;
    }
    let mut seen = Vec::new();
    let mut in_flight = queue.receive(0).await?;
    let before = bodies(&in_flight);
    expect(before.first().is_some_and(|body| body == "a1"), || format!("the first receive gave {before:?}"))?;
    let locked = bodies(&queue.receive(0).await?);
    expect(locked.is_empty(), || format!("{locked:?} came while the group was in flight"))?;
    queue.send_to_group("b", "b1").await?;
    let other = queue.receive(0).await?;
    expect(bodies(&other) == ["b1"], || format!("another group was not free: {:?}", bodies(&other)))?;
    while !in_flight.is_empty() {
        for message in &in_flight {
            seen.extend(message.body.clone());
            queue.delete(message).await?;
        }
        in_flight = queue.receive(0).await?;
    }
    expect(seen == ["a1", "a2", "a3"], || format!("the group came as {seen:?}"))
}

/// A waiting receive gets a message as soon as it is sent.
pub(super) async fn long_poll(clients: Clients) -> Result<(), String> {
    let queue = Scratch::create(&clients, "ponte-qualification-poll", &[]).await?;
    let late = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        queue.send("late").await
    };
    let (received, sent) = tokio::join!(queue.receive(20), late);
    let outcome = sent.and(received).and_then(|received| {
        expect(bodies(&received) == ["late"], || "a long poll ended without the message that came".to_owned())
    });
    outcome.and(queue.remove().await)
}

fn bodies(messages: &[Message]) -> Vec<String> {
    messages.iter().filter_map(|message| message.body.clone()).collect()
}

fn receive_count(message: &Message) -> Option<&str> {
    message.attributes()?.get(&MessageSystemAttributeName::ApproximateReceiveCount).map(String::as_str)
}
