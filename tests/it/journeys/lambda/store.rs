//! Replies of the store that are lost, transactions that go on, conflicts, throttling and unprocessed items: waited out.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ponte_bank::channel::Decision;
use ponte_kit::intermediary::{Exchange, Intermediary};
use ponte_kit::stub::{Reply, Request};
use ponte_participant::Tokens;
use serde_json::{Value, json};

use super::environment::{CLOUD, ENDPOINT, Environment, address, code};
use super::gateway::Gateway;
use super::workers::{ROWS, repeated, tickets};
use crate::journeys::callers::Callers;
use crate::journeys::cloud::Cloud;
use crate::journeys::pcm::ReportPipeline;
use crate::journeys::steps::{World, device, interaction_in, want};
use crate::stack::Stack;

/// Tables whose rows a journey writes itself; reports are on their way elsewhere.
const OWN: [(&str, &str); 4] = [
    ("consents", "CONSENTS_TABLE"),
    ("channel", "INTERACTIONS_TABLE"),
    ("oauth", "GRANTS_TABLE"),
    ("oauth", "AUDIT_TABLE"),
];

/// The path of all transactions, for a fault.
const TRANSACTIONS: &str = "/TransactWriteItems/";
/// A place that no query of ours begins at.
const NOWHERE: &str = "nowhere";

/// The operation of DynamoDB; empty for another service's.
fn operation(request: &Request) -> &str {
    request.header("x-amz-target").strip_prefix("DynamoDB_20120810.").unwrap_or_default()
}

fn dynamodb_fault(kind: &str, rest: &Value) -> String {
    let mut fault = json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{kind}"), "message": "m" });
    for (name, value) in rest.as_object().into_iter().flatten() {
        fault[name] = value.clone();
    }
    fault.to_string()
}

fn conflict() -> String {
    let reasons = json!([{ "Code": "TransactionConflict", "Message": "m" }]);
    dynamodb_fault("TransactionCanceledException", &json!({ "CancellationReasons": reasons }))
}

#[tokio::test]
async fn lb08_a_transaction_whose_reply_was_lost_and_that_goes_on_is_asked_for_by_the_process() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let own = world.client_token().await;
    let callers = Callers::of(&stack);
    let cloud = Cloud::of(&stack, &callers);
    let tries = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&tries);
    let between = Intermediary::before(address(&stack, CLOUD), move |_, request| {
        if operation(request) != "TransactWriteItems" {
            return Exchange::Pass;
        }
        match count.fetch_add(1, Ordering::Relaxed) {
            0 => Exchange::Lose,
            1..=4 => {
                let going_on = dynamodb_fault("TransactionInProgressException", &Value::Null);
                Exchange::Answer(Reply::json(400, going_on))
            }
            _ => Exchange::Pass,
        }
    })
    .await;
    let rows = async || {
        let consents = cloud.items(cloud.table("consents", "CONSENTS_TABLE")).await.len();
        (consents, cloud.items(cloud.table("consents", "AUDIT_TABLE")).await.len())
    };
    let before = rows().await;
    let consents = Environment::calling(&stack, "consents", &[(ENDPOINT, between.url())]).await;
    let answer = consents.answer(Gateway::of(&stack).create_consent(&own).to_string()).await;
    assert_eq!(code(&answer).0, 201, "{answer}: {}", consents.log());
    assert_eq!(tries.load(Ordering::Relaxed), 6);
    let after = rows().await;
    assert_eq!((after.0 - before.0, after.1 - before.1), (1, 1), "written once");
}

/// Faults of the store that are ordered anew before every call, and what was met of them.
struct Faults<'w> {
    world: &'w World,
    orders: Vec<Value>,
    times: u64,
    ordered: Cell<bool>,
    /// By operation.
    met: RefCell<BTreeMap<String, u64>>,
}

impl<'w> Faults<'w> {
    fn of(world: &'w World, effect: &Value, times: u64, paths: &[String]) -> Self {
        let fault = |path: &String| {
            let mut fault = effect.clone();
            (fault["path"], fault["times"]) = (json!(path), json!(times));
            fault
        };
        let orders = paths.iter().map(fault).collect();
        Self { world, orders, times, ordered: Cell::default(), met: RefCell::default() }
    }

    async fn again(&self) {
        self.settle().await;
        for fault in &self.orders {
            self.world.order(CLOUD, fault).await;
        }
        self.ordered.set(true);
    }

    /// Takes them back and counts what was met.
    async fn settle(&self) {
        if !self.ordered.replace(false) {
            return;
        }
        let left = self.world.faults(CLOUD).await;
        self.world.clear(CLOUD).await;
        for fault in &self.orders {
            let left = left.iter().find(|other| other["path"] == fault["path"]);
            let left = left.and_then(|left| left["times"].as_u64()).unwrap_or_default();
            let operation =
                fault["path"].as_str().and_then(|path| path.split('/').nth(1)).unwrap_or_default();
            *self.met.borrow_mut().entry(operation.to_owned()).or_default() += self.times - left;
        }
    }

    fn met(&self, operation: &str) -> u64 {
        self.met.borrow().get(operation).copied().unwrap_or_default()
    }
}

