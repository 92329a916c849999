//! The four faults that a service in production has, delay, hang, throttling and a reply that is lost, at each of the three services, and
//! what the participant sees of it: T62 and T64.

use ponte_participant::{DataRequest, NewConsent};
use ponte_web::caller::Reply;
use serde_json::{Value, json};

use super::callers::Callers;
use super::cloud::Cloud;
use super::steps::{ACCOUNTS, PERMISSIONS, World, want};
use crate::processes;
use crate::stack::{self, Stack};

const CLOUD: &str = "/aws/endpoint_url";

/// A customer who shares her accounts with the first participant.
struct Scene {
    stack: Stack,
    world: World,
    own: String,
    consent: String,
    token: String,
}

impl Scene {
    async fn set(stack: Stack) -> Self {
        let world = World::around(&stack).await;
        let own = world.client_token().await;
        let consent = world.create_consent(&own).await;
        let token = world.agree(&world.log_in(&consent).await).await.access;
        Self { stack, world, own, consent, token }
    }

    async fn accounts(&self) -> Reply {
        let (token, consent) = (&self.token, &self.consent);
        let asked =
            DataRequest { path: ACCOUNTS, template: ACCOUNTS, token, consent, without_interaction: false };
        self.world.receiver.get(&asked).await.expect("the data API answers")
    }

    async fn new_consent(&self) -> Reply {
        let cpf = self.stack.text("/customers/0/cpf");
        let asked = NewConsent { cpf, cnpj: None, permissions: &PERMISSIONS, expires: None };
        let reply = self.world.receiver.create_consent(&self.own, &asked).await;
        reply.expect("the consents API answers")
    }

    /// A fault at the calls of a service whose path begins so, for so many of them; until it is taken back without.
    async fn order(&self, service: &str, path: &str, kind: &str, times: Option<u32>) {
        let mut fault = json!({ "service": service, "path": path, "kind": kind, "milliseconds": 300 });
        if let Some(times) = times {
            fault["times"] = times.into();
        }
        self.world.order(CLOUD, &fault).await;
    }

    /// Takes them back; all that were counted were met.
    async fn over(&self) {
        let counted = self.world.faults(CLOUD).await.into_iter().filter(|fault| fault["times"].is_u64());
        assert_eq!(counted.collect::<Vec<_>>(), Vec::<Value>::new(), "every fault was met");
        self.world.clear(CLOUD).await;
    }
}

#[tokio::test]
async fn t64_each_fault_of_the_store_is_waited_out_or_answered_in_time_and_a_commit_is_done_once() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let scene = Scene::set(Stack::up(folder.path())).await;
    let callers = Callers::of(&scene.stack);
    let cloud = Cloud::of(&scene.stack, &callers);
    let consents = cloud.table("data", "CONSENTS_TABLE").to_owned();
    let audit = cloud.table("consents", "AUDIT_TABLE").to_owned();
    let rows = async || (cloud.items(&consents).await.len(), cloud.items(&audit).await.len());
    let (read, commit) = (format!("/GetItem/{consents}"), "/TransactWriteItems/");

    scene.order("dynamodb", &read, "delay", Some(1)).await;
    want(200, "a read that comes later", scene.accounts().await);
    scene.over().await;
    scene.order("dynamodb", &read, "throttle", None).await;
    let throttled = want(529, "a read that is throttled", scene.accounts().await);
    assert_eq!(throttled.header("retry-after"), Some("2"));
    scene.over().await;
    scene.order("dynamodb", &read, "hang", None).await;
    want(504, "a read that hangs", scene.accounts().await);
    scene.over().await;
    scene.order("dynamodb", &read, "lose_reply", Some(1)).await;
    want(200, "a read whose reply was lost", scene.accounts().await);
    scene.over().await;

    let before = rows().await;
    scene.order("dynamodb", commit, "throttle", None).await;
    let throttled = want(529, "a commit that is throttled", scene.new_consent().await);
    assert_eq!(throttled.header("retry-after"), Some("2"));
    scene.over().await;
    scene.order("dynamodb", commit, "hang", None).await;
    want(504, "a commit that hangs", scene.new_consent().await);
    scene.over().await;
    assert_eq!(rows().await, before, "nothing is half done");
    for (kind, times) in [("delay", 1), ("lose_reply", 1), ("lose_reply", 2)] {
        let before = rows().await;
        scene.order("dynamodb", commit, kind, Some(times)).await;
        want(201, kind, scene.new_consent().await);
        scene.over().await;
        let after = rows().await;
        assert_eq!((after.0 - before.0, after.1 - before.1), (1, 1), "{kind} {times}: done once");
    }
}

