//! T51: kill -9 of every environment of the function after the platform has a batch and before the ledger has it.

use serde_json::{Value, json};

use super::pipeline::ReportPipeline;
use crate::processes;
use crate::stack::Stack;

const ROWS: usize = 1_500;
/// A claim of 90 s and a lease of 60 s stand in the way of whoever comes next.
const PATIENCE: usize = 300;

#[tokio::test]
async fn t51_death_between_post_and_note_loses_nothing_and_repeats_what_was_in_flight() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let pipeline = ReportPipeline::of(&stack);
    let fault = json!({ "kind": "hang_after", "path": "/report-api/", "method": "POST", "times": 1 });
    pipeline.control("/sandbox/faults", &fault).await;
    pipeline.write_all(&pipeline.many(ROWS)).await;
    let taken = pipeline.until("a batch is taken", 60, |summary| received(summary) > 0).await;
    assert!(received(&taken) < ROWS as u64 * 2);

    let killed = processes::kill_functions(&stack, "pcm");
    assert!(killed > 0, "no environment of pcm was at work");
    pipeline.control("/sandbox/faults", &Value::Null).await;
    pipeline.drain(PATIENCE).await;

    let summary = pipeline.summary().await;
    assert_eq!(received(&summary), ROWS as u64, "lost: {summary:#}");
    let repeated = summary["private"]["repeated"].as_u64().unwrap_or_default();
    println!(
        "T51: {killed} killed, {repeated} of {ROWS} sent twice, {} lost",
        ROWS as u64 - received(&summary)
    );
    // At least the batch whose answer never came, and no row a third time.
    assert!((1..=ROWS as u64).contains(&repeated), "{repeated} sent twice");
    let counts = pipeline.counts().await;
    assert_eq!((counts.accepted, counts.parked), (ROWS as u64, 0), "{counts:?}");
    assert_eq!(pipeline.tokens(&summary), 1);
}

fn received(summary: &Value) -> u64 {
    summary["private"]["received"].as_u64().unwrap_or_default()
}
