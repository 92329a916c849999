//! The command line speaks to a stack of an AWS account as it speaks to the one on this machine, by invocation and by queue: the
//! local cloud answers CloudFormation, Lambda and SQS behind one endpoint.

use std::path::Path;
use std::process::Output;

use ponte_machine::clock;
use serde_json::Value;

use super::callers::Callers;
use super::cloud::Cloud;
use super::steps::World;
use crate::stack::{self, Stack};

/// Two operators, by their access keys.
const ANA: &str = "AKIAINVENTEDANA";
const BRUNO: &str = "AKIAINVENTEDBRUNO";

/// Runs `ponte` as an operator of an account would, whose endpoints are those of the local cloud.
fn by_name(stack: &Stack, operator: &str, arguments: &[&str]) -> Result<String, String> {
    let variables = [
        ("AWS_ENDPOINT_URL", stack.text("/aws/endpoint_url")),
        ("AWS_REGION", stack.text("/aws/region")),
        ("AWS_ACCESS_KEY_ID", operator),
        ("AWS_SECRET_ACCESS_KEY", "invented"),
    ];
    // Nothing of a folder: it has none.
    let folder = tempfile::tempdir().expect("a folder can be made");
    told(&stack::run_with(folder.path(), &variables, arguments))
}

/// Runs `ponte` beside the stack.
fn by_folder(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    told(&stack::run(folder, arguments))
}

/// What was said, or why it was not done.
fn told(output: &Output) -> Result<String, String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// Actions, operators and subjects of the audit rows that an operator ordered with this reason.
async fn ordered(cloud: &Cloud<'_>, reason: &str) -> Vec<(String, String, String)> {
    let rows = cloud.items(cloud.table("pcm", "AUDIT_TABLE")).await;
    let bodies = rows.iter().filter_map(|row| serde_json::from_str::<Value>(row["body"]["S"].as_str()?).ok());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let signed = bodies.filter(|body| body["operator"]["reason"] == reason);
    signed
        .map(|body| (text(&body["action"]), text(&body["operator"]["name"]), text(&body["subject"])))
        .collect()
}

#[tokio::test]
async fn t23_both_ways_to_a_stack_give_one_answer() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let named = |arguments: &[&str]| by_name(&stack, ANA, &[&["--stack", "ponte"], arguments].concat());
    for question in [&["pcm", "status"][..], &["keys", "list"], &["invoke", "pcm", "events/pcm-status.json"]]
    {
        let there = by_folder(folder.path(), question).expect("an answer");
        assert!(!there.is_empty());
        assert_eq!(named(question), Ok(there), "{question:?}");
    }
    // A function's refusal, a stack that is not there, what AWS has no call for.
    let refused = by_folder(folder.path(), &["consents", "expire-now"]).unwrap_err();
    assert!(refused.contains("by.name and by.reason"), "{refused}");
    assert_eq!(named(&["consents", "expire-now"]), Err(refused));
    let unknown = by_name(&stack, ANA, &["--stack", "nobody", "pcm", "status"]).unwrap_err();
    assert!(unknown.contains("Stack with id nobody does not exist"), "{unknown}");
    let local = named(&["tick", "sweep"]).unwrap_err();
    assert!(local.contains("leave --stack out"), "{local}");
}

#[tokio::test]
async fn t47_new_commands_run_by_invocation_and_leave_who_ordered_them() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let (world, callers) = (World::around(&stack).await, Callers::of(&stack));
    let cloud = Cloud::of(&stack, &callers);
    let token = world.client_token().await;
    let consent = world.create_consent(&token).await;
    let interaction = world.log_in(&consent).await;
    world.agree(&interaction).await;
    let ana = |reason: &'static str| ["--stack", "ponte", "consents", "--as", "ana", "--reason", reason];
    let named = |arguments: &[&str]| by_name(&stack, ANA, arguments);

    let kept = named(&[&ana("too early")[..], &["expire-now", &consent]].concat());
    assert_eq!(kept.as_deref(), Ok("0 consents changed; of 1 nothing is due"));
    assert_eq!(world.status(&token, &consent).await, "AUTHORISED", "nothing ends before its time");
    assert!(ordered(&cloud, "too early").await.is_empty());

    let told = named(&[&ana("lost")[..], &["resend-notices", &consent]].concat());
    assert_eq!(told.as_deref(), Ok("1 notices go out once more"));
    let row = |action: &str, operator: &str| (action.to_owned(), operator.to_owned(), consent.clone());
    assert_eq!(ordered(&cloud, "lost").await, [row("consent.notice_resent", "ana")]);
    let outbox = cloud.items(cloud.table("consents", "OUTBOX_TABLE")).await;
    let repeated = outbox.iter().filter(|item| {
        item["pk"]["S"].as_str().is_some_and(|pk| pk.contains("#EV#")) && item.contains_key("repeated")
    });
    assert_eq!(repeated.count(), 1, "marked as repeated");
    let beginning = clock::now().minus(std::time::Duration::from_hours(1)).with_millis();
    let told = by_folder(
        folder.path(),
        &["consents", "--as", "ana", "--reason", "period", "resend-notices", "--from", &beginning],
    );
    assert_eq!(told.as_deref(), Ok("1 notices go out once more"));
    assert_eq!(ordered(&cloud, "period").await, [row("consent.notice_resent", "ana")]);

    let day = clock::now().date_brasilia().plus_days(-1).to_string();
    let retaken = named(&["--stack", "ponte", "stock", "--as", "ana", "--reason", "night", "retake", &day]);
    let said = format!("{day}: 0 consents in force at 0 organisations, of 0 people and 0 companies");
    assert_eq!(retaken, Ok(said), "it was authorised today");
    let subject = format!("stock:{day}");
    assert_eq!(ordered(&cloud, "night").await, [("stock.retaken".to_owned(), "ana".to_owned(), subject)]);
    let today = clock::now().date_brasilia().to_string();
    let early = named(&["--stack", "ponte", "stock", "--as", "ana", "--reason", "night", "retake", &today]);
    assert!(early.unwrap_err().contains("the day is not over yet"));
}