/// Every write of a single item, by table, and the transactions.
fn writes(stack: &Stack) -> Vec<String> {
    let functions = stack.endpoints()["functions"].as_object().into_iter().flatten();
    let variables = functions.filter_map(|(_, function)| function["env"].as_object()).flatten();
    let tables = variables.filter(|(name, _)| name.ends_with("_TABLE"));
    let tables: BTreeSet<&str> = tables.filter_map(|(_, value)| value.as_str()).collect();
    let single = ["PutItem", "UpdateItem", "DeleteItem"];
    let single =
        single.iter().flat_map(|operation| tables.iter().map(move |table| format!("/{operation}/{table}")));
    single.chain([TRANSACTIONS.to_owned()]).collect()
}

#[tokio::test]
async fn t06_lb21_lb22_a_journey_notices_no_lost_reply_and_no_conflict_of_the_store() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let callers = Callers::of(&stack);
    let cloud = Cloud::of(&stack, &callers);
    let rows = async || {
        let mut rows = Vec::new();
        for (function, table) in OWN {
            rows.push(cloud.items(cloud.table(function, table)).await.len());
        }
        rows
    };
    let written = async |faults: &Faults<'_>| {
        let first = rows().await;
        journey(&world, faults).await;
        faults.settle().await;
        let then = rows().await;
        then.iter().zip(first).map(|(then, first)| then - first).collect::<Vec<_>>()
    };
    let lose = json!({ "kind": "lose_reply" });
    // At every write once, and at every transaction twice.
    let once = Faults::of(&world, &lose, 1, &writes(&stack));
    let twice = Faults::of(&world, &lose, 2, &[TRANSACTIONS.to_owned()]);
    let conflicts = json!({ "kind": "status", "status": 400, "body": conflict() });
    let conflicts = Faults::of(&world, &conflicts, 2, &[TRANSACTIONS.to_owned()]);
    let undisturbed = written(&Faults::of(&world, &lose, 1, &[])).await;
    for faults in [&once, &twice, &conflicts] {
        assert_eq!(written(faults).await, undisturbed, "nothing is written twice");
    }
    let puts = once.met("PutItem") + once.met("UpdateItem");
    assert!(once.met("TransactWriteItems") >= 5 && puts >= 6, "{:?}", once.met);
    for faults in [&twice, &conflicts] {
        assert!(faults.met("TransactWriteItems") >= 10, "{:?}", faults.met);
    }
}

/// A consent from its first call to its last token; the faults are ordered before each call.
async fn journey(world: &World, faults: &Faults<'_>) {
    let (receiver, heard) = (&world.receiver, "the institution answers");
    faults.again().await;
    let own = world.client_token().await;
    faults.again().await;
    let consent = world.create_consent(&own).await;
    faults.again().await;
    let authorization = receiver.begin(&consent);
    let pushed = receiver.push(&authorization, "accounts resources").await.expect(heard);
    let pushed = want(201, "par", pushed).json();
    faults.again().await;
    let url = receiver.authorization_url(pushed["request_uri"].as_str().expect("a request_uri"));
    let reply = want(303, "authorize", receiver.browse(&url).await.expect(heard));
    let interaction = interaction_in(&reply);
    faults.again().await;
    let customer = world.channel_token(0);
    want(200, "login", world.channel.login(&interaction, customer, &device()).await.expect(heard));
    faults.again().await;
    let yes = world.channel.consent(&interaction, &Decision::default(), &device()).await.expect(heard);
    let yes = want(200, "consent", yes).json();
    faults.again().await;
    let back = yes["data"]["redirectUri"].as_str().expect("a way back");
    let reply = want(303, "resume", receiver.browse(back).await.expect(heard));
    let location = reply.header("location").expect("a redirect has a location");
    let code = receiver.arrive(&authorization, location, &device()).expect("the redirect is good").code;
    faults.again().await;
    let reply = receiver.code_token(&authorization, &code).await.expect(heard);
    let tokens = Tokens::of(&want(200, "code", reply)).expect("tokens");
    faults.again().await;
    want(200, "accounts", world.accounts(&tokens.access, &consent).await);
    faults.again().await;
    let refresh = tokens.refresh.expect("a customer's grant has a refresh token");
    let fresh = want(200, "refresh", receiver.refresh(&refresh, &consent).await.expect(heard));
    let fresh = Tokens::of(&fresh).expect("tokens");
    faults.again().await;
    want(200, "accounts again", world.accounts(&fresh.access, &consent).await);
    faults.again().await;
    want(200, "revoke", receiver.revoke(&refresh, None).await.expect(heard));
}

/// What a store does twice to every request of its own before it answers.
#[derive(Default)]
struct Trouble {
    met: Mutex<HashMap<String, usize>>,
}

