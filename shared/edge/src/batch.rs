//! Queue messages: one verdict each, so that a bad message neither holds up nor repeats its neighbours.

use std::borrow::Cow;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt;
use ponte_authorization::api_key;
use ponte_ports::{DeadLetter, DeadLetters};

use crate::clock_watch::AHEAD_OF_MESSAGE_MAX;
use crate::event::{BatchItemFailure, Message, QueueReply};
use crate::log::report_failure;

/// The verdict on a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Its work is done; the queue forgets it.
    Done,
    /// Not now; the queue shows it again after its visibility timeout, and to the dead letters after too many times.
    Retry,
    /// It can never be done, for this reason, which repeats nothing of it: it goes to the dead letters of the queue with the
    /// reason, and only then the queue forgets it (T68).
    Drop(Cow<'static, str>),
}

/// The work on the messages of a queue.
#[async_trait]
pub trait Worker: Send + Sync {
    /// Works on one message.
    async fn work(&self, message: &Message) -> Verdict;

    /// Greatest age of a message that has only just come: as long as its queue hides it, which is how long it may wait for an
    /// environment. One that is older was not late: our clock is wrong.
    fn message_age(&self) -> Duration {
        AHEAD_OF_MESSAGE_MAX
    }
}

/// Works on a batch in order and names the messages to be shown again.
pub(crate) async fn work(
    worker: &dyn Worker,
    dead_letters: &dyn DeadLetters,
    messages: Vec<Message>,
) -> QueueReply {
    let mut reply = QueueReply::default();
    for message in messages {
        let outcome = AssertUnwindSafe(worker.work(&message)).catch_unwind().await;
        let verdict = outcome.unwrap_or(Verdict::Retry);
        tracing::info!(id = message.id, verdict = ?verdict, "queue message");
        let again = match verdict {
            Verdict::Done => false,
            Verdict::Retry => true,
            Verdict::Drop(reason) => !is_put_aside(dead_letters, &message, &reason).await,
        };
        if again {
            reply.batch_item_failures.push(BatchItemFailure { item_identifier: message.id });
        }
    }
    reply
}

/// Most bytes of a body that a dead letter keeps: a message with its attributes has 256 KiB at most.
const LETTER_BYTES: usize = 250_000;

/// What a dead letter keeps of a body: nothing of one that may hold the text of an API key. A queue takes no empty one.
fn kept(body: &str) -> &str {
    if body.is_empty() {
        "(no body that can be read)"
    } else if api_key::resembles(body) {
        "(the body held what resembles an API key: revoke it)"
    } else {
        &body[..body.floor_char_boundary(LETTER_BYTES)]
    }
}

/// Whether the dead letters have a message now. If not, the queue shows it again, and moves it there itself at last.
async fn is_put_aside(dead_letters: &dyn DeadLetters, message: &Message, reason: &str) -> bool {
    let reason: String = reason.chars().take(DeadLetter::LONGEST_REASON).collect();
    let sender = message.sender.as_deref().unwrap_or_default();
    let letter = DeadLetter { body: kept(&message.body), reason: &reason, id: &message.id, sender };
    let put = dead_letters.put(letter).await;
    put.inspect_err(|error| report_failure("dead letter not put aside", error)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Trigger;
    use ponte_kit::operations::DeadLettersInMemory;

    struct ByBody;

    #[async_trait]
    impl Worker for ByBody {
        async fn work(&self, message: &Message) -> Verdict {
            match message.body.as_str() {
                "done" => Verdict::Done,
                "drop" => Verdict::Drop("on purpose".into()),
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
    async fn t68_a_message_that_can_never_be_done_goes_to_the_dead_letters_with_its_reason_or_comes_again() {
        let records = ["done", "drop", "drop"].iter().enumerate();
        let records = records.map(|(i, body)| format!(r#"{{"messageId":"{i}","body":"{body}"}}"#));
        let records = records.collect::<Vec<_>>();
        let dead_letters = DeadLettersInMemory { failing: 1.into(), ..DeadLettersInMemory::default() };
        assert_eq!(again_with(&dead_letters, &records).await, ["1"], "the one that was not taken");
        let put = dead_letters.put.into_inner().unwrap();
        assert_eq!(put, [("drop".to_owned(), "on purpose".to_owned())]);
    }

    #[test]
    fn t68_a_letter_fits_into_a_queue_whatever_its_message_was() {
        assert_eq!((kept("x"), kept("")), ("x", "(no body that can be read)"));
        let pasted = r#"{"operator":"api-key.revoke","id":"ponte_00000000000000aa_AAAA"}"#;
        assert_eq!(kept(pasted), "(the body held what resembles an API key: revoke it)");
        assert_eq!(kept(&"á".repeat(130_000)).len(), 250_000);
        assert_eq!(kept(&format!("x{}", "á".repeat(130_000))).len(), 249_999);
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
        again_with(&DeadLettersInMemory::default(), records).await
    }

    async fn again_with(dead_letters: &DeadLettersInMemory, records: &[String]) -> Vec<String> {
        let event = format!(r#"{{"Records":[{}]}}"#, records.join(","));
        let Trigger::Queue(event) = serde_json::from_str(&event).unwrap() else { panic!("no queue") };
        let reply = work(&ByBody, dead_letters, event.messages).await;
        reply.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
    }
}
