//! The event of an SQS event-source mapping, and the reply to it.

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

use super::arn;
use super::member::Member;

/// The messages of an event. They all come from one queue.
pub(crate) struct QueueEvent {
    /// Name of the queue, as AWS calls it.
    pub(crate) queue: String,
    /// The messages, each read on its own.
    pub(crate) messages: Vec<Message>,
}

/// A message.
#[derive(Clone, Default)]
pub struct Message {
    /// Its id; empty if it has none.
    pub id: String,
    /// Its body; empty if it has none.
    pub body: String,
    /// What the queue gave for this reception of it, and nobody else knows; empty if it has none.
    pub receipt: String,
    /// Principal that sent it (`SenderId`), as SQS says.
    pub sender: Option<String>,
    /// How often it was received, this time included.
    pub receives: u32,
    /// Whether it was a dead letter and was moved back, as far as it shows: SQS then names another sender.
    pub was_dead: bool,
    /// The time outside, by a message that has only just come: it comes for the first time at that very moment. One that is
    /// shown again may be as late as the queue keeps it.
    pub just_received: Option<Moment>,
}

/// Members of a record.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RecordMembers<'a> {
    #[serde(borrow)]
    message_id: Member<'a>,
    #[serde(borrow)]
    body: Member<'a>,
    #[serde(borrow)]
    receipt_handle: Member<'a>,
    #[serde(borrow)]
    attributes: Member<'a>,
    #[serde(borrow)]
    message_attributes: Member<'a>,
    #[serde(borrow, rename = "eventSourceARN")]
    source: Member<'a>,
}

/// Members of `attributes`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Attributes<'a> {
    #[serde(borrow, rename = "ApproximateReceiveCount")]
    count: Member<'a>,
    #[serde(borrow, rename = "ApproximateFirstReceiveTimestamp")]
    first_received: Member<'a>,
    #[serde(borrow, rename = "SenderId")]
    sender: Member<'a>,
    #[serde(borrow, rename = "DeadLetterQueueSourceArn")]
    moved: Member<'a>,
}

/// Members of `messageAttributes` that a dead letter has.
#[derive(Default, Deserialize)]
#[serde(default)]
struct LetterAttributes<'a> {
    #[serde(borrow)]
    reason: Member<'a>,
}

impl QueueEvent {
    /// The messages of `Records`.
    pub(super) fn read(records: Member<'_>) -> Self {
        let records: Vec<RecordMembers<'_>> = records.elements().into_iter().map(Member::members).collect();
        let source = records.iter().find_map(|record| record.source.read::<String>());
        let messages = records.iter().map(Message::read).collect();
        Self { queue: arn::last_part(&source.unwrap_or_default()), messages }
    }
}

impl Message {
    fn read(record: &RecordMembers<'_>) -> Self {
        let attributes: Attributes<'_> = record.attributes.members();
        let letter: LetterAttributes<'_> = record.message_attributes.members();
        // SQS writes numbers as text.
        let number = |member: Member<'_>| member.read::<String>()?.parse::<i64>().ok();
        let receives = number(attributes.count).and_then(|count| u32::try_from(count).ok()).unwrap_or(1);
        let first = number(attributes.first_received).map(Moment::from_millis);
        Self {
            id: record.message_id.text(),
            body: record.body.text(),
            receipt: record.receipt_handle.text(),
            sender: attributes.sender.read(),
            receives,
            was_dead: letter.reason.is_there() || attributes.moved.is_there(),
            just_received: first.filter(|_| attributes.count.is_there() && receives == 1),
        }
    }
}

/// The reply to the event-source mapping: the messages to be shown again.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QueueReply {
    pub(crate) batch_item_failures: Vec<BatchItemFailure>,
}

/// A message to be shown again.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchItemFailure {
    pub(crate) item_identifier: String,
}
