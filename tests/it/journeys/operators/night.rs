//! An operator's night over queue events: something is parked and a ticket was given up, two operators look, mend, and move it back,
//! and the audit says who did what and why.

use serde_json::{Value, json};

use super::desk::{ANA, BRUNO, Desk, reason};
use crate::journeys::callers::Callers;
use crate::journeys::pcm::ReportPipeline;
use crate::stack::Stack;

const PATIENCE: usize = 120;

#[tokio::test]
async fn t23_t47_t68_an_operator_s_night() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up_with(folder.path(), &["TwoOperatorCommands=pcm.correct"]);
    let (callers, pipeline) = (Callers::of(&stack), ReportPipeline::of(&stack));
    let desk = Desk::of(&stack, &callers);
    let day = ponte_machine::clock::now().date_brasilia().to_string();

    // In the evening the platform does not know an endpoint, and one report is wrong.
    let mut items = pipeline.many(3);
    items[1]["endpoint"] = "/open-banking/accounts/v2/accounts/{accountId}".into();
    items[2]["statusCode"] = 500.into();
    pipeline.control("/sandbox/endpoints", &json!({ "withdrawn": [items[1]["endpoint"]] })).await;
    pipeline.write_all(&items).await;
    pipeline.drain(PATIENCE).await;
    assert_eq!(pipeline.counts().await.parked, 1);

    // Two tickets become dead letters: one that nobody can work off, and one that was given up when the platform was away. The
    // alarm over the dead letters counts them.
    let (tickets, letters) = (env(&stack, "PCM_QUEUE_URL"), env(&stack, "PCM_DEAD_LETTERS_URL"));
    desk.cloud.send("local", tickets, "garbled").await;
    let letter = desk.letter(letters, "garbled").await;
    assert!(reason(&letter).starts_with("not a ticket"), "{letter}");
    let late = pipeline.many(1);
    pipeline.write_all(&late).await;
    let ticket = json!({ "shard": 0, "from": "2", "to": "3" }).to_string();
    desk.cloud.send("local", letters, &ticket).await;

    // Ana looks.
    desk.send(ANA, "pcm", &json!({ "operator": "pcm.status", "operationId": "look", "day": day })).await;
    let seen = desk.until("look", "DONE").await;
    assert_eq!(seen["answer"]["parked"], 1, "{seen:#}");
    desk.send(ANA, "pcm", &json!({ "operator": "pcm.parked", "operationId": "why", "day": day })).await;
    let why = desk.until("why", "DONE").await;
    assert!(
        why["answer"]["parked"][0]["reason"].as_str().is_some_and(|told| told.contains("Unlisted")),
        "{why:#}"
    );

    // The endpoint is listed again. At first she forgets to say why, and moving that message back does not help.
    pipeline.control("/sandbox/endpoints", &Value::Null).await;
    let mut resend = json!({ "operator": "pcm.resend-discarded", "operationId": "resend-1", "day": day });
    desk.send(ANA, "pcm", &resend).await;
    let letter = desk.letter(desk.letters("pcm"), "resend-1").await;
    assert!(reason(&letter).starts_with("reason is missing"), "{letter}");
    desk.depth("PcmOperatorDeadLetters", 1).await;
    desk.cloud.move_all(BRUNO, desk.letters("pcm"), desk.queue("pcm")).await;
    let letter = desk.letter(desk.letters("pcm"), "resend-1").await;
    assert!(reason(&letter).starts_with("the message was refused or given up before"), "{letter}");
    resend["operationId"] = "resend-2".into();
    resend["reason"] = "the platform lists the endpoint again".into();
    desk.send(ANA, "pcm", &resend).await;
    assert_eq!(desk.until("resend-2", "DONE").await["answer"]["resent"], 1);

    // The wrong report is corrected by two.
    let correct = json!({
        "operator": "pcm.correct", "operationId": "correct", "reason": "the call was answered", "day": day,
        "interaction": items[2]["fapiInteractionId"], "role": "SERVER", "set": { "statusCode": 200 },
    });
    desk.send(ANA, "pcm", &correct).await;
    desk.until("correct", "WAITING_APPROVAL").await;
    let approval =
        json!({ "operator": "ops.approve", "operation": "correct", "reason": "the log says so too" });
    desk.send(BRUNO, "pcm", &approval).await;
    assert_eq!(desk.until("correct", "DONE").await["answer"]["report"]["statusCode"], 200);

    // The dead letters are moved back: the good ticket is worked off, the garbled one comes back.
    desk.cloud.move_all(ANA, letters, tickets).await;
    pipeline.drain(PATIENCE).await;
    let counts = pipeline.counts().await;
    assert_eq!((counts.accepted, counts.repeated, counts.parked), (4, 1, 0), "{counts:?}");
    desk.letter(letters, "garbled").await;
    desk.depth("PcmDeadLetters", 1).await;

    // In the morning the audit says who did what and why.
    let rows = desk.audited("pcm.discarded_resent").await;
    let ana = |why: &str, id: &str| json!({ "name": ANA, "proven": true, "reason": why, "operation": id });
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["operator"], ana("the platform lists the endpoint again", "resend-2"));
    let corrected = desk.audited("pcm.report_corrected").await;
    let mut both = ana("the call was answered", "correct");
    both["approvedBy"] = json!({ "name": BRUNO, "proven": true });
    both["approvalReason"] = "the log says so too".into();
    assert_eq!((corrected.len(), &corrected[0]["operator"]), (1, &both));
}

fn env<'s>(stack: &'s Stack, name: &str) -> &'s str {
    stack.text(&format!("/functions/pcm/env/{name}"))
}
