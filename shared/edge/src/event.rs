//! What AWS sends and takes back.

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// What started an invocation. No `Debug`: headers of a call hold tokens and keys.
pub(crate) enum Trigger {
    /// API Gateway, HTTP API, payload 2.0.
    Http(Box<ApiGatewayV2httpRequest>),
    /// An SQS event-source mapping.
    Queue(SqsEvent),
    /// EventBridge Scheduler.
    Schedule,
    /// Somebody who may invoke the function, with a command.
    Operator(Box<RawValue>),
}

/// What goes back. No `Debug`: it may hold a secret that is shown once.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Reply {
    /// To API Gateway.
    Http(Box<ApiGatewayV2httpResponse>),
    /// To the event-source mapping.
    Queue(SqsBatchResponse),
    /// To whoever invoked the function.
    Operator(serde_json::Value),
    /// To the scheduler, which reads nothing.
    Done,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "requestContext")]
    http: Option<IgnoredAny>,
    #[serde(rename = "Records")]
    queue: Option<IgnoredAny>,
    #[serde(rename = "detail-type")]
    schedule: Option<IgnoredAny>,
    operator: Option<IgnoredAny>,
}

impl<'de> Deserialize<'de> for Trigger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let kind: Kind = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
        if kind.http.is_some() {
            serde_json::from_str(raw.get()).map(|event| Self::Http(Box::new(event))).map_err(D::Error::custom)
        } else if kind.queue.is_some() {
            serde_json::from_str(raw.get()).map(Self::Queue).map_err(D::Error::custom)
        } else if kind.schedule.is_some() {
            Ok(Self::Schedule)
        } else if kind.operator.is_some() {
            Ok(Self::Operator(raw))
        } else {
            Err(D::Error::custom(
                "neither an HTTP, nor a queue, nor a schedule event, nor an operator command",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_known_by_its_shape() {
        let schedule = r#"{"version":"0","id":"1","detail-type":"Scheduled Event","source":"aws.scheduler","detail":"{}"}"#;
        assert!(matches!(serde_json::from_str(schedule).unwrap(), Trigger::Schedule));
        let queue = r#"{"Records":[{"messageId":"1","body":"b","attributes":{},"messageAttributes":{}}]}"#;
        assert!(
            matches!(serde_json::from_str(queue).unwrap(), Trigger::Queue(event) if event.records.len() == 1)
        );
        let http = r#"{"version":"2.0","routeKey":"$default","rawPath":"/","rawQueryString":"","headers":{},"requestContext":{"http":{"method":"GET","path":"/","protocol":"HTTP/1.1","sourceIp":"127.0.0.1"},"timeEpoch":1},"isBase64Encoded":false}"#;
        assert!(matches!(serde_json::from_str(http).unwrap(), Trigger::Http(_)));
        let command = r#"{"operator":"api-key.list"}"#;
        assert!(
            matches!(serde_json::from_str(command).unwrap(), Trigger::Operator(raw) if raw.get() == command)
        );
        assert!(serde_json::from_str::<Trigger>("{}").is_err());
    }
}
