//! T50 and T53: whatever fault the platform has, every report arrives once, and a discarded one is repaired or parked.

use serde_json::{Value, json};

use super::pipeline::ReportPipeline;
use crate::stack::Stack;

const ROWS: usize = 40;
const PATIENCE: usize = 120;
/// Report path, without its slash at the end.
const PRIVATE: &str = "/report-api/v1/private/report";

/// Writes rows, makes the platform misbehave, and wants every row accepted once in the end.
async fn survives(pipeline: &ReportPipeline, what: &str, fault: Value, repeated: bool) {
    let before = pipeline.summary().await;
    let count = |summary: &Value, name: &str| summary["private"][name].as_u64().unwrap_or_default();
    let mut fault = fault;
    fault["path"] = PRIVATE.into();
    fault["method"] = "POST".into();
    pipeline.control("/sandbox/faults", &fault).await;
    pipeline.write_all(&pipeline.many(ROWS)).await;
    pipeline.drain(PATIENCE).await;
    let left = pipeline.participant.control("/sandbox/faults", &Value::Null).await.expect("an answer").json();
    assert_eq!(left["faults"], json!([]));
    let after = pipeline.summary().await;
    assert_eq!(
        count(&after, "received") - count(&before, "received"),
        ROWS as u64,
        "{what}: lost or too many"
    );
    let twice = count(&after, "repeated") - count(&before, "repeated");
    // Only what was taken without an answer may come again.
    assert_eq!(twice > 0, repeated, "{what}: {twice} sent twice");
    assert_eq!(after["private"]["discarded"], json!([]), "{what}");
}

#[tokio::test]
async fn t50_floods_failures_and_lost_answers_lose_nothing() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let pipeline = ReportPipeline::of(&stack);
    let flood = json!({ "kind": "status", "status": 429, "retry_after": 1, "times": 6 });
    survives(&pipeline, "a flood of 429", flood, false).await;
    survives(&pipeline, "503", json!({ "kind": "status", "status": 503, "times": 3 }), false).await;
    survives(&pipeline, "a closed connection", json!({ "kind": "close", "times": 3 }), false).await;
    survives(&pipeline, "half an answer", json!({ "kind": "body", "body": "[{", "times": 1 }), true).await;
    survives(&pipeline, "a lost answer", json!({ "kind": "lose_reply", "times": 1 }), true).await;
    let counts = pipeline.counts().await;
    assert_eq!((counts.accepted, counts.parked), (5 * ROWS as u64, 0), "{counts:?}");
    assert_eq!(pipeline.tokens(&pipeline.summary().await), 1);
}

#[tokio::test]
async fn t50_a_platform_that_hangs_is_left_alone_and_tried_again() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let pipeline = ReportPipeline::of(&stack);
    survives(&pipeline, "silence", json!({ "kind": "hang", "times": 1 }), false).await;
    let counts = pipeline.counts().await;
    assert_eq!((counts.accepted, counts.parked), (ROWS as u64, 0), "{counts:?}");
}

#[tokio::test]
async fn t50_t53_of_a_mixed_batch_only_the_discarded_are_told_again() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let pipeline = ReportPipeline::of(&stack);
    // Every other item has a property too many: the rule is known, so it goes out again without it (M12).
    let mut items = pipeline.many(ROWS);
    for item in items.iter_mut().step_by(2) {
        item["serverASId"] = "x".into();
    }
    pipeline.write_all(&items).await;
    pipeline.drain(PATIENCE).await;
    let half = ROWS as u64 / 2;
    let summary = pipeline.summary().await;
    let private = &summary["private"];
    assert_eq!(private["byStatus"], json!({ "UNPAIRED": ROWS, "DISCARDED": half }), "{summary:#}");
    assert_eq!(private["repeated"], 0, "a good one was sent again");
    let counts = pipeline.counts().await;
    assert_eq!((counts.accepted, counts.discarded, counts.parked), (ROWS as u64, half, 0), "{counts:?}");

    // A reason nobody knows a rule for: parked with the platform's words, never posted again.
    let order = json!({ "every": 1, "message": "Something nobody has heard of: x", "batches": 1000 });
    pipeline.control("/sandbox/discards", &order).await;
    let lonely = pipeline.served();
    pipeline.write(&lonely).await;
    pipeline.drain(PATIENCE).await;
    pipeline.control("/sandbox/discards", &Value::Null).await;
    let interaction = lonely["fapiInteractionId"].as_str().expect("an interaction");
    let parked = pipeline.parked(interaction).await.expect("the report is parked");
    assert_eq!(parked.reason, "discarded: Something nobody has heard of: x");
    let told = pipeline.institution.reports_of(interaction).await.expect("the platform answers").json();
    assert_eq!(told.as_array().map(Vec::len), Some(1), "{told}");

    // No report was ever changed in place: there is no such call.
    let requests = pipeline.summary().await["requests"].clone();
    let refused = requests.as_array().expect("requests are counted").iter().find(|one| one["status"] == 405);
    assert!(refused.is_none(), "{requests}");
}
