//! Orders: done once, refused with a reason, approved by a second operator; long work goes on by itself.

use ponte_web::caller::Caller;
use serde_json::{Value, json};

use super::desk::{ANA, BRUNO, Desk, reason};
use crate::journeys::audit::{rows, sealed_next, text};
use crate::journeys::callers::Callers;
use crate::journeys::systems::{System, file, issue};
use crate::stack::Stack;

#[tokio::test]
async fn t23_t47_t68_an_order_is_done_once_or_refused_and_neighbours_go_on() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up_with(folder.path(), &["TwoOperatorCommands=pcm.rebuild"]);
    let callers = Callers::of(&stack);
    let desk = Desk::of(&stack, &callers);

    // Three times, two of them at once, and the reason where an invocation has it.
    let order = json!({ "operator": "pcm.resend-discarded", "operationId": "resend", "by": { "reason": "three times" } });
    for _ in 0..2 {
        desk.send(ANA, "pcm", &order).await;
    }
    let done = desk.until("resend", "DONE").await;
    assert_eq!(done["requestedBy"], json!({ "name": ANA, "proven": true }));
    assert_eq!(done["answer"]["resent"], 0, "{done:#}");
    desk.send(ANA, "pcm", &order).await;

    // A good one between bad ones, without an id of its own.
    let malformed = "{\"operator\":\"pcm.status\",\"days\":\"many\"}";
    desk.cloud.send(ANA, desk.queue("pcm"), malformed).await;
    let good = desk.send(ANA, "pcm", &json!({ "operator": "pcm.status" })).await;
    desk.cloud.send(ANA, desk.queue("pcm"), "no JSON, 12345678909").await;
    let shown = desk.until(&good, "DONE").await;
    assert!(shown["answer"]["days"].is_array(), "{shown:#}");
    let letter = desk.letter(desk.letters("pcm"), "many").await;
    assert!(reason(&letter).starts_with("not a command of this function"), "{letter}");
    assert_eq!(letter["MessageAttributes"]["sender"]["StringValue"], ANA);
    let letter = desk.letter(desk.letters("pcm"), "12345678909").await;
    assert_eq!(reason(&letter), "the message is no JSON object");

    // Secrets are for whoever invokes.
    let key = json!({
        "operator": "api-key.issue", "operationId": "key", "reason": "new app", "caller": "app",
        "scopes": ["oob_consents:read"],
    });
    desk.send(ANA, "oauth", &key).await;
    let letter = desk.letter(desk.letters("oauth"), "api-key.issue").await;
    assert!(reason(&letter).starts_with("its answer holds a secret"), "{letter}");
    let refused = desk.until("key", "REFUSED").await;
    assert_eq!(refused.get("answer"), None);
    assert!(
        !desk
            .cloud
            .items(desk.cloud.table("oauth", "OPERATIONS_TABLE"))
            .await
            .iter()
            .any(|item| { item["body"]["S"].as_str().is_some_and(|body| body.contains("ponte_")) })
    );

    // A client, whose reason is a member of its own.
    let client = stack.text("/clients/0/client_id");
    let block =
        json!({ "operator": "client.block", "operationId": "block", "reason": "fraud", "id": client });
    desk.send(BRUNO, "oauth", &block).await;
    assert_eq!(desk.until("block", "DONE").await["answer"]["status"], "BLOCKED");
    let audited = desk.audited("client.blocked").await;
    assert_eq!(
        audited[0]["operator"],
        json!({ "name": BRUNO, "proven": true, "reason": "fraud", "operation": "block" })
    );

    two_operators(&desk).await;
    let listed = desk.ask(&json!({ "operator": "ops.list", "state": "DONE" })).await;
    let ids = listed["answer"]["operations"].as_array().expect("a list").iter().map(|one| &one["id"]);
    let ids = ids.filter_map(Value::as_str).collect::<Vec<_>>();
    assert_eq!(ids, ["rebuild", "block", good.as_str(), "resend"]);
    the_back_office_sees_it(&desk).await;
    let audited = desk.audited("pcm.discarded_resent").await;
    let operator = json!({ "name": ANA, "proven": true, "reason": "three times", "operation": "resend" });
    assert_eq!(audited.iter().map(|row| &row["operator"]).collect::<Vec<_>>(), [&operator]);
}

