//! Operator commands about reports, over a running stack (T53): a check reads the platform back, a wrong fact is corrected by
//! another post, a day and parked reports are sent again, the ledger is counted again.

use ponte_values::Moment;
use serde_json::{Value, json};

use super::pipeline::ReportPipeline;
use crate::stack::Stack;

const PATIENCE: usize = 120;

/// The same call as the participant reports it.
fn seen_by_client(pipeline: &ReportPipeline, served: &Value) -> Value {
    let mut item = served.clone();
    item["role"] = "CLIENT".into();
    item["clientSSId"] = pipeline.participant.software_statement().into();
    item["endpointUriPrefix"] = "https://localhost/".into();
    item["additionalInfo"] = json!({});
    item
}

fn interaction(item: &Value) -> &str {
    item["fapiInteractionId"].as_str().expect("an interaction")
}

/// States of the institution's own reports of an interaction, in order.
async fn states(pipeline: &ReportPipeline, item: &Value) -> Vec<String> {
    let told = pipeline.institution.reports_of(interaction(item)).await.expect("the platform answers").json();
    let ours = told.as_array().expect("a list").iter().filter(|report| report["role"] == "SERVER");
    let mut states: Vec<String> =
        ours.map(|report| report["status"].as_str().unwrap_or_default().to_owned()).collect();
    states.sort();
    states
}

#[tokio::test]
async fn t53_a_report_that_does_not_agree_is_found_and_corrected_by_another_post() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let pipeline = ReportPipeline::of(&stack);
    let (agreed, lonely, mut wrong) = (pipeline.served(), pipeline.served(), pipeline.served());
    let theirs = [seen_by_client(&pipeline, &agreed), seen_by_client(&pipeline, &wrong)];
    wrong["statusCode"] = 500.into();
    let reply = pipeline.participant.report(&theirs).await.expect("the platform answers");
    assert_eq!(reply.status, 200, "{}", reply.excerpt());
    pipeline.write_all(&[agreed.clone(), lonely.clone(), wrong.clone()]).await;
    pipeline.drain(PATIENCE).await;

    let at = Moment::parse(wrong["timestamp"].as_str().expect("a time")).expect("a time");
    let day = at.date_brasilia().to_string();
    let answer = pipeline.operator(&json!({ "operator": "pcm.check", "day": day })).await;
    let check = &answer["checks"][&day];
    let sampled = &check["sampled"]["accounts/v2 SERVER"];
    let counts = ["asked", "paired", "inconsistent", "unpaired"].map(|name| sampled[name].as_u64());
    assert_eq!(counts, [Some(3), Some(1), Some(1), Some(1)], "{answer:#}");
    let examples = check["examples"].as_array().expect("examples");
    let example = examples.iter().find(|one| one["interaction"] == wrong["fapiInteractionId"]);
    let example = example.unwrap_or_else(|| panic!("it is no example: {answer:#}"));
    assert_eq!(
        (&example["differs"], &example["theirs"]["statusCode"]),
        (&json!(["statusCode"]), &json!(200))
    );

    let correct = json!({
        "operator": "pcm.correct", "day": day, "interaction": interaction(&wrong), "role": "SERVER",
        "set": { "statusCode": 200 },
    });
    pipeline.operator(&correct).await;
    pipeline.drain(PATIENCE).await;
    assert_eq!(states(&pipeline, &wrong).await, ["DISCARDED", "PAIRED"]);
    assert_eq!(states(&pipeline, &agreed).await, ["PAIRED"]);
    assert_eq!(states(&pipeline, &lonely).await, ["UNPAIRED"]);
    assert_eq!(pipeline.counts().await.accepted, 3);
}

#[tokio::test]
async fn a_day_is_sent_again_counted_as_repeated_and_the_ledger_counts_the_same_again() {
    const ROWS: usize = 30;
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let pipeline = ReportPipeline::of(&stack);
    let items = pipeline.many(ROWS);
    let at = Moment::parse(items[0]["timestamp"].as_str().expect("a time")).expect("a time");
    let day = at.date_brasilia().to_string();
    pipeline.write_all(&items).await;
    pipeline.drain(PATIENCE).await;
    let before = pipeline.counts().await;
    assert_eq!((before.accepted, before.repeated), (ROWS as u64, 0));

    pipeline.operator(&json!({ "operator": "pcm.resend-day", "day": day })).await;
    pipeline.drain(PATIENCE).await;
    let after = pipeline.counts().await;
    assert_eq!((after.accepted, after.repeated), (ROWS as u64, ROWS as u64), "{after:?}");
    let summary = pipeline.summary().await;
    assert_eq!(
        (&summary["private"]["received"], &summary["private"]["repeated"]),
        (&json!(ROWS), &json!(ROWS))
    );

    let rebuilt = pipeline.operator(&json!({ "operator": "pcm.rebuild", "day": day })).await;
    assert_eq!((&rebuilt["done"], &rebuilt["corrected"]), (&json!(true), &json!([])), "{rebuilt:#}");
    assert_eq!(pipeline.counts().await, after);
}

#[tokio::test]
async fn parked_reports_go_out_again_when_an_operator_says_so() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let pipeline = ReportPipeline::of(&stack);
    // The platform's list lacks an endpoint for a while.
    let item = pipeline.served();
    pipeline.control("/sandbox/endpoints", &json!({ "withdrawn": [item["endpoint"]] })).await;
    pipeline.write(&item).await;
    pipeline.drain(PATIENCE).await;
    let parked = pipeline.parked(interaction(&item)).await.expect("the report is parked");
    assert!(parked.reason.contains("Unlisted endpoint"), "{}", parked.reason);
    assert_eq!(pipeline.counts().await.parked, 1);

    pipeline.control("/sandbox/endpoints", &Value::Null).await;
    pipeline.operator(&json!({ "operator": "pcm.resend-discarded" })).await;
    pipeline.drain(PATIENCE).await;
    assert_eq!(states(&pipeline, &item).await, ["DISCARDED", "UNPAIRED"]);
    assert!(pipeline.parked(interaction(&item)).await.is_none());
    let counts = pipeline.counts().await;
    assert_eq!((counts.accepted, counts.parked), (1, 0), "{counts:?}");
}
