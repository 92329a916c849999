//! T52: every environment of the function uses one token, and one of them alone fetches the next.

use std::time::Duration;

use serde_json::{Value, json};

use super::pipeline::ReportPipeline;
use crate::stack::Stack;

const ROWS: usize = 4_000;
const PATIENCE: usize = 180;

/// Writes rows and drains them while the platform is slow: several environments are at work at the same time.
async fn crowd(pipeline: &ReportPipeline) {
    let slow = json!({ "kind": "delay", "milliseconds": 700, "path": "/report-api/", "times": 4 });
    pipeline.control("/sandbox/faults", &slow).await;
    pipeline.write_all(&pipeline.many(ROWS)).await;
    pipeline.drain(PATIENCE).await;
}

#[tokio::test]
async fn m01_t52_one_token_for_every_environment() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let pipeline = ReportPipeline::of(&stack);
    crowd(&pipeline).await;
    let status = pipeline.status().await;
    let environments = status["functions"]["pcm"]["idle"].as_u64().unwrap_or_default();
    assert!(environments >= 2, "one environment did it all: {status:#}");
    assert_eq!(pipeline.tokens(&pipeline.summary().await), 1);

    // The platform refuses the token of all of them: one fetches the next.
    pipeline.control("/sandbox/tokens", &Value::Null).await;
    crowd(&pipeline).await;
    assert_eq!(pipeline.tokens(&pipeline.summary().await), 2);

    // The token server refuses for a while: nothing is lost, and nobody storms it.
    pipeline.control("/sandbox/tokens", &Value::Null).await;
    let refusal = json!({ "kind": "status", "status": 401, "times": 1 });
    let told = pipeline.participant.control_token_server(&refusal).await.expect("the token server answers");
    assert_eq!(told.status, 200, "{}", told.excerpt());
    crowd(&pipeline).await;
    let summary = pipeline.summary().await;
    assert_eq!(pipeline.tokens(&summary), 3);
    assert_eq!(
        (&summary["private"]["received"], &summary["private"]["repeated"]),
        (&json!(3 * ROWS), &json!(0))
    );
    assert_eq!(pipeline.counts().await.accepted, 3 * ROWS as u64);
}

#[tokio::test]
async fn t52_a_token_is_fetched_again_at_the_end_of_its_life() {
    const LIFE: u64 = 6;
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let pipeline = ReportPipeline::of(&stack);
    pipeline.control("/sandbox/tokens", &json!({ "life": LIFE })).await;
    let mut before = 0;
    for _ in 0..2 {
        pipeline.write_all(&pipeline.many(10)).await;
        pipeline.drain(PATIENCE).await;
        let summary = pipeline.summary().await;
        let tokens = pipeline.tokens(&summary);
        assert!(tokens > before, "{tokens} tokens");
        before = tokens;
        let refused = summary["requests"].as_array().into_iter().flatten().any(|one| one["status"] == 401);
        assert!(!refused, "a token was used after its end: {}", summary["requests"]);
        tokio::time::sleep(Duration::from_secs(LIFE)).await;
    }
}
