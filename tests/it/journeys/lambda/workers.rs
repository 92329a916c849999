//! The same work at several environments at once: it is done once, whatever their clocks say and however long one of them stands
//! still.

use std::time::Duration;

use ponte_machine::clock;
use ponte_values::Moment;
use serde_json::{Value, json};

use super::environment::{Environment, freeze, schedule, thaw};
use super::moved_clock;
use crate::journeys::callers::Callers;
use crate::journeys::cloud::{Cloud, Item};
use crate::journeys::pcm::ReportPipeline;
use crate::journeys::steps::World;
use crate::stack::Stack;

pub(super) const ROWS: usize = 40;

/// A queue event with tickets over all rows of each shard, received just now.
pub(super) fn tickets() -> Value {
    let now = clock::now().millis().to_string();
    let records = (0..4).map(|shard| {
        json!({
            "messageId": format!("m{shard}"), "eventSourceARN": "arn:aws:sqs:sa-east-1:000000000000:ponte-PcmQueue",
            "body": json!({"shard": shard, "from": "2", "to": "3"}).to_string(),
            "attributes": {
                "ApproximateReceiveCount": "1", "SentTimestamp": now, "ApproximateFirstReceiveTimestamp": now,
            },
            "messageAttributes": {},
        })
    });
    json!({"Records": records.collect::<Vec<_>>()})
}

pub(super) fn received(summary: &Value) -> u64 {
    summary["private"]["received"].as_u64().unwrap_or_default()
}

pub(super) fn repeated(summary: &Value) -> u64 {
    summary["private"]["repeated"].as_u64().unwrap_or_default()
}

