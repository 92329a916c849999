//! The events of AWS, and the replies to them.

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// The trigger of an invocation. No `Debug`: headers of a call hold tokens and keys.
pub(crate) enum Trigger {
    /// API Gateway, HTTP API, payload 2.0.
    Http(Box<ApiGatewayV2httpRequest>),
    /// An SQS event-source mapping. All records of an event come from one queue.
    Queue {
        /// Name of the queue, as AWS calls it.
        queue: String,
        /// The messages.
        event: SqsEvent,
    },
    /// EventBridge Scheduler.
    Schedule {
        /// Name of the schedule, as AWS calls it.
        name: String,
    },
    /// A direct invocation with an operator command.
    Operator(Box<RawValue>),
}

/// The reply to a trigger. No `Debug`: it may hold a secret that is shown once.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Reply {
    /// To API Gateway.
    Http(Box<ApiGatewayV2httpResponse>),
    /// To the event-source mapping.
    Queue(SqsBatchResponse),
    /// To the caller of the invocation.
    Operator(serde_json::Value),
    /// To the scheduler, which reads nothing.
    Done,
}

#[derive(Deserialize)]
struct EventShape {
    #[serde(rename = "requestContext")]
    http: Option<IgnoredAny>,
    #[serde(rename = "Records")]
    queue: Option<IgnoredAny>,
    #[serde(rename = "detail-type")]
    schedule: Option<IgnoredAny>,
    #[serde(default)]
    resources: Vec<String>,
    operator: Option<IgnoredAny>,
}

impl<'de> Deserialize<'de> for Trigger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let shape: EventShape = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
        if shape.http.is_some() {
            serde_json::from_str(raw.get()).map(|event| Self::Http(Box::new(event))).map_err(D::Error::custom)
        } else if shape.queue.is_some() {
            let event: SqsEvent = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
            let arn = event.records.first().and_then(|record| record.event_source_arn.as_deref());
            Ok(Self::Queue { queue: last_part(arn.unwrap_or_default()), event })
        } else if shape.schedule.is_some() {
            Ok(Self::Schedule { name: last_part(shape.resources.first().map_or("", String::as_str)) })
        } else if shape.operator.is_some() {
            Ok(Self::Operator(raw))
        } else {
            Err(D::Error::custom(
                "neither an HTTP, nor a queue, nor a schedule event, nor an operator command",
            ))
        }
    }
}

/// Name at the end of an ARN.
fn last_part(arn: &str) -> String {
    arn.rsplit([':', '/']).next().unwrap_or_default().to_owned()
}

/// Whether this is the name of the schedule called `id`: the template names it `<stack>-<id>`.
pub(crate) fn is_schedule(name: &str, id: &str) -> bool {
    name.strip_suffix(id).is_some_and(|stack| stack.is_empty() || stack.ends_with('-'))
}

/// Whether this is the name of the queue called `id` in the template: `<stack>-<id>`, or as CloudFormation makes it,
/// `<stack>-<id>-<random>`.
pub(crate) fn is_queue(name: &str, id: &str) -> bool {
    let made = |rest: &str| rest.strip_suffix(id).is_some_and(|stack| stack.ends_with('-'));
    is_schedule(name, id) || name.rsplit_once('-').is_some_and(|(rest, _)| made(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_known_by_its_shape() {
        let schedule = r#"{"version":"0","id":"1","detail-type":"Scheduled Event","source":"aws.scheduler","resources":["arn:aws:scheduler:sa-east-1:000000000000:schedule/default/ponte-sweep"],"detail":"{}"}"#;
        let read = serde_json::from_str(schedule).unwrap();
        assert!(matches!(read, Trigger::Schedule { name } if name == "ponte-sweep"));
        let queue = r#"{"Records":[{"messageId":"1","body":"b","attributes":{},"messageAttributes":{},"eventSourceARN":"arn:aws:sqs:sa-east-1:000000000000:ponte-PcmQueue"}]}"#;
        let read = serde_json::from_str(queue).unwrap();
        let Trigger::Queue { queue, event } = read else { panic!("no queue") };
        assert_eq!((queue.as_str(), event.records.len()), ("ponte-PcmQueue", 1));
        let http = r#"{"version":"2.0","routeKey":"$default","rawPath":"/","rawQueryString":"","headers":{},"requestContext":{"http":{"method":"GET","path":"/","protocol":"HTTP/1.1","sourceIp":"127.0.0.1"},"timeEpoch":1},"isBase64Encoded":false}"#;
        assert!(matches!(serde_json::from_str(http).unwrap(), Trigger::Http(_)));
        let command = r#"{"operator":"api-key.list"}"#;
        assert!(
            matches!(serde_json::from_str(command).unwrap(), Trigger::Operator(raw) if raw.get() == command)
        );
        assert!(serde_json::from_str::<Trigger>("{}").is_err());
    }

    #[test]
    fn a_queue_is_known_by_its_id_in_the_template() {
        for name in ["PcmQueue", "ponte-PcmQueue", "banco-a-PcmQueue-1A2B3C"] {
            assert!(is_queue(name, "PcmQueue"), "{name}");
        }
        for name in ["", "ponte-OtherPcmQueue", "ponte-PcmQueueX-1A2B", "PcmQueue-a-b"] {
            assert!(!is_queue(name, "PcmQueue"), "{name}");
        }
    }

    #[test]
    fn a_schedule_is_known_by_the_name_that_the_template_gives_it() {
        for name in ["sweep", "ponte-sweep", "banco-a-sweep"] {
            assert!(is_schedule(name, "sweep"), "{name}");
        }
        // A stack may be called like a schedule: no random part is taken from the end of its name.
        for name in ["", "ponte-othersweep", "banco-sweep-expiry", "ponte-sweep-1A2B"] {
            assert!(!is_schedule(name, "sweep"), "{name}");
        }
    }
}
