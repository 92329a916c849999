//! Thousands of reports through the queue: losses, duplicates, token calls, seconds and CPU.
//!
//! The long run: `cargo test --workspace --test it -- --ignored --nocapture a_hundred_thousand`.

use ponte_machine::clock::Stopwatch;
use serde_json::{Value, json};

use super::pipeline::ReportPipeline;
use crate::processes;
use crate::stack::Stack;

/// Reports that are made and written at a time.
const AT_ONCE: usize = 10_000;

/// Writes and drains so many reports; what it took, in one line.
async fn run(rows: usize, patience: usize) -> String {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let pipeline = ReportPipeline::of(&stack);
    let watch = Stopwatch::start();
    let mut left = rows;
    while left > 0 {
        let now = left.min(AT_ONCE);
        pipeline.write_all(&pipeline.many(now)).await;
        left -= now;
    }
    let written = watch.millis();
    pipeline.drain(patience).await;
    let drained = watch.millis() - written;
    let summary = pipeline.summary().await;
    let count = |name: &str| summary["private"][name].as_u64().unwrap_or_default();
    let (received, repeated) = (count("received"), count("repeated"));
    let tokens = summary["tokenCalls"]
        .as_object()
        .map_or(0, |calls| calls.values().filter_map(Value::as_u64).sum::<u64>());
    let (requests, refused) = requests(&summary);
    let cpu = processes::cpu_of_functions(&stack, "pcm");
    let told = format!(
        "{rows} reports: lost {}, sent twice {repeated}, token calls {tokens}, requests {requests} ({refused} refused), written \
         in {}.{} s, drained in {}.{} s, CPU of the function {}.{:03} s",
        rows as u64 - received,
        written / 1000,
        written % 1000 / 100,
        drained / 1000,
        drained % 1000 / 100,
        cpu.as_secs(),
        cpu.subsec_millis(),
    );
    assert_eq!(received, rows as u64, "lost: {told}");
    assert_eq!(summary["private"]["byStatus"], json!({ "UNPAIRED": rows }), "{told}");
    assert_eq!(tokens, 1, "{told}: {}", summary["tokenCalls"]);
    assert_eq!(repeated, 0, "sent twice without a fault: {told}");
    let counts = pipeline.counts().await;
    assert_eq!((counts.accepted, counts.repeated, counts.parked), (rows as u64, 0, 0), "{told}: {counts:?}");
    told
}

/// Requests with reports, and those among them that were refused.
fn requests(summary: &Value) -> (u64, u64) {
    let count = |refused: bool| -> u64 {
        let all = summary["requests"].as_array().into_iter().flatten();
        let private = all.filter(|one| one["place"] == "private");
        private.filter(|one| !refused || one["status"] != 200).filter_map(|one| one["count"].as_u64()).sum()
    };
    (count(false), count(true))
}

#[tokio::test]
async fn five_thousand_reports_lose_and_repeat_nothing() {
    println!("{}", run(5_000, 180).await);
}

#[tokio::test]
#[ignore = "takes minutes: a hundred thousand reports through a debug build"]
async fn a_hundred_thousand_reports_lose_and_repeat_nothing() {
    println!("{}", run(100_000, 1_200).await);
}