/// The same on the management host, for whoever has a key with its scope.
async fn the_back_office_sees_it(desk: &Desk<'_>) {
    let plain = Caller::new(&file(desk.stack, "/ca_file"), None).expect("a client is set up");
    let office = System::named(desk.stack, "backoffice");
    let path = "/open-banking/oob-operations/v1/operations";
    assert_eq!(office.get(path, &[]).await.status, 403, "its key has no such scope");
    let (_, key) = issue(desk.stack, &plain, "backoffice", &["operations:read"]).await;
    let office = office.with_key(&key);
    let page = office.get(&format!("{path}?state=REFUSED"), &[]).await.json();
    assert_eq!(
        (&page["data"][0]["id"], page["data"].as_array().map(Vec::len)),
        (&json!("key"), Some(1)),
        "{page:#}"
    );
    let shown = office.get(&format!("{path}/rebuild"), &[]).await.json();
    assert_eq!(
        (&shown["data"]["state"], &shown["data"]["approvedBy"]["name"]),
        (&json!("DONE"), &json!(BRUNO))
    );
}

/// Nothing runs before a second operator says so, and the first one is none.
async fn two_operators(desk: &Desk<'_>) {
    let day = ponte_machine::clock::now().date_brasilia().to_string();
    let order = json!({ "operator": "pcm.rebuild", "operationId": "rebuild", "reason": "doubt", "day": day });
    desk.send(ANA, "pcm", &order).await;
    desk.until("rebuild", "WAITING_APPROVAL").await;
    let approval = json!({ "operator": "ops.approve", "operation": "rebuild", "reason": "looked at it" });
    desk.send(ANA, "pcm", &approval).await;
    let letter = desk.letter(desk.letters("pcm"), "ops.approve").await;
    assert!(reason(&letter).contains("by the same operator"), "{letter}");
    assert_eq!(desk.show("rebuild").await["state"], "WAITING_APPROVAL");
    assert!(desk.audited("pcm.day_rebuilt").await.is_empty());
    let url = format!("{}/invoke/pcm", desk.stack.text("/control"));
    let alone = json!({ "operator": "pcm.rebuild", "day": day, "by": { "name": "ana", "reason": "alone" } });
    let invoked = desk.callers.service(&url, &[("content-type", "application/json")], &alone).await;
    assert!(invoked["errorMessage"].as_str().is_some_and(|told| told.contains("two operators")), "{invoked}");
    // Nor does an event of the queue that somebody made up and invoked the function with.
    let mut forged = approval.clone();
    forged["sender"] = BRUNO.into();
    let event = json!({ "Records": [{
        "messageId": "1", "receiptHandle": "placeholder", "body": forged.to_string(),
        "attributes": { "SenderId": BRUNO, "ApproximateReceiveCount": "1" },
        "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:sa-east-1:000000000000:ponte-PcmOperatorQueue",
    }] });
    let invoked = desk.callers.service(&url, &[("content-type", "application/json")], &event).await;
    assert_eq!(invoked["answer"]["batchItemFailures"][0]["itemIdentifier"], "1", "{invoked}");
    assert_eq!(desk.show("rebuild").await["state"], "WAITING_APPROVAL");
    desk.send(BRUNO, "pcm", &approval).await;
    let done = desk.until("rebuild", "DONE").await;
    assert_eq!((&done["answer"]["done"], &done["approvedBy"]["name"]), (&json!(true), &json!(BRUNO)));
}

#[tokio::test]
async fn t23_long_work_goes_on_by_itself_and_its_answer_is_whole() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let callers = Callers::of(&stack);
    let desk = Desk::of(&stack, &callers);
    let table = desk.cloud.table("audit", "AUDIT_TABLE");
    let put = async |row: &crate::journeys::cloud::Item| {
        desk.cloud.call("DynamoDB_20120810.PutItem", &json!({ "TableName": table, "Item": row })).await;
    };
    let rows = rows(stack.text("/functions/audit/env/INSTITUTION"), sealed_next().await);
    for row in &rows {
        put(row).await;
    }
    let tick = format!("{}/tick/seal", stack.text("/control"));
    callers.service(&tick, &[], &Value::Null).await;
    // More of them than one part of a proof tells.
    let (time, _) = text(&rows[4], "sk").split_once('#').expect("a time");
    let forged = |number: usize| {
        let mut row = rows[0].clone();
        row.insert("sk".to_owned(), json!({ "S": format!("{time}#forged#{number}") }));
        row
    };
    for number in 0..210 {
        put(&forged(number)).await;
    }
    let day = text(&rows[0], "pk").rsplit('#').nth(1).expect("a day").to_owned();
    let order = json!({ "operator": "audit.prove", "operationId": "proof", "day": day });
    desk.send(ANA, "audit", &order).await;
    let done = desk.until("proof", "DONE").await;
    let findings = done["answer"]["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 210, "{done:#}");
    assert!(done["progress"]["parts"].as_u64() > Some(1), "{}", done["progress"]);
    assert_eq!((&done["answer"]["sealed"], done["answer"].get("continue")), (&json!(12), None));
}