impl Trouble {
    /// Conflicts at transactions, queries that find nothing yet, items left over, and throttling and 500 in turn.
    fn of(&self, request: &Request) -> Exchange {
        let operation = operation(request);
        if operation.is_empty() {
            return Exchange::Pass;
        }
        let mut body: Value = serde_json::from_str(&request.body).unwrap_or_default();
        // A report is given 300 ms twice and goes into the log then (T64): it waits for nobody.
        if operation == "PutItem" && body["TableName"].as_str().is_some_and(|it| it.ends_with("OutboxTable"))
        {
            return Exchange::Pass;
        }
        // A count of calls that is perhaps written is not written again: nobody is refused for it.
        if operation == "UpdateItem"
            && body["TableName"].as_str().is_some_and(|it| it.ends_with("LimitsTable"))
        {
            return Exchange::Pass;
        }
        let begins_nowhere = body["ExclusiveStartKey"]["pk"]["S"] == NOWHERE;
        if let Some(members) = body.as_object_mut().filter(|_| begins_nowhere) {
            members.remove("ExclusiveStartKey");
        }
        let (met, kinds) = {
            let mut all = self.met.lock().expect("a lock");
            let kinds = all.len();
            let met = all.entry(format!("{operation} {body}")).or_default();
            *met += 1;
            (*met, kinds)
        };
        if met > 2 {
            return if begins_nowhere { Exchange::Instead(body.to_string()) } else { Exchange::Pass };
        }
        let nowhere = json!({ "pk": { "S": NOWHERE }, "sk": { "S": NOWHERE } });
        let (status, answer) = match operation {
            "TransactWriteItems" => (400, conflict()),
            "Query" | "Scan" => {
                let page = json!({ "Items": [], "Count": 0, "ScannedCount": 0, "LastEvaluatedKey": nowhere });
                (200, page.to_string())
            }
            "BatchGetItem" => {
                (200, json!({ "Responses": {}, "UnprocessedKeys": body["RequestItems"] }).to_string())
            }
            "BatchWriteItem" => (200, json!({ "UnprocessedItems": body["RequestItems"] }).to_string()),
            _ if kinds.is_multiple_of(2) => (400, dynamodb_fault("ThrottlingException", &Value::Null)),
            _ => (500, dynamodb_fault("InternalServerError", &Value::Null)),
        };
        Exchange::Answer(Reply::json(status, answer))
    }

    /// Operations that met it, each as often as it was asked.
    fn operations(&self) -> BTreeMap<String, usize> {
        let met = self.met.lock().expect("a lock");
        let mut operations = BTreeMap::<_, usize>::new();
        for (request, times) in met.iter() {
            let operation = request.split(' ').next().unwrap_or_default().to_owned();
            assert!(*times > 2, "given up after {times}: {request}");
            *operations.entry(operation).or_default() += times;
        }
        operations
    }
}

#[tokio::test]
async fn t11_lb22_conflicts_throttling_and_unprocessed_items_twice_in_a_row_are_waited_out_by_every_process()
{
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let own = world.client_token().await;
    let consent = world.create_consent(&own).await;
    let tokens = world.agree(&world.log_in(&consent).await).await;
    let interaction = world.depart(&world.create_consent(&own).await).await.interaction;
    let pipeline = ReportPipeline::of(&stack);
    pipeline.sweep().await;
    pipeline.drain(60).await;
    let accepted = pipeline.counts().await.accepted;
    pipeline.write_all(&pipeline.many(ROWS)).await;

    let trouble = Arc::new(Trouble::default());
    let rule = Arc::clone(&trouble);
    let between = Intermediary::before(address(&stack, CLOUD), move |_, request| rule.of(request)).await;
    let variables = [(ENDPOINT, between.url())];
    let started = async |function: &str| Environment::calling(&stack, function, &variables).await;
    let (data, oauth, channel) = (started("data").await, started("oauth").await, started("channel").await);
    let (consents, listing, pcm) =
        (started("consents").await, started("consents").await, started("pcm").await);
    let served = async |environment: &Environment, status: u64, call: Value| {
        let answer = environment.answer(call.to_string()).await;
        assert_eq!(code(&answer).0, status, "{answer}: {}", environment.log());
        answer
    };
    let gateway = Gateway::of(&stack);
    let sending = async {
        let answer = pcm.answer(tickets().to_string()).await;
        assert_eq!(answer["batchItemFailures"], json!([]), "{}", pcm.log());
    };
    let (_, _, _, _, listed, ()) = tokio::join!(
        served(&data, 200, gateway.accounts(&tokens.access)),
        served(&consents, 201, gateway.create_consent(&own)),
        served(&oauth, 200, gateway.client_token()),
        served(&channel, 200, gateway.login(&interaction, world.channel_token(0))),
        served(&listing, 200, gateway.list()),
        sending,
    );
    assert!(
        listed["body"].as_str().is_some_and(|body| body.contains(&consent)),
        "followed to its end: {listed}"
    );
    // Besides the reports of the other calls, each once.
    let (sent, summary) = (pipeline.counts().await.accepted - accepted, pipeline.summary().await);
    assert!(sent >= ROWS as u64 && repeated(&summary) == 0, "{sent} reports: {summary:#}");
    let operations = trouble.operations();
    for operation in ["TransactWriteItems", "Query", "BatchGetItem", "BatchWriteItem", "GetItem", "PutItem"] {
        assert!(operations.contains_key(operation), "{operation}: {operations:?}");
    }
}
