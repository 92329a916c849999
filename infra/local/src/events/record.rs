//! The SQS event of Lambda, and the reading of a function's answer: which messages are done.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_sqs::types::Message;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::runtime::Outcome;
use crate::template::REGION;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SqsEvent<'m> {
    records: Vec<Record<'m>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'m> {
    message_id: &'m str,
    receipt_handle: &'m str,
    body: &'m str,
    attributes: BTreeMap<&'m str, &'m str>,
    message_attributes: BTreeMap<&'m str, Attribute<'m>>,
    md5_of_body: &'m str,
    #[serde(skip_serializing_if = "Option::is_none")]
    md5_of_message_attributes: Option<&'m str>,
    event_source: &'static str,
    #[serde(rename = "eventSourceARN")]
    event_source_arn: &'m str,
    aws_region: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attribute<'m> {
    #[serde(skip_serializing_if = "Option::is_none")]
    string_value: Option<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    binary_value: Option<String>,
    string_list_values: [(); 0],
    binary_list_values: [(); 0],
    data_type: &'m str,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct BatchResponse {
    batch_item_failures: Option<Vec<BatchItemFailure>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchItemFailure {
    item_identifier: String,
}

/// The event for one batch.
pub(super) fn sqs_event(queue_arn: &str, messages: &[Message]) -> Bytes {
    let records = messages.iter().map(|message| record(queue_arn, message)).collect();
    serde_json::to_vec(&SqsEvent { records }).map(Bytes::from).unwrap_or_default()
}

fn record<'m>(queue_arn: &'m str, message: &'m Message) -> Record<'m> {
    let attributes = message.attributes().into_iter().flatten();
    let own = message.message_attributes().into_iter().flatten();
    Record {
        message_id: message.message_id().unwrap_or_default(),
        receipt_handle: message.receipt_handle().unwrap_or_default(),
        body: message.body().unwrap_or_default(),
        attributes: attributes.map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        message_attributes: own
            .map(|(name, value)| {
                let attribute = Attribute {
                    string_value: value.string_value(),
                    binary_value: value.binary_value().map(|blob| STANDARD.encode(blob)),
                    string_list_values: [],
                    binary_list_values: [],
                    data_type: value.data_type(),
                };
                (name.as_str(), attribute)
            })
            .collect(),
        md5_of_body: message.md5_of_body().unwrap_or_default(),
        md5_of_message_attributes: message.md5_of_message_attributes(),
        event_source: "aws:sqs",
        event_source_arn: queue_arn,
        aws_region: REGION,
    }
}

/// Ids of the messages that are done with. As on Lambda, an answer that names an unknown message or cannot be read
/// fails the whole batch.
pub(super) fn done(outcome: &Outcome, partial_failures: bool, messages: &[Message]) -> BTreeSet<String> {
    let all: BTreeSet<String> = messages.iter().filter_map(Message::message_id).map(str::to_owned).collect();
    let Outcome::Answered(answer) = outcome else { return BTreeSet::new() };
    if !partial_failures || answer.is_empty() || answer.as_ref() == b"null" {
        return all;
    }
    let Ok(response) = serde_json::from_slice::<BatchResponse>(answer) else { return BTreeSet::new() };
    let failed: BTreeSet<String> = response
        .batch_item_failures
        .unwrap_or_default()
        .into_iter()
        .map(|failure| failure.item_identifier)
        .collect();
    if failed.is_subset(&all) { &all - &failed } else { BTreeSet::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(ids: &[&str]) -> Vec<Message> {
        ids.iter().map(|id| Message::builder().message_id(*id).build()).collect()
    }

    fn done_ids(answer: &str, partial: bool) -> Vec<String> {
        let outcome = Outcome::Answered(Bytes::copy_from_slice(answer.as_bytes()));
        done(&outcome, partial, &messages(&["a", "b"])).into_iter().collect()
    }

    #[test]
    fn the_answer_decides_message_by_message() {
        assert_eq!(done_ids(r#"{"batchItemFailures":[{"itemIdentifier":"a"}]}"#, true), ["b"]);
        for all in ["", "null", "{}", r#"{"batchItemFailures":[]}"#, r#"{"batchItemFailures":null}"#] {
            assert_eq!(done_ids(all, true), ["a", "b"], "{all}");
        }
    }

    #[test]
    fn an_answer_that_makes_no_sense_fails_the_batch() {
        for none in [
            r#"{"batchItemFailures":[{"itemIdentifier":"unknown"}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":null}]}"#,
            r#"{"batchItemFailures":[{"wrong":"a"}]}"#,
            r#"{"batchItemFailures":"a"}"#,
            "nonsense",
        ] {
            assert!(done_ids(none, true).is_empty(), "{none}");
        }
        assert!(done(&Outcome::failed("Error", "x"), true, &messages(&["a"])).is_empty());
    }

    #[test]
    fn without_partial_failures_an_answer_finishes_everything() {
        assert_eq!(done_ids(r#"{"batchItemFailures":[{"itemIdentifier":"a"}]}"#, false), ["a", "b"]);
    }

    #[test]
    fn a_record_has_the_fields_of_lambda() {
        use aws_sdk_sqs::types::{MessageAttributeValue, MessageSystemAttributeName};
        let attribute =
            MessageAttributeValue::builder().data_type("String").string_value("v").build().unwrap();
        let message = Message::builder()
            .message_id("id")
            .receipt_handle("handle")
            .body("text")
            .md5_of_body("md5")
            .attributes(MessageSystemAttributeName::ApproximateReceiveCount, "1")
            .message_attributes("own", attribute)
            .build();
        let event: serde_json::Value = serde_json::from_slice(&sqs_event("arn:q", &[message])).unwrap();
        let expected = serde_json::json!({"Records": [{
            "messageId": "id",
            "receiptHandle": "handle",
            "body": "text",
            "attributes": {"ApproximateReceiveCount": "1"},
            "messageAttributes": {"own": {
                "stringValue": "v", "stringListValues": [], "binaryListValues": [], "dataType": "String"}},
            "md5OfBody": "md5",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:q",
            "awsRegion": "sa-east-1",
        }]});
        assert_eq!(event, expected);
    }
}
