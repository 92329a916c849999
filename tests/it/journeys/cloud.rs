//! Content of the local cloud, read with every right: tables item by item, queues message by message, files line by line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::callers::Callers;
use crate::stack::Stack;

/// Most receives of one queue until nothing new comes.
const RECEIVES: usize = 50;

/// The services of a stack.
pub(super) struct Cloud<'s> {
    stack: &'s Stack,
    callers: &'s Callers,
}

/// Attributes of an item, each with its type as DynamoDB writes it: `{"pk":{"S":".."}}`.
pub(super) type Item = serde_json::Map<String, Value>;

impl<'s> Cloud<'s> {
    pub(super) fn of(stack: &'s Stack, callers: &'s Callers) -> Self {
        Self { stack, callers }
    }

    /// Calls an operation of DynamoDB, SQS or Secrets Manager.
    pub(super) async fn call(&self, target: &str, body: &Value) -> Value {
        self.call_as("local", target, body).await
    }

    /// The same, signed by another access key.
    async fn call_as(&self, access_key: &str, target: &str, body: &Value) -> Value {
        let service = match target.split_once('.').map_or(target, |(service, _)| service) {
            "AmazonSQS" => "sqs",
            "secretsmanager" => "secretsmanager",
            _ => "dynamodb",
        };
        // The embedded services read who calls, not whether the signature is right.
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={access_key}/20260101/sa-east-1/{service}/aws4_request, SignedHeaders=host, \
             Signature=0"
        );
        let headers = [
            ("content-type", "application/x-amz-json-1.0"),
            ("x-amz-target", target),
            ("x-amz-date", "20260101T000000Z"),
            ("authorization", authorization.as_str()),
        ];
        let answer = self.callers.service(self.stack.text("/aws/endpoint_url"), &headers, body).await;
        let fault = answer.get("__type").is_some();
        assert!(!fault, "{target} {body}: {answer}");
        answer
    }

    /// Every table with all its items.
    pub(super) async fn tables(&self) -> BTreeMap<String, Vec<Item>> {
        let listed = self.call("DynamoDB_20120810.ListTables", &json!({})).await;
        assert!(listed["LastEvaluatedTableName"].is_null(), "more tables than one page: {listed}");
        let mut tables = BTreeMap::new();
        for name in texts(&listed["TableNames"]) {
            tables.insert(name.clone(), self.items(&name).await);
        }
        tables
    }

    /// Whether an item counts attempts or calls, which are counted whoever makes them.
    pub(super) fn counts_attempts(item: &Item) -> bool {
        let counts = |key: &str| key.contains("#HG#") || key.contains("#CALLS#");
        item["pk"]["S"].as_str().is_some_and(counts)
    }

    /// Every item of a table.
    pub(super) async fn items(&self, table: &str) -> Vec<Item> {
        let mut items = Vec::new();
        let mut scan = json!({ "TableName": table, "ConsistentRead": true });
        loop {
            let page = self.call("DynamoDB_20120810.Scan", &scan).await;
            items
                .extend(page["Items"].as_array().into_iter().flatten().filter_map(Value::as_object).cloned());
            if page["LastEvaluatedKey"].is_null() {
                return items;
            }
            scan["ExclusiveStartKey"] = page["LastEvaluatedKey"].clone();
        }
    }

    /// Name of the table that a function knows by this variable.
    pub(super) fn table(&self, function: &str, variable: &str) -> &str {
        self.stack.text(&format!("/functions/{function}/env/{variable}"))
    }

    /// URL of every queue, dead letters included.
    pub(super) async fn queues(&self) -> Vec<String> {
        texts(&self.call("AmazonSQS.ListQueues", &json!({})).await["QueueUrls"])
    }

    /// Sends a message to a queue as the principal of an access key; its id.
    pub(super) async fn send(&self, access_key: &str, url: &str, body: &str) -> String {
        let message = json!({ "QueueUrl": url, "MessageBody": body });
        let sent = self.call_as(access_key, "AmazonSQS.SendMessage", &message).await;
        sent["MessageId"].as_str().unwrap_or_else(|| panic!("no message id: {sent}")).to_owned()
    }

    /// Moves the messages of a queue to another one, attributes and all, as a redrive does: under another id, by whoever does it.
    pub(super) async fn move_all(&self, access_key: &str, from: &str, to: &str) -> usize {
        let messages = self.messages(from).await;
        for message in &messages {
            let attributes = message["MessageAttributes"].as_object().cloned().unwrap_or_default();
            let sent =
                json!({ "QueueUrl": to, "MessageBody": message["Body"], "MessageAttributes": attributes });
            self.call_as(access_key, "AmazonSQS.SendMessage", &sent).await;
            let done = json!({ "QueueUrl": from, "ReceiptHandle": message["ReceiptHandle"] });
            self.call("AmazonSQS.DeleteMessage", &done).await;
        }
        messages.len()
    }

    /// Every message of a queue that nobody is working on, with its attributes.
    pub(super) async fn messages(&self, url: &str) -> Vec<Value> {
        let (mut seen, mut messages) = (BTreeSet::new(), Vec::new());
        let receive = json!({
            "QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 5, "WaitTimeSeconds": 0,
            "MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"],
        });
        for _ in 0..RECEIVES {
            let answer = self.call("AmazonSQS.ReceiveMessage", &receive).await;
            let fresh = answer["Messages"].as_array().into_iter().flatten();
            let fresh: Vec<&Value> =
                fresh.filter(|message| seen.insert(message["MessageId"].to_string())).collect();
            if fresh.is_empty() {
                break;
            }
            messages.extend(fresh.into_iter().cloned());
        }
        messages
    }
}

/// Files below a folder that end in one of `endings`.
pub(super) fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|fault| panic!("{}: {fault}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a folder entry can be read").path());
    let named = |path: &PathBuf| endings.iter().any(|ending| path.to_string_lossy().ends_with(ending));
    paths.filter(|path| path.is_file() && named(path)).collect()
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect()
}