#[tokio::test]
async fn t23_t47_every_family_of_commands_goes_by_queue_and_is_followed() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up_with(folder.path(), &["TwoOperatorCommands=consents.expire-now"]);
    let callers = Callers::of(&stack);
    let cloud = Cloud::of(&stack, &callers);
    let ana = |arguments: &[&str]| by_name(&stack, ANA, &[&["--stack", "ponte"], arguments].concat());
    let bruno = |arguments: &[&str]| by_name(&stack, BRUNO, &[&["--stack", "ponte"], arguments].concat());

    // From this machine and by name, waited for and followed later.
    let done = by_folder(folder.path(), &["pcm", "status", "--queue", "--wait", "--operation-id", "s-1"]);
    let done = done.expect("it is done");
    assert!(done.starts_with("s-1 pcm.status DONE") && done.contains("\"days\""), "{done}");
    for (other, which) in [("status", "the same order"), ("parked", "another order")] {
        let taken = ana(&["pcm", other, "--queue", "--wait", "--operation-id", "s-1"]).unwrap_err();
        assert!(taken.contains(which) && taken.contains("s-1 pcm.status DONE"), "{taken}");
    }
    let shown = ana(&["ops", "show", "s-1"]).expect("a record");
    assert_eq!(by_folder(folder.path(), &["ops", "show", "s-1"]), Ok(shown));
    let id = ana(&["consents", "--reason", "lost", "resend-notices", "urn:banco:none", "--queue"]);
    let followed = ana(&["ops", "follow", &id.expect("an id")]).expect("it is done");
    assert!(followed.contains("DONE") && followed.contains("there is no such consent"), "{followed}");
    let day = clock::now().date_brasilia().plus_days(-1).to_string();
    let order = ["stock", "--reason", "night", "retake", &day, "--queue", "--wait"];
    let retaken = ana(&order).expect("it is done");
    assert!(retaken.contains("\"consents\": 0"), "{retaken}");
    let signed = ordered(&cloud, "night").await;
    assert_eq!(signed, [("stock.retaken".to_owned(), ANA.to_owned(), format!("stock:{day}"))]);
    let proven = ana(&["audit", "prove", &day, "--queue", "--wait"]).expect("it is done");
    assert!(proven.contains("audit.prove DONE"), "{proven}");

    // A secret is nothing for a queue, and a refusal is an error.
    let key = ["keys", "--reason", "new", "issue", "app", "--scope", "pcm:read", "--queue", "--wait"];
    let refused = ana(&key).unwrap_err();
    assert!(refused.contains("REFUSED") && refused.contains("secret"), "{refused}");

    // Two operators.
    let alone = ana(&["consents", "--as", "ana", "--reason", "off", "expire-now"]).unwrap_err();
    assert!(alone.contains("two operators"), "{alone}");
    let order = ["consents", "--reason", "off", "expire-now", "--queue", "--operation-id", "e-1"];
    assert_eq!(ana(&order).as_deref(), Ok("e-1"));
    let waiting = loop {
        let listed = ana(&["ops", "list", "--state", "WAITING_APPROVAL"]).expect("a list");
        if listed != "there are no operations" {
            break listed;
        }
    };
    assert!(
        waiting.contains("e-1 consents.expire-now WAITING_APPROVAL") && waiting.contains(ANA),
        "{waiting}"
    );
    let approve = ["ops", "approve", "e-1", "--reason", "looked at it", "--follow", "--command"];
    let other = bruno(&[&approve[..], &["client.remove"]].concat()).unwrap_err();
    assert!(other.contains("e-1 orders consents.expire-now, not client.remove"), "{other}");
    let approved = bruno(&[&approve[..], &["consents.expire-now"]].concat());
    assert!(approved.expect("it is done").starts_with("e-1 consents.expire-now DONE"));
    let shown = ana(&["ops", "show", "e-1"]).expect("a record");
    assert!(shown.contains(&format!("approved by {BRUNO}")), "{shown}");
    let options = ana(&["ops", "list", "--wait"]).unwrap_err();
    assert!(options.contains("go with --queue"), "{options}");
}
