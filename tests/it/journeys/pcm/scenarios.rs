//! The six scenarios of the platform's manual: a row of the outbox goes through sweep, queue and worker, and its state at the
//! platform and among the parked reports is the one of the manual. Scenarios that run at the same time share one stack.

use std::sync::{Arc, Weak};

use ponte_metrics_platform::manual::{Scenario, scenario};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::pipeline::ReportPipeline;
use crate::stack::Stack;

/// So many seconds a scenario may take from outbox to platform.
const PATIENCE: usize = 60;

/// One stack for the scenarios that run at the same time; it ends with the last of them.
struct SharedStack {
    // Ended before its folder goes.
    stack: Stack,
    _folder: tempfile::TempDir,
}

static SHARED: Mutex<Weak<SharedStack>> = Mutex::const_new(Weak::new());

async fn shared_stack() -> Arc<SharedStack> {
    let mut known = SHARED.lock().await;
    if let Some(shared) = known.upgrade() {
        return shared;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let shared = Arc::new(SharedStack { stack: Stack::up(folder.path()), _folder: folder });
    *known = Arc::downgrade(&shared);
    shared
}

/// Plays a scenario until the platform shows its final state.
async fn play(pipeline: &ReportPipeline, number: u8) -> Scenario {
    let scenario = scenario(number, &pipeline.institution, &pipeline.participant);
    scenario.begin(&pipeline.participant).await.expect("the platform answers");
    pipeline.write(&scenario.ours).await;
    let mut ended = Err("nothing yet".to_owned());
    for _ in 0..PATIENCE {
        pipeline.sweep().await;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        ended = scenario.ended(&pipeline.participant).await;
        if ended.is_ok() {
            break;
        }
    }
    assert_eq!(ended, Ok(()), "scenario {number}: {}", scenario.title);
    scenario
}

/// Statuses of the reports of an interaction that the platform shows to each of the two.
async fn statuses(pipeline: &ReportPipeline, interaction: &str) -> [Vec<String>; 2] {
    let mut all = [vec![], vec![]];
    for (told, member) in all.iter_mut().zip([&pipeline.institution, &pipeline.participant]) {
        let reply = member.reports_of(interaction).await.expect("the platform answers");
        assert!(matches!(reply.status, 200 | 404), "{}", reply.excerpt());
        if reply.status == 200 {
            let found = reply.json();
            let found = found.as_array().expect("a list of reports");
            *told =
                found.iter().map(|report| report["status"].as_str().unwrap_or_default().to_owned()).collect();
        }
    }
    all
}

/// The reason with which the operator finds the report; it is in the outbox no more.
async fn reason(pipeline: &ReportPipeline, scenario: &Scenario) -> String {
    pipeline.drain(PATIENCE).await;
    let parked = pipeline.parked(&scenario.correlation).await.expect("the report is parked");
    let item: Value = serde_json::from_str(&parked.row.body).expect("the row is as it was");
    assert_eq!(item, scenario.ours);
    parked.reason
}

/// A discarded report: what both may see of it, that it is parked with the platform's words, and that the very same one
/// sent by hand is refused with status 400.
async fn discarded(number: u8) {
    let shared = shared_stack().await;
    let pipeline = ReportPipeline::of(&shared.stack);
    let scenario = play(&pipeline, number).await;
    let message = scenario.message.as_deref().expect("a discarded report has a message");
    let by_hand = pipeline.institution.report(std::slice::from_ref(&scenario.ours)).await.expect("an answer");
    scenario.end(&pipeline.participant).await.expect("the platform answers");
    assert_eq!((by_hand.status, &by_hand.json()[0]["status"]), (400, &json!("DISCARDED")));
    assert_eq!(by_hand.json()[0]["message"], message);
    let [ours, theirs] = statuses(&pipeline, scenario.interaction.as_deref().expect("an interaction")).await;
    assert_eq!(ours, ["DISCARDED", "DISCARDED"]);
    assert_eq!(!theirs.is_empty(), scenario.both_see_it, "{theirs:?}");
    assert_eq!(reason(&pipeline, &scenario).await, format!("discarded: {message}"));
}

#[tokio::test]
async fn m02_m21_scenario_1_paired() {
    let shared = shared_stack().await;
    let pipeline = ReportPipeline::of(&shared.stack);
    let scenario = play(&pipeline, 1).await;
    let [ours, theirs] = statuses(&pipeline, scenario.interaction.as_deref().expect("an interaction")).await;
    assert_eq!((&ours, &theirs), (&vec!["PAIRED".to_owned(); 2], &ours));
}

#[tokio::test]
async fn m21_scenario_2_paired_inconsistent() {
    let shared = shared_stack().await;
    let pipeline = ReportPipeline::of(&shared.stack);
    let scenario = play(&pipeline, 2).await;
    let interaction = scenario.interaction.as_deref().expect("an interaction");
    let [ours, theirs] = statuses(&pipeline, interaction).await;
    assert_eq!((&ours, &theirs), (&vec!["PAIRED_INCONSISTENT".to_owned(); 2], &ours));
    // The other side was wrong and posts again: there is no other way to correct a report.
    let mut right = scenario.theirs.clone().expect("the other side reports");
    right["statusCode"] = 200.into();
    let reply = pipeline.participant.report(&[right]).await.expect("the platform answers");
    assert_eq!(reply.status, 200, "{}", reply.excerpt());
    let [mut ours, _] = statuses(&pipeline, interaction).await;
    ours.sort();
    assert_eq!(ours, ["DISCARDED", "PAIRED", "PAIRED"]);
}

#[tokio::test]
async fn scenario_3_single() {
    let shared = shared_stack().await;
    let pipeline = ReportPipeline::of(&shared.stack);
    let scenario = play(&pipeline, 3).await;
    assert!(scenario.ours.get("fapiInteractionId").is_none());
    assert!(pipeline.parked(&scenario.correlation).await.is_none(), "a SINGLE is as good as it can be");
}

#[tokio::test]
async fn scenario_4_discarded_without_http_method() {
    discarded(4).await;
}

#[tokio::test]
async fn scenario_5_discarded_with_an_unlisted_endpoint() {
    discarded(5).await;
    // One that is not in our own list either is caught before it is sent (M13).
    let shared = shared_stack().await;
    let pipeline = ReportPipeline::of(&shared.stack);
    let mut item = pipeline.served();
    item["endpoint"] = "/open-banking/nothing/v1/here".into();
    pipeline.write(&item).await;
    pipeline.drain(PATIENCE).await;
    let interaction = item["fapiInteractionId"].as_str().expect("an interaction");
    let parked = pipeline.parked(interaction).await.expect("the report is parked");
    assert!(
        parked.reason.starts_with("unlisted endpoint: GET /open-banking/nothing/v1/here"),
        "{}",
        parked.reason
    );
    assert_eq!(statuses(&pipeline, interaction).await, [Vec::<String>::new(), Vec::new()], "it was sent");
}

#[tokio::test]
async fn scenario_6_discarded_without_organisations() {
    discarded(6).await;
}
