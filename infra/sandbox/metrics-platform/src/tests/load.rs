//! Tests of many reports: stored, counted and paired, after a restart as well.

use super::*;

const BATCHES: usize = 4;
const ITEMS: usize = 5_000;

#[tokio::test]
async fn m03_twenty_thousand_reports_are_kept_once_and_read_again() {
    let bench = Bench::new();
    let (client, server) = (bench.report("CLIENT"), bench.report("SERVER"));
    for _ in 0..BATCHES / 2 {
        let ids: Vec<String> = (0..ITEMS).map(|_| clock::new_id()).collect();
        for (reporter, item) in [(&bench.client, &client), (&bench.server, &server)] {
            let batch: Vec<Value> =
                ids.iter().map(|id| with(item.clone(), "fapiInteractionId", json!(id))).collect();
            let (status, verdicts) = bench.send(reporter, PRIVATE, &Value::Array(batch)).await;
            assert_eq!((status, verdicts.as_array().unwrap().len()), (200, ITEMS));
        }
    }
    assert_eq!(bench.statuses().await, json!({ "PAIRED": BATCHES * ITEMS }));
    let bench = bench.restarted();
    assert_eq!(bench.statuses().await, json!({ "PAIRED": BATCHES * ITEMS }));
    assert_eq!(bench.summary().await["private"]["repeated"], 0);
}
