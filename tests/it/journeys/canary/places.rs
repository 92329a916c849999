//! Places where a customer's data can be left: tables, queues, logs, files, answers; and the search through them.

use std::path::Path;

use serde_json::Value;

use super::traces::Traces;
use crate::journeys::cloud::{Cloud, files};

/// The one attribute that may name people: the body of a consent and of its renewals.
const BODY: &str = "body";

/// Places that were searched, and the findings.
#[derive(Default)]
pub(super) struct Search {
    /// Files, messages, attributes, refused answers.
    pub(super) looked_at: [usize; 4],
    /// Place and what stands there.
    pub(super) hits: Vec<String>,
}

impl Search {
    fn look(&mut self, kind: usize, place: &str, bytes: &[u8], traces: &Traces) {
        self.looked_at[kind] += 1;
        self.hits.extend(traces.found_in(bytes).into_iter().map(|what| format!("{place}: {what}")));
    }

    /// Logs of functions and gateways, of the stack itself, and what the metrics platform received.
    pub(super) fn files(&mut self, folder: &Path, traces: &Traces) {
        let logs = files(&folder.join("logs"), &[""]);
        let others = [folder.join("ponte.log"), folder.join("world/pcm/reports.jsonl")];
        for path in logs.iter().chain(&others) {
            let bytes = std::fs::read(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            self.look(0, &name, &bytes, traces);
        }
    }

    /// Messages that wait in a queue, dead letters included.
    pub(super) async fn queues(&mut self, cloud: &Cloud<'_>, traces: &Traces) {
        for url in cloud.queues().await {
            for message in cloud.messages(&url).await {
                self.look(1, &url, message.to_string().as_bytes(), traces);
            }
        }
    }

    /// Keys, index keys and every other attribute of every item, but the body of a consent.
    pub(super) async fn tables(&mut self, cloud: &Cloud<'_>, traces: &Traces) {
        let consents = cloud.table("consents", "CONSENTS_TABLE").to_owned();
        for (table, items) in cloud.tables().await {
            for item in &items {
                for (attribute, value) in item {
                    let may_name_people = table == consents && attribute == BODY;
                    if !may_name_people {
                        self.look(2, &format!("{table} {attribute}"), text(value).as_bytes(), traces);
                    }
                    // A name of an attribute is data too.
                    self.look(2, &table, attribute.as_bytes(), traces);
                }
            }
        }
    }

    /// The error answers that callers got.
    pub(super) fn refusals(&mut self, refusals: &[(String, Vec<u8>)], traces: &Traces) {
        for (what, body) in refusals {
            self.look(3, &format!("answer to {what}"), body, traces);
        }
    }
}

/// Text of an attribute, without the quotes and escapes of the wire.
fn text(value: &Value) -> String {
    let only = value.as_object().and_then(|typed| typed.values().next());
    only.and_then(Value::as_str).map_or_else(|| value.to_string(), str::to_owned)
}
