//! What an invocation brings: the trigger it came by, read as far as we need it.

use ponte_values::Moment;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::arn;
use super::http::HttpEvent;
use super::member::Member;
use super::members::EventMembers;
use super::queue::QueueEvent;

/// The trigger of an invocation. No `Debug`: headers of a call hold tokens and keys.
pub(crate) enum Trigger {
    /// API Gateway, HTTP API, payload 2.0.
    Http(Box<HttpEvent>),
    /// An SQS event-source mapping.
    Queue(QueueEvent),
    /// EventBridge Scheduler.
    Schedule {
        /// Name of the schedule, as AWS calls it.
        name: String,
        /// The time it was fired for.
        time: Option<Moment>,
    },
    /// A direct invocation with an operator command.
    Operator(Box<RawValue>),
    /// None of these. Nothing of it is repeated.
    Unknown,
}

impl Trigger {
    fn read(event: &RawValue) -> Self {
        let members: EventMembers<'_> = Member::of(event).members();
        if members.request_context.is_there() {
            HttpEvent::read(&members).map_or(Self::Unknown, |event| Self::Http(Box::new(event)))
        } else if members.records.is_there() {
            Self::Queue(QueueEvent::read(members.records))
        } else if members.detail_type.is_there() {
            let arn = members.resources.elements().first().copied().map(Member::text).unwrap_or_default();
            let time = members.time.read::<String>().and_then(|time| Moment::parse(&time).ok());
            Self::Schedule { name: arn::last_part(&arn), time }
        } else if members.operator.is_there() {
            Self::Operator(event.to_owned())
        } else {
            Self::Unknown
        }
    }
}

/// Never fails: what the runtime cannot read it writes into its log, tokens and all.
impl<'de> Deserialize<'de> for Trigger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(<&RawValue>::deserialize(deserializer).map_or(Self::Unknown, Self::read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(event: &str) -> Trigger {
        serde_json::from_str(event).unwrap()
    }

    #[test]
    fn an_event_is_known_by_its_shape() {
        let schedule = r#"{"version":"0","id":"1","detail-type":"Scheduled Event","source":"aws.scheduler","time":"2026-06-15T12:01:00Z","resources":["arn:aws:scheduler:sa-east-1:000000000000:schedule/default/ponte-sweep"],"detail":"{}"}"#;
        let fired = Moment::parse("2026-06-15T12:01:00Z").unwrap();
        assert!(
            matches!(read(schedule), Trigger::Schedule { name, time } if name == "ponte-sweep" && time == Some(fired))
        );
        let queue = r#"{"Records":[{"messageId":"1","body":"b","attributes":{},"messageAttributes":{},"eventSourceARN":"arn:aws:sqs:sa-east-1:000000000000:ponte-PcmQueue"}]}"#;
        let Trigger::Queue(event) = read(queue) else { panic!("no queue") };
        assert_eq!((event.queue.as_str(), event.messages.len()), ("ponte-PcmQueue", 1));
        let http = r#"{"version":"2.0","routeKey":"$default","rawPath":"/","rawQueryString":"","headers":{},"requestContext":{"http":{"method":"GET","path":"/","protocol":"HTTP/1.1","sourceIp":"127.0.0.1"},"timeEpoch":1},"isBase64Encoded":false}"#;
        assert!(matches!(read(http), Trigger::Http(_)));
        let command = r#"{"operator":"api-key.list"}"#;
        assert!(matches!(read(command), Trigger::Operator(raw) if raw.get() == command));
    }

    #[test]
    fn lb26_whatever_else_comes_is_unknown_and_never_an_error_of_the_runtime() {
        let of_payload_1 =
            r#"{"version":"1.0","httpMethod":"GET","path":"/","requestContext":{"httpMethod":"GET"}}"#;
        for event in ["{}", "null", "[]", "3", r#""text""#, r#"{"requestContext":null}"#, of_payload_1] {
            assert!(matches!(read(event), Trigger::Unknown), "{event}");
        }
        for garbage in ["", "{", "garbage", "{\"operator\":\"\u{1}\"}"] {
            let read: Trigger =
                Trigger::deserialize(&mut serde_json::Deserializer::from_str(garbage)).unwrap();
            assert!(matches!(read, Trigger::Unknown), "{garbage}");
        }
    }
}
