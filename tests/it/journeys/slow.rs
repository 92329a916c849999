//! T63 and T64 over a running stack: a bank that hangs on one operation, and a store that hangs, closes or throttles at the
//! report, at the read and at the commit.

use std::path::Path;
use std::time::Duration;

use ponte_participant::DataRequest;
use ponte_web::caller::Reply;
use serde_json::{Value, json};

use super::callers::Callers;
use super::cloud::Cloud;
use super::steps::{ACCOUNTS, World, want};
use crate::stack::{self, Stack};

/// Calls without an answer after which a participant is held back.
const FAILURES: usize = 5;
/// Most looks for an answer, one every 250 ms: the pause of a breaker is 5 s at first.
const LOOKS: usize = 240;

/// A customer who shares her accounts.
struct Scene {
    world: World,
    own: String,
    token: String,
    consent: String,
}

impl Scene {
    async fn set(stack: &Stack) -> Self {
        let world = World::around(stack).await;
        let own = world.client_token().await;
        let consent = world.create_consent(&own).await;
        let token = world.agree(&world.log_in(&consent).await).await.access;
        Self { world, own, token, consent }
    }

    async fn get(&self, path: &str) -> Reply {
        let (token, consent) = (&self.token, &self.consent);
        let asked = DataRequest { path, template: ACCOUNTS, token, consent, without_interaction: false };
        self.world.receiver.get(&asked).await.expect("the data API answers")
    }
}

const BANK: &str = "/bank_core";
const STORE: &str = "/aws/endpoint_url";

#[tokio::test]
async fn t63_a_bank_that_hangs_on_one_operation_is_left_alone_and_starves_nobody() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let scene = Scene::set(&stack).await;
    let listed = want(200, "accounts", scene.get(ACCOUNTS).await).json();
    let account = listed["data"][0]["accountId"].as_str().expect("an account").to_owned();
    let balances = format!("{ACCOUNTS}/{account}/balances");
    want(200, "balances", scene.get(&balances).await);

    // As many silences as hold the participant back: whoever asks after them would be answered.
    scene
        .world
        .order(BANK, &json!({ "kind": "hang", "path": "/accounts/balances", "times": FAILURES }))
        .await;
    for _ in 0..FAILURES {
        want(504, "balances of a silent bank", scene.get(&balances).await);
    }
    assert_eq!(scene.world.faults(BANK).await.len(), 0, "every silence was heard");
    let turned_away = want(504, "nobody asks", scene.get(&balances).await);
    assert!(turned_away.header("retry-after").is_some_and(|wait| wait.parse::<u32>().is_ok()));
    // Everything else is answered as ever.
    want(200, "accounts", scene.get(ACCOUNTS).await);
    want(200, "account", scene.get(&format!("{ACCOUNTS}/{account}")).await);
    want(200, "resources", scene.get("/open-banking/resources/v3/resources").await);
    want(404, "an unknown account", scene.get(&format!("{ACCOUNTS}/unknown/balances")).await);
    // What is known of it outlives every environment.
    let callers = Callers::of(&stack);
    let cloud = Cloud::of(&stack, &callers);
    let rows = cloud.items(cloud.table("data", "LAYER_TABLE")).await;
    let row = rows[0]["body"]["S"].as_str().and_then(|body| serde_json::from_str::<Value>(body).ok());
    let row = row.expect("the row of the operation");
    assert_eq!((rows.len(), &row["operation"]), (1, &json!("/accounts/balances")));
    // One participant is held back alone; with a second one that met the silence it would be everybody.
    assert!(row["clients"][0]["until"].is_string() && row["openUntil"].is_null(), "{row}");

    let mut looks = 0;
    while scene.get(&balances).await.status != 200 {
        looks += 1;
        assert!(looks < LOOKS, "the breaker does not close");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

#[tokio::test]
async fn t64_a_store_that_fails_at_the_report_costs_no_answer_and_the_report_comes_back_from_the_log() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let scene = Scene::set(&stack).await;
    let callers = Callers::of(&stack);
    let cloud = Cloud::of(&stack, &callers);
    let outbox = cloud.table("data", "OUTBOX_TABLE").to_owned();
    let path = format!("/PutItem/{outbox}");
    let before = cloud.items(&outbox).await.len();
    // The put hangs and hangs again; it hangs after it was done; every connection closes.
    for (kind, times) in [("hang", 2), ("hang_after", 2), ("close", 100)] {
        scene.world.order(STORE, &json!({ "kind": kind, "path": path, "times": times })).await;
        want(200, kind, scene.get(ACCOUNTS).await);
        scene.world.clear(STORE).await;
    }
    let stored = cloud.items(&outbox).await.len() - before;
    assert_eq!(stored, 1, "the one whose answers were lost");
    let lines = folder.path().join("logs/data.log");
    let restored = |file: &Path| {
        let path = file.to_str().expect("a path");
        let by = ["--as", "ana.souza", "--reason", "a journey"];
        let output = stack::run(folder.path(), &[&["pcm", "restore", path][..], &by].concat());
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    assert_eq!(
        restored(&lines),
        "2 reports are in the outbox again; 1 were stored before; 0 would be refused"
    );
    assert_eq!(cloud.items(&outbox).await.len() - before, 3, "none is lost");
    assert_eq!(
        restored(&lines),
        "0 reports are in the outbox again; 3 were stored before; 0 would be refused"
    );
    assert_eq!(cloud.items(&outbox).await.len() - before, 3, "and none comes twice");
}

#[tokio::test]
async fn t64_a_store_that_hangs_throttles_or_closes_is_answered_in_time_with_nothing_half_done() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let scene = Scene::set(&stack).await;
    let callers = Callers::of(&stack);
    let cloud = Cloud::of(&stack, &callers);
    let consents = cloud.table("data", "CONSENTS_TABLE").to_owned();
    let read = format!("/GetItem/{consents}");
    // Below the 15 s of the caller, who would not answer here otherwise.
    scene.world.order(STORE, &json!({ "kind": "hang", "path": read })).await;
    want(504, "a read that hangs", scene.get(ACCOUNTS).await);
    scene.world.clear(STORE).await;
    let throttled = json!({ "__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException" }).to_string();
    scene
        .world
        .order(STORE, &json!({ "kind": "status", "status": 400, "body": throttled, "path": read }))
        .await;
    let reply = want(529, "a read that is throttled", scene.get(ACCOUNTS).await);
    assert_eq!(reply.header("retry-after"), Some("2"));
    scene.world.clear(STORE).await;
    want(200, "as ever", scene.get(ACCOUNTS).await);

    let audit = cloud.table("consents", "AUDIT_TABLE").to_owned();
    let counts = async || (cloud.items(&consents).await.len(), cloud.items(&audit).await.len());
    let before = counts().await;
    for (kind, status) in [("hang", 504), ("close", 500)] {
        scene.world.order(STORE, &json!({ "kind": kind, "path": "/TransactWriteItems/" })).await;
        let asked = ponte_participant::NewConsent {
            cpf: stack.text("/customers/0/cpf"),
            cnpj: None,
            permissions: &["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"],
            expires: None,
        };
        let reply = scene.world.receiver.create_consent(&scene.own, &asked).await;
        want(status, kind, reply.expect("the consents API answers"));
        scene.world.clear(STORE).await;
        assert_eq!(counts().await, before, "{kind}: nothing is half done");
    }
    scene.world.create_consent(&scene.own).await;
    let after = counts().await;
    assert_eq!((after.0 - before.0, after.1 - before.1), (1, 1), "a consent and its audit row");
}