#[tokio::test]
async fn t64_each_fault_of_the_secrets_is_waited_out_or_costs_the_call_that_starts_a_function_alone() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let scene = Scene::set(Stack::up(folder.path())).await;
    let started_anew = async |kind: &str, times: Option<u32>| {
        assert!(processes::kill_functions(&scene.stack, "data") > 0, "the function was at work");
        // Until the local cloud has seen that they are gone.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        scene.order("secretsmanager", "/GetSecretValue/", kind, times).await;
        let reply = scene.accounts().await;
        scene.over().await;
        reply
    };
    for (kind, times) in [("delay", 2), ("throttle", 2), ("hang", 1), ("lose_reply", 2)] {
        want(200, kind, started_anew(kind, Some(times)).await);
        // Whoever reads while the function lives has what it needs.
        scene.order("secretsmanager", "", "hang", None).await;
        want(200, "a function that runs", scene.accounts().await);
        scene.over().await;
    }
    for kind in ["throttle", "hang"] {
        // The function ends within the time of its start and names the secret; the gateway answers for it.
        let reply = want(500, kind, started_anew(kind, None).await);
        assert_eq!(reply.json()["message"], "Internal Server Error", "{kind}");
        want(200, "the next call", scene.accounts().await);
    }
    let log = std::fs::read_to_string(folder.path().join("logs/data.log")).expect("the function has a log");
    assert!(
        log.lines().any(|line| line.contains("function did not start") && line.contains("secrets")),
        "{log}"
    );
}

#[tokio::test]
async fn t62_no_fault_of_the_queues_is_seen_by_a_participant_and_no_report_is_lost_or_sent_twice() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let scene = Scene::set(Stack::up(folder.path())).await;
    let mut interactions = Vec::new();
    for (kind, times) in [("delay", 1), ("throttle", 2), ("hang", 1), ("lose_reply", 1)] {
        scene.order("sqs", "/SendMessageBatch/", kind, Some(times)).await;
        let reply = want(200, kind, scene.accounts().await);
        interactions.push(reply.header("x-fapi-interaction-id").expect("the id is mirrored").to_owned());
        scene.world.sweep_until_all_arrived(&interactions).await;
        scene.over().await;
    }
    let summary = scene.world.summary(&interactions).await;
    assert_eq!(summary["private"]["byRole"]["SERVER"], interactions.len(), "{summary}");
    assert_eq!(summary["private"]["repeated"], 0, "{summary}");
}

#[tokio::test]
async fn a_person_at_the_command_line_orders_faults_and_takes_them_back() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let scene = Scene::set(Stack::up(folder.path())).await;
    let run = |words: &[&str]| {
        let output = stack::run(folder.path(), &[&["faults"], words].concat());
        assert!(output.status.success(), "{words:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    let none = "no orders are in force";
    assert_eq!(run(&["list"]), none);
    run(&["order", "dynamodb", "throttle", "--path", "/GetItem/"]);
    for server in ["sqs", "secretsmanager", "bank-core", "directory", "pcm-auth", "pcm-api", "participant"] {
        run(&["order", server, "hang", "--path", "/nothing"]);
    }
    want(529, "throttled by order", scene.accounts().await);
    let listed = run(&["list"]);
    assert_eq!(listed.lines().count(), 8, "{listed}");
    assert!(listed.starts_with("dynamodb: ") && listed.contains("\nsecretsmanager: "), "{listed}");
    assert_eq!(run(&["clear", "bank-core"]), none);
    assert_eq!(run(&["list"]).lines().count(), 7);
    run(&["clear"]);
    assert_eq!(run(&["list"]), none);
    want(200, "as ever", scene.accounts().await);
}