/// Waits until a line with `text` is in the log of the platform's requests: until so many rows were received.
pub(super) async fn until_received(pipeline: &ReportPipeline, count: u64) -> Value {
    for _ in 0..600 {
        let summary = pipeline.summary().await;
        if received(&summary) >= count {
            return summary;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the platform has not {count} rows");
}

#[tokio::test]
async fn lb16_t12_a_worker_whose_clock_is_minutes_ahead_takes_no_rows_from_one_at_work() {
    if !moved_clock::or_skipped("lb16") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let pipeline = ReportPipeline::of(&stack);
    let (slow, ahead) = tokio::join!(Environment::of(&stack, "pcm"), Environment::of(&stack, "pcm"));
    // The first sweep of the stack is over before there is anything to sweep.
    pipeline.sweep().await;
    let fault =
        json!({"kind": "delay", "milliseconds": 5_000, "path": "/report-api/", "method": "POST", "times": 1});
    pipeline.control("/sandbox/faults", &fault).await;
    pipeline.write_all(&pipeline.many(ROWS)).await;
    let event = tickets();
    let sending = slow.answer(event.to_string());
    let others = async {
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        for seconds in [120, 300] {
            ahead.clock.set(seconds);
            // As it was, and without what the queue says of its time.
            let mut bare = event.clone();
            for record in bare["Records"].as_array_mut().into_iter().flatten() {
                record["attributes"] = json!({"ApproximateReceiveCount": "2"});
            }
            // Its clock may be called wrong; whatever it does, it takes nothing over.
            ahead.invoke(event.to_string()).await;
            assert_eq!(ahead.answer(bare.to_string()).await["batchItemFailures"], json!([]), "{seconds}");
        }
    };
    let (sent, ()) = tokio::join!(sending, others);
    assert_eq!(sent["batchItemFailures"], json!([]));
    pipeline.drain(60).await;
    let summary = pipeline.summary().await;
    assert_eq!((received(&summary), repeated(&summary)), (ROWS as u64, 0), "{summary:#}");
    assert_eq!(ahead.said("finished what another worker left"), 0, "{}", ahead.log());
    assert_eq!(pipeline.counts().await.accepted, ROWS as u64);
}

#[tokio::test]
async fn lb29_a_worker_stopped_longer_than_its_claim_settles_nothing_when_it_goes_on() {
    if !moved_clock::or_skipped("lb29") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let pipeline = ReportPipeline::of(&stack);
    let (stopped, next) = tokio::join!(Environment::of(&stack, "pcm"), Environment::of(&stack, "pcm"));
    pipeline.sweep().await;
    let process = stopped.process().expect("a process that waits for work");
    let fault =
        json!({"kind": "delay", "milliseconds": 3_000, "path": "/report-api/", "method": "POST", "times": 1});
    pipeline.control("/sandbox/faults", &fault).await;
    let names: Vec<Value> = pipeline.many(ROWS);
    pipeline.write_all(&names).await;
    let sending = stopped.answer(tickets().to_string());
    let others = async {
        // In the middle of the first post.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        freeze(process);
        // Past its claim, by a clock that the queue does not confirm.
        next.clock.set(600);
        let mut later = tickets();
        for record in later["Records"].as_array_mut().into_iter().flatten() {
            record["attributes"] = json!({"ApproximateReceiveCount": "2"});
        }
        assert_eq!(next.answer(later.to_string()).await["batchItemFailures"], json!([]));
        until_received(&pipeline, ROWS as u64).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        thaw(process);
    };
    let (sent, ()) = tokio::join!(sending, others);
    assert_eq!(sent["batchItemFailures"], json!([]));
    assert!(stopped.said("the claim was over") >= 1, "{}", stopped.log());
    pipeline.drain(60).await;
    let summary = pipeline.summary().await;
    assert_eq!(received(&summary), ROWS as u64, "{summary:#}");
    assert_eq!(pipeline.counts().await.accepted, ROWS as u64, "counted once");
}

#[tokio::test]
async fn lb24_a_schedule_fired_three_times_at_one_moment_and_once_more_does_its_work_once() {
    if !moved_clock::or_skipped("lb24") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let callers = Callers::of(&stack);
    let cloud = Cloud::of(&stack, &callers);
    let token = world.client_token().await;
    let mut consents = Vec::new();
    for _ in 0..5 {
        consents.push(world.create_consent(&token).await);
    }
    let environment = Environment::of(&stack, "consents").await;
    environment.clock.set(7_200);
    let event = schedule("expiry", &Moment::from_seconds(clock::now().seconds() + 7_200).to_string());
    let fire = || environment.answer(event.clone());
    tokio::join!(fire(), fire(), fire());
    fire().await;
    let audit = cloud.items(cloud.table("consents", "AUDIT_TABLE")).await;
    let outbox = cloud.items(cloud.table("consents", "OUTBOX_TABLE")).await;
    for consent in &consents {
        assert_eq!(world.status(&token, consent).await, "REJECTED");
        let ended = |item: &&Item| {
            let text = Value::Object((*item).clone()).to_string();
            text.contains(consent) && text.contains("consent.expired")
        };
        assert_eq!(audit.iter().filter(ended).count(), 1, "one audit row: {consent}");
        let told = |item: &&Item| {
            let key = item["pk"]["S"].as_str().unwrap_or_default();
            key.contains("EV#") && Value::Object((*item).clone()).to_string().contains(consent)
        };
        let notices: Vec<&Item> = outbox.iter().filter(told).collect();
        assert_eq!(notices.len(), 1, "one notice: {consent} {notices:?}");
    }

    // The stock of a day is one row however often it is counted.
    let counting = Environment::of(&stack, "stock").await;
    let event = schedule("stock", &clock::now().to_string());
    let count = || counting.answer(event.clone());
    let before = cloud.items(cloud.table("stock", "OUTBOX_TABLE")).await;
    tokio::join!(count(), count(), count());
    count().await;
    let rows = cloud.items(cloud.table("stock", "OUTBOX_TABLE")).await;
    let of_stock = |items: &[Item]| {
        items
            .iter()
            .filter(|item| item.get("path").is_some_and(|path| path.to_string().contains("stock")))
            .count()
    };
    assert_eq!((of_stock(&before), of_stock(&rows)), (0, 1));
}

#[tokio::test]
async fn lb14_lb25_odd_messages_hold_up_no_neighbour() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let pipeline = ReportPipeline::of(&stack);
    let pcm = Environment::of(&stack, "pcm").await;
    pipeline.sweep().await;
    pipeline.write_all(&pipeline.many(ROWS)).await;
    let mut event = tickets();
    let records = event["Records"].as_array_mut().expect("records");
    let twice = records.clone();
    records.extend(twice);
    let arn = "arn:aws:sqs:sa-east-1:000000000000:ponte-PcmQueue";
    for odd in [
        json!({"eventSourceARN": arn, "body": "no id"}),
        json!({"eventSourceARN": arn, "messageId": "no-body"}),
        json!({"eventSourceARN": arn, "messageId": "typed", "body": {"shard": 1}}),
        json!({"eventSourceARN": arn, "messageId": "fifo", "body": "x", "attributes": {"MessageGroupId": "g", "SequenceNumber": "1"}}),
        json!({"eventSourceARN": arn, "messageId": "binary", "body": "x", "messageAttributes": {"a": {"binaryValue": "%%", "dataType": "Binary"}}}),
        json!({"eventSourceARN": arn, "messageId": "sns", "body": json!({"Type": "Notification", "Message": "{}"}).to_string()}),
        json!({"eventSourceARN": arn, "messageId": "large", "body": "x".repeat(256 * 1024)}),
        json!(null),
        json!([7]),
    ] {
        records.insert(0, odd.clone());
        records.push(odd);
    }
    let answer = pcm.answer(event.to_string()).await;
    assert_eq!(answer["batchItemFailures"], json!([]), "{answer}");
    let summary = until_received(&pipeline, ROWS as u64).await;
    assert_eq!((received(&summary), repeated(&summary)), (ROWS as u64, 0), "{summary:#}");
    assert!(pcm.log().lines().all(|line| line.len() < 1_024), "a line of the log is short");
}
